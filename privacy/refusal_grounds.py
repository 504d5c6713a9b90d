"""Why a request may be refused, by the law, in plain words; and what somebody can do who does not agree."""

from dataclasses import dataclass

from .models import Request

Kind = Request.Kind


@dataclass(frozen=True)
class Ground:
    article: str
    words: str
    kinds: tuple[str, ...]


_ALL_LOOKS = (Kind.COPY,)
GROUNDS = {
    "forbidden": Ground(
        "개인정보 보호법 제35조 제4항 제1호", "법률이 열람을 막거나 제한하고 있습니다.", _ALL_LOOKS
    ),
    "others": Ground(
        "개인정보 보호법 제35조 제4항 제2호",
        "다른 사람의 생명이나 몸을 해치거나, 재산과 이익을 부당하게 침해할 우려가 있습니다.",
        _ALL_LOOKS,
    ),
    "duty": Ground(
        "개인정보 보호법 제35조 제4항 제3호",
        "조세, 시험과 자격 심사, 보상금 심사, 감사와 조사처럼 지금 하고 있는 공공 업무에 큰 지장이 생깁니다.",
        _ALL_LOOKS,
    ),
    "kept_by_law": Ground(
        "개인정보 보호법 제36조 제1항",
        "다른 법령이 모아 두도록 정한 정보여서 지울 수 없습니다. 그 기간이 지나면 지웁니다.",
        (Kind.ERASE,),
    ),
    "correct": Ground(
        "개인정보 보호법 제36조 제2항", "살펴본 결과 적혀 있는 것이 사실과 같습니다.", (Kind.CORRECT,)
    ),
    "law": Ground(
        "개인정보 보호법 제37조 제2항 제1호",
        "법률이 정한 의무를 지키려면 써야 하는 정보입니다.",
        (Kind.STOP,),
    ),
    "stop_others": Ground(
        "개인정보 보호법 제37조 제2항 제2호",
        "다른 사람의 생명이나 몸을 해치거나, 재산과 이익을 부당하게 침해할 우려가 있습니다.",
        (Kind.STOP,),
    ),
    "stop_duty": Ground(
        "개인정보 보호법 제37조 제2항 제3호",
        "쓰지 않으면 법률이 정한 시의 일을 할 수 없습니다.",
        (Kind.STOP,),
    ),
}
#: Always told with a refusal.
REMEDIES = (
    "이 답이 맞지 않다고 생각하시면 시청 개인정보 보호 담당에게 이의를 말씀하실 수 있습니다.",
    "개인정보 분쟁조정위원회(1833-6972)에 조정을, 개인정보침해 신고센터(국번 없이 118)에 상담을 청하실 수 있습니다.",
    "행정심판이나 행정소송을 내실 수도 있습니다.",
)


def choices(kind: str) -> list[tuple[str, str]]:
    """For a form: those that the law knows for this kind of request."""
    return [(key, f"{one.words} ({one.article})") for key, one in GROUNDS.items() if kind in one.kinds]
