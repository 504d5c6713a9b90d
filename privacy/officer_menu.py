"""What the menu of the privacy officer's team shows, in the order of the day's work."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Line:
    """`name`: of the address (in privacy/, if it says nothing else), and of the page that says it is here."""

    name: str
    words: str


LINES = (
    Line("requests", "열람·정정·삭제 요구"),
    Line("erasures", "파기"),
    Line("reviews", "접속기록 점검"),
    Line("downloads", "내려받은 까닭"),
    Line("rights", "누가 볼 수 있었나"),
    Line("breaches", "유출 대응"),
    Line("people:privacy_calls", "전화할 일"),
    Line("contractors", "위탁 업체"),
    Line("keys", "암호 열쇠"),
    Line("notice", "처리방침"),
    Line("evidence", "보호수준 평가"),
)


def menu(here: str) -> list[tuple[str, str, bool]]:
    """(address, words, whether one is there) of each page."""
    found = []
    for line in LINES:
        try:
            found.append(
                (
                    reverse(line.name if ":" in line.name else f"privacy:{line.name}"),
                    line.words,
                    line.name == here,
                )
            )
        except NoReverseMatch:
            continue
    return found
