"""The people of the example programme, known without Django so that the launcher can tell them. Nobody real.

Beside those of the example city (문산읍 and 금산면 have their clerks there). Passwords and codes are shown by the
sign-in pages of an example city (people/demo.py).
"""

from dataclasses import dataclass

CONTRACTOR = "예시 수리점"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """`sign_in`: login id. `role`: of RoleGrant.Role, or "technician". `place`: an office's district, or ""."""

    sign_in: str
    name: str
    role: str
    place: str
    may: str


DEMO_ACCOUNTS = (
    DemoAccount(
        *("demo-repair", "예시 무상수리 담당", "repair_officer", ""),
        "시 전체의 무상수리 신청, 예산, 정산, 통계를 봅니다",
    ),
    DemoAccount(
        *("demo-munsan2", "예시 문산읍 직원 둘", "office_clerk", "문산읍"),
        "문산읍 신청을 처리하고, 동료가 올린 불가를 정합니다",
    ),
    DemoAccount(
        *("demo-tech", "예시 수리 기사", "technician", CONTRACTOR),
        "휴대전화로 방문을 맡고, 고치고, 확인을 받습니다",
    ),
)
#: A citizen to whom a technician comes: their code is shown on the screen.
DEMO_CITIZEN = "010-0000-1001"
