"""The people of the example city, known without Django so that the launcher can tell them. Nobody real.

Their password and codes are shown by the sign-in pages of an example city (people/demo.py).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """`sign_in`: login id (staff) or phone (chiefs; 010-0000 numbers are given to nobody).

    `role`: of RoleGrant.Role, or "chief". `place`: an office's district, the first village's legal code, or "".
    `also`: a second role. `phone`: where they are told (staff).
    """

    sign_in: str
    name: str
    role: str
    place: str
    may: str
    villages: int = 0
    also: str = ""
    phone: str = ""


DEMO_ACCOUNTS = (
    DemoAccount(
        "demo-city", "예시 시청 담당", "city_operator", "", "시 전체 마을에 방송하고 모든 기록을 봅니다"
    ),
    DemoAccount("demo-city2", "예시 시청 담당 둘", "city_operator", "", "다른 사람이 청한 방송을 승인합니다"),
    DemoAccount(
        "demo-duty",
        "예시 당직",
        "duty_officer",
        "",
        "긴급한 일을 문자로 듣고 승인합니다",
        also="city_operator",
        phone="010-0000-0090",
    ),
    DemoAccount(
        "demo-police",
        "예시 경찰 담당",
        "police",
        "",
        "진주경찰서(예시): 보이스피싱, 절도, 교통사고를 방송합니다",
    ),
    DemoAccount("demo-munsan", "예시 문산읍 직원", "office_clerk", "문산읍", "문산읍 마을에 방송합니다"),
    DemoAccount("demo-geumsan", "예시 금산면 직원", "office_clerk", "금산면", "금산면 마을에 방송합니다"),
    DemoAccount(
        "demo-privacy",
        "예시 개인정보 책임자",
        "privacy_officer",
        "",
        "시민의 요구, 접속기록 점검, 유출 대응을 봅니다",
    ),
    DemoAccount(
        "demo-privacy2",
        "예시 개인정보 담당 둘",
        "privacy_officer",
        "",
        "동료가 올린 파기를 둘째 사람으로 정합니다",
    ),
    DemoAccount(
        "010-0000-0001", "예시 이장 가", "chief", "4817025021", "문산읍 상문리 마을 한 곳에 방송합니다", 1
    ),
    DemoAccount(
        "010-0000-0002", "예시 이장 나", "chief", "4817041021", "금산면 가방리 마을 한 곳에 방송합니다", 1
    ),
    DemoAccount(
        "010-0000-0003", "예시 이장 다", "chief", "4817044028", "명석면 오미리 마을 한 곳에 방송합니다", 1
    ),
    DemoAccount(
        "010-0000-0004", "예시 이장 라", "chief", "4817036021", "일반성면 창촌리 마을 두 곳에 방송합니다", 2
    ),
)
