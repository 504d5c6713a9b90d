"""Drafts of what must be said of a breach, with every item that the law wants. Pure.

개인정보 보호법 제34조 제1항 (people), 시행령 제40조 (authority), 시행령 제39조 (posting for thirty days, where nobody
can be reached).
"""

from datetime import datetime
from typing import Any

#: People from which on the authority must be told (시행령 제40조 제1항).
MANY = 1_000
POSTED_DAYS = 30
HOW_TO_REPORT = "개인정보 보호위원회 또는 한국인터넷진흥원(privacy.go.kr)"


def must_report(people: int, *, sensitive: bool, from_outside: bool) -> list[str]:
    """Why the authority must be told within 72 hours; none: it need not."""
    why = []
    if people >= MANY:
        why.append(f"{people:,}명으로 {MANY:,}명이 넘습니다.")
    if sensitive:
        why.append("민감정보가 들어 있습니다.")
    if from_outside:
        why.append("밖에서 불법으로 들어왔습니다.")
    return why


def _day(at: datetime) -> str:
    return f"{at.year}년 {at.month}월 {at.day}일 {at.hour}시 {at.minute}분"


def _when(since: datetime, until: datetime) -> str:
    return f"{_day(since)}부터 {_day(until)} 사이"


HEADS = {
    "possible": "개인정보가 유출되었을 가능성이 있습니다",
    "confirmed": "개인정보가 유출되었습니다",
}


def to_people(
    *, kind: str, again: bool, what: str, since: datetime, until: datetime, how: str, city: str, phone: str
) -> str:
    """`kind`: possible, confirmed or all_clear. `again`: they were told something before."""
    hello = f"{city} 디지털 포용 포털에서 알려 드립니다."
    if kind == "all_clear":
        return f"""{hello} 앞서 알려 드린 일을 확인한 결과, 고객님의 개인정보는 유출되지 않았습니다.
걱정을 끼쳐 드려 사과드립니다.

1. 확인한 것: {_when(since, until)}의 {what}
2. 물어보실 곳: {city} 개인정보 보호 담당 {phone}"""
    before = " 앞서 알려 드린 일에 대해 더 확인된 것을 알려 드립니다." if again else ""
    return f"""{hello}{before} 고객님의 {HEADS[kind]}. 깊이 사과드립니다.

1. 유출된 항목: {what}
2. 유출된 때와 경위: {_when(since, until)}. {how}
3. 하실 수 있는 일: 모르는 전화나 문자로 개인정보나 돈을 요구하면 응하지 마시고 112에 알려 주세요.
   누리집 ‘개인정보’에서 누가 보았는지 보실 수 있습니다.
4. 저희가 한 일과 피해 구제: 문제가 된 접속을 막았습니다. 피해가 있으시면 아래로 말씀해 주세요.
   개인정보 분쟁조정위원회(1833-6972)에 조정을 신청하실 수 있습니다.
5. 물어보실 곳: {city} 개인정보 보호 담당 {phone}"""


TITLES = {"possible": " 가능성", "confirmed": "", "all_clear": " 아님"}


def to_authority(
    *,
    kind: str,
    again: bool,
    what: str,
    people: int,
    since: datetime,
    until: datetime,
    how: str,
    told: str,
    city: str,
    phone: str,
) -> str:
    return f"""개인정보 유출{TITLES[kind]} {"추가 " if again else ""}신고 ({HOW_TO_REPORT})

1. 기관: {city} (디지털 포용 포털)
2. 정보주체에게 통지: {told}
3. 유출된 항목과 규모: {what}, {people:,}명
4. 시점과 경위: {_when(since, until)}. {how}
5. 피해를 줄이기 위한 대책과 조치, 그 결과: 문제가 된 접속을 막고 접속기록으로 노출된 정보를 확인함.
6. 정보주체가 할 수 있는 방법과 구제 절차: 누리집 ‘개인정보’에서 열람 기록 확인, 분쟁조정과 침해신고 안내.
7. 담당 부서와 연락처: {city} 개인정보 보호 담당 {phone}"""


def to_everybody(*, kind: str, **facts: Any) -> str:
    letter = to_people(kind=kind, **facts)
    return f"개인정보 유출{TITLES[kind]} 안내 (연락처를 알 수 없는 분께, {POSTED_DAYS}일 동안)\n\n{letter}"
