"""The forms of a page, and how somebody may send them: as they stand, emptied, and asking for somebody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

TYPED = frozenset({"text", "search", "tel", "date", "number", "email", "url", "textarea"})


@dataclass
class Field:
    name: str
    kind: str
    value: str


@dataclass
class Form:
    """`presses`: (name, value) of each button that sends it; ("", "") for one without a name."""

    path: str
    fields: list[Field] = field(default_factory=list)
    presses: list[tuple[str, str]] = field(default_factory=list)

    def shape(self) -> tuple[object, ...]:
        return self.path.split("?")[0], *sorted({one.name for one in self.fields}), *self.presses

    def sendings(self, who: dict[str, str]) -> Iterator[dict[str, list[str]]]:
        """What somebody may send. `who`: what they type where a name, a phone or a date is asked for."""
        for press in self.presses or [("", "")]:
            for typed in (None, {}, who):
                sent: dict[str, list[str]] = {}
                for one in self.fields:
                    value = one.value
                    if typed is not None and one.kind in TYPED:
                        value = typed.get(_asks_for(one), "")
                    sent.setdefault(one.name, []).append(value)
                if press[0]:
                    sent[press[0]] = [press[1]]
                yield sent


def _asks_for(one: Field) -> str:
    if one.kind == "date" or "birth" in one.name:
        return "date"
    return "phone" if one.kind == "tel" or "phone" in one.name else "name"


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, []
        self.form: Form | None = None
        self.area: Field | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = said.get("method", "").lower() == "post"
            self.form = Form(urljoin(self.path, said.get("action", ""))) if posts else None
            if self.form:
                self.forms.append(self.form)
        if self.form is None:
            return
        name, value = said.get("name", ""), said.get("value", "")
        kind = said.get("type", "submit" if tag == "button" else "text")
        if tag in ("button", "input") and kind == "submit":
            self.form.presses.append((name, value))
        elif tag == "input" and name and kind not in ("file", "button", "image"):
            if kind not in ("checkbox", "radio") or "checked" in said:
                self.form.fields.append(Field(name, kind, value or ("on" if kind == "checkbox" else "")))
        elif tag == "textarea" and name:
            self.area = Field(name, "textarea", "")
            self.form.fields.append(self.area)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in said:
            self.form.fields.append(Field(self.select, "select", value))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = ""


def forms(path: str, page: str) -> list[Form]:
    """Those that are sent by POST within the portal."""
    reader = _Reader(path)
    reader.feed(page)
    return [one for one in reader.forms if one.path.startswith("/")]
