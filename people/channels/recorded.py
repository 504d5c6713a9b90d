"""For the demo and tests: sends nothing. The text stays in its row, where the demo's pages show it. As in a real city
a landline gets no text."""

from ..phones import is_mobile


class Channel:
    def __init__(self) -> None:
        #: (to, text, key) of what this process was asked.
        self.asked: list[tuple[str, str, str]] = []

    def accepts(self, to: str, template: str) -> bool:
        return "@" in to or is_mobile(to)

    def send(self, to: str, text: str, key: str, template: str) -> str:
        self.asked.append((to, text, key))
        return f"recorded-{len(self.asked)}"
