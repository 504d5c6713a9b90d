"""The words of a template: {변수} filled in. Pure, bounded; what is missing is said in Korean."""

import re
from collections.abc import Iterable, Mapping

#: {이름}: letters of any script, figures, spaces and a middle dot within, up to 20.
NAME = r"[^\W_](?:[\w ·]{0,18}\w)?"
VARIABLE = re.compile(rf"\{{({NAME})\}}")
#: Letters of one value. A variable is a place, a time or a name, not a text of its own.
LONGEST_VALUE = 60
MOST_VARIABLES = 12

BRACES = (
    "중괄호 { }는 {마을}, {날짜}처럼 이름 하나를 감쌀 때만 쓸 수 있습니다. "
    "이름은 글자와 숫자로 20자 안입니다."
)
TOO_MANY = f"빈칸은 {MOST_VARIABLES}개까지 쓸 수 있습니다."


class BadWording(ValueError):
    """Its text says in Korean what to do. `name`: the variable that is at fault, or ""."""

    def __init__(self, words: str, name: str = "") -> None:
        super().__init__(words)
        self.name = name


def variables(texts: Iterable[str]) -> list[str]:
    """The names in the order in which they are met, each once."""
    return list(dict.fromkeys(name for text in texts for name in VARIABLE.findall(text)))


def check(texts: Iterable[str]) -> None:
    """Whether these can be the words of a template. Raises BadWording."""
    texts = list(texts)
    for text in texts:
        if re.search(r"[{}]", VARIABLE.sub("", text)):
            raise BadWording(BRACES)
    if len(variables(texts)) > MOST_VARIABLES:
        raise BadWording(TOO_MANY)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each variable's value. Raises BadWording for one that is missing, empty or too long, and for a
    value that would itself be a variable."""

    def value_of(m: re.Match[str]) -> str:
        return clean(m[1], values.get(m[1], ""))

    return VARIABLE.sub(value_of, text)


def clean(name: str, value: str) -> str:
    """One value on one line. Raises BadWording."""
    value = " ".join(value.split())
    if not value:
        raise BadWording(f"빈칸 ‘{name}’에 들어갈 말을 적어 주세요.", name)
    if len(value) > LONGEST_VALUE:
        raise BadWording(f"빈칸 ‘{name}’이(가) 너무 깁니다. {LONGEST_VALUE}자 안으로 줄여 주세요.", name)
    if re.search(r"[{}]", value):
        raise BadWording(f"빈칸 ‘{name}’에는 중괄호 {{ }}를 쓸 수 없습니다.", name)
    return value


def half_filled(text: str, values: Mapping[str, str]) -> str:
    """For looking at while it is being filled in: what is not there yet, or cannot be, shows as its name."""

    def value_of(m: re.Match[str]) -> str:
        try:
            return clean(m[1], values.get(m[1], ""))
        except BadWording:
            return f"[{m[1]}]"

    return VARIABLE.sub(value_of, text)
