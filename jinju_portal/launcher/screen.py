"""The one screen that a newcomer reads."""

from pathlib import Path

from broadcast.demo_accounts import DEMO_ACCOUNTS
from learning.demo_accounts import DEMO_ACCOUNTS as LEARNING_ACCOUNTS
from learning.demo_accounts import DEMO_GROUP, DEMO_LEARNER
from repair.demo_accounts import DEMO_ACCOUNTS as REPAIR_ACCOUNTS
from repair.demo_accounts import DEMO_CITIZEN

from .words import say


def show(url: str, var: Path) -> None:
    """Address, who can sign in and how, what to try, how to stop. READY comes last, for scripts."""
    staff = [a for a in (*DEMO_ACCOUNTS, *REPAIR_ACCOUNTS, *LEARNING_ACCOUNTS) if a.role != "chief"]
    chiefs = [a for a in DEMO_ACCOUNTS if a.role == "chief"]
    say(f"""
진주시 디지털 포용 포털 — 예시 도시 (example city; nobody in it is real)

  주소 {url}

  직원 (비밀번호와 그때그때의 인증번호는 로그인 화면에 나옵니다)
{_lines(staff)}
  이장 (전화번호를 넣으면 인증번호가 화면에 나옵니다)
{_lines(chiefs)}
  해 볼 것: 컴퓨터 무상수리
    1. 로그인하지 않고 {url}/repair/ 에서 받을 수 있는지 알아보고, 아무 010-0000 번호로 신청해 보세요.
    2. demo-munsan 으로 자격을 확인하고 선정하거나 불가를 올리고, demo-munsan2 로 불가를 정해 보세요.
    3. demo-tech 로 방문을 맡아 휴대전화에서 고쳐 보세요. 비행기 모드에서도 됩니다.
    4. {DEMO_CITIZEN} 으로 들어가 수리를 기다리는 신청을 보세요. 예산과 정산, 통계는 demo-repair 에 있습니다.

  해 볼 것: 디지털배움터
    1. 로그인하지 않고 {url}/learning/ 에서 수업을 찾아 아무 010-0000 번호로 신청해 보세요. 체험존은 그냥 열려 있습니다.
    2. {DEMO_LEARNER} 으로 들어가 난 자리를 받고, {DEMO_GROUP} 으로 찾아가는 수업 제안에 답해 보세요.
    3. demo-call 로 전화를 받아 대신 신청하고, demo-centre 로 출석을 적고 체험존에 오신 분을 세어 보세요.
    4. demo-learning 으로 수업을 열고 강사를 보내고, demo-teacher 로 맡은 수업을, demo-digital 로 통계를 보세요.

  해 볼 것: 마을방송
    1. 이장으로 들어가 말을 녹음하거나 글을 써서 보내고, 도착하는 것을 지켜보세요.
    2. 문산읍 직원으로 들어가 읍내 모든 마을에 한 번에 보내세요.
    3. 시청 담당으로 들어가 지도에서 358개 마을을 보세요.
    4. 경찰로 들어가 글을 써서 승인을 요청하고, 시청 담당으로 들어가 승인해 보세요. 방송 틀로 쓰면 바로 나갑니다.
    5. 방송이 나가는 동안 멈춰 보고, 바로잡아 보세요. 예약하면 정한 때에 저절로 나갑니다.
    6. 로그인하지 않고 {url}/broadcast/listen/ 에서 주민이 되어 다시 듣고, 문자로 받아 보세요.

  자료와 기록: {var}
  끄기: Ctrl-C (stop: Ctrl-C)

READY {url}""")


def _lines(accounts: list) -> str:
    return "".join(f"    {a.sign_in:<15} {a.name}: {a.may}\n" for a in accounts)
