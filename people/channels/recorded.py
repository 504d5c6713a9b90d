"""For the demo and tests: sends nothing. The text stays in its row, where the demo's pages show it."""


class Channel:
    def __init__(self) -> None:
        #: (to, text, key) of what this process was asked.
        self.asked: list[tuple[str, str, str]] = []

    def accepts(self, to: str) -> bool:
        return True

    def send(self, to: str, text: str, key: str) -> str:
        self.asked.append((to, text, key))
        return f"recorded-{len(self.asked)}"
