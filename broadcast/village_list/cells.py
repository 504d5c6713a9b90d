"""One cell into a value. What cannot be right becomes a Problem that says how to mend it. Pure."""

import re
from dataclasses import dataclass

from ..gateways import DRIVERS
from .file import LONGEST_CELL

#: Boxes around the city with room to spare: whatever lies outside is a slip of the hand.
LATITUDES, LONGITUDES = (34.0, 36.5), (126.5, 129.5)
CODE = re.compile(r"[A-Za-z0-9가-힣][A-Za-z0-9가-힣._-]*")
#: What a device's code may be: it stands in headers and addresses.
DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
SHORTENED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in a line (number as an editor shows it) and how to mend it, both in Korean."""

    line: int
    column: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        return f"{self.line}번째 줄, {self.column}: {self.wrong} → {self.mend}"


class Wrong(ValueError):
    """`args`: what is wrong and how to mend it."""


def plain(text: str) -> str:
    """The text, unless Excel would run it or has already failed to."""
    if text.startswith(("=", "+", "-", "@")):
        raise Wrong(f"'{shown(text)}'은(는) 수식처럼 보입니다.", "수식 대신 값을 적어 주세요.")
    if text.startswith("#"):
        raise Wrong(f"'{shown(text)}'은(는) 엑셀의 오류 표시입니다.", "올바른 값을 적어 주세요.")
    if SHORTENED.fullmatch(text):
        raise Wrong(
            f"엑셀이 숫자를 '{text}'(으)로 줄였습니다.", "칸 서식을 '텍스트'로 바꾸고 다시 적어 주세요."
        )
    if len(text) > LONGEST_CELL or not text.isprintable():
        raise Wrong("너무 길거나 읽을 수 없는 글자가 있습니다.", "칸의 내용을 다시 적어 주세요.")
    return text


def shown(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"


def code(text: str) -> str:
    if not text:
        raise Wrong("비어 있습니다.", "마을마다 다른 코드를 적어 주세요.")
    if len(text) > 20 or not CODE.fullmatch(text):
        raise Wrong(
            f"'{shown(text)}'은(는) 쓸 수 없는 코드입니다.", "글자, 숫자, - . _ 로 20자까지 적어 주세요."
        )
    return text


def name(text: str) -> str:
    if not text:
        raise Wrong("비어 있습니다.", "마을 이름을 적어 주세요.")
    if len(text) > 40:
        raise Wrong("이름이 너무 깁니다.", "40자까지 적어 주세요.")
    return text


def degrees(text: str, bounds: tuple[float, float], example: str) -> float:
    if not text:
        raise Wrong("비어 있습니다.", f"도 단위로 적어 주세요. 예: {example}")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,15})?", text):
        raise Wrong(f"'{shown(text)}'은(는) 숫자가 아닙니다.", f"도 단위 숫자로 적어 주세요. 예: {example}")
    value = float(text)
    if not bounds[0] <= value <= bounds[1]:
        other = LATITUDES if bounds == LONGITUDES else LONGITUDES
        if other[0] <= value <= other[1]:
            raise Wrong(
                "위도와 경도가 바뀐 것 같습니다.",
                "위도는 35.2, 경도는 128.1 가까이입니다. 두 칸을 바꿔 주세요.",
            )
        raise Wrong(f"{text}은(는) 진주시에서 너무 멉니다.", f"도 단위로 다시 확인해 주세요. 예: {example}")
    return value


def homes(text: str) -> int | None:
    if not text:
        return None
    digits = re.sub(r"가구$|,|\.0+$", "", text)
    if not re.fullmatch(r"[0-9]{1,5}", digits):
        raise Wrong(f"'{shown(text)}'은(는) 가구 수가 아닙니다.", "숫자만 적거나 비워 두세요. 예: 85")
    return int(digits)


def device(text: str) -> str:
    if text and not DEVICE.fullmatch(text):
        raise Wrong(
            f"'{shown(text)}'은(는) 쓸 수 없는 번호입니다.",
            "영문, 숫자, - _ 로 40자까지 적어 주세요. 예: JJ-0001",
        )
    return text


def address(text: str) -> str:
    """No slash at its end. Whether the device's driver can read it, broadcast/villages.py asks."""
    if len(text) > 200 or not text.isascii() or re.search(r"[\s\\]", text):
        raise Wrong(
            f"'{shown(text)}'은(는) 쓸 수 없는 주소입니다.", "띄어쓰기와 한글 없이 200자까지 적어 주세요."
        )
    return text.rstrip("/")


def driver(text: str) -> str:
    if text and text not in DRIVERS:
        raise Wrong(
            f"'{shown(text)}'은(는) 모르는 방식입니다.",
            f"다음 가운데 하나를 적어 주세요: {', '.join(DRIVERS)}",
        )
    return text or DRIVERS[0]
