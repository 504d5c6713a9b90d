def as_read(text: str) -> str:
    return text
