"""The people of the example 디지털배움터, known without Django so that the launcher can tell them. Nobody real.

Passwords and codes are shown by the sign-in pages of an example city (people/demo.py).
"""

from dataclasses import dataclass

HUB = "상락원"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """`sign_in`: login id. `role`: of RoleGrant.Role, or "centre_staff". `place`: a centre, or ""."""

    sign_in: str
    name: str
    role: str
    place: str
    may: str


DEMO_ACCOUNTS = (
    DemoAccount(
        *("demo-call", "예시 배움터 상담", "learning_call", ""),
        "전화를 받아 대신 신청하고, 옮기고, 취소합니다",
    ),
    DemoAccount(
        *("demo-centre", "예시 상락원 직원", "centre_staff", HUB),
        "출석을 적고, 휴강을 알리고, 체험존에 오신 분을 셉니다",
    ),
    DemoAccount(
        *("demo-learning", "예시 배움터 운영", "learning_coordinator", ""),
        "과정과 수업을 열고, 찾아가는 수업에 강사를 보내고, 강사료를 정산합니다",
    ),
    DemoAccount(
        *("demo-teacher", "예시 강사 가", "learning_instructor", ""),
        "맡은 수업과 찾아가는 수업을 보고, 출석과 결과를 적습니다",
    ),
    DemoAccount(
        *("demo-teacher2", "예시 강사 나", "learning_instructor", ""),
        "보조강사로 배정된 수업을 확인합니다",
    ),
    DemoAccount(
        *("demo-digital", "예시 시청 배움터 담당", "learning_officer", ""),
        "통계와 보고서, 강사료 기준을 봅니다",
    ),
)
#: A citizen with a seat, a place in a line and an offer to answer: their code is shown on the screen.
DEMO_LEARNER = "010-0000-2001"
#: Of a group of neighbours to whom a visiting class is proposed.
DEMO_GROUP = "010-0000-2901"
