"""An applicant, perhaps over 70: from the first page to the receipt and what follows, at a computer and on a phone, by
keyboard and in large letters, with and without JavaScript. An organisation; spent money; an objection; a withdrawal."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from people.models import Message
from repair import workflow
from repair.models import Case, Draft, Programme
from tests import make, make_repair
from tests.repair import applicant
from tests.repair.test_citizen_applying import photo

from .looks import follow, runs_no_script, seen

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
#: Wide and narrow, high contrast, without JavaScript. Large letters on the narrowest phone have a trip of their own.
WAYS = [(1280, "normal", True), (390, "high", True), (390, "normal", False)]
#: Looked at without JavaScript, too: what applicants see is the same then but for the buttons of reading.
PLAIN = {
    "landing",
    "who-refused",
    "apply-check",
    "receipt",
    "case",
    "organisation-what",
    "landing-wait",
    "filed-refused",
}
NEXT = "저장하고 다음"


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


@pytest.fixture
def programme() -> Programme:
    return make_repair.programme()


def press(page: Page, name: str) -> None:
    """Every button of an applicant's page leads on."""
    follow(page.get_by_role("button", name=name, exact=True))


def by_code(page: Page, phone: str = applicant.PHONE) -> None:
    page.get_by_role("textbox", name="휴대전화 번호").fill(phone)
    press(page, "인증번호 받기")
    said = Message.objects.filter(template="sign_in_code").latest("created_at").text
    page.get_by_role("textbox", name="인증번호").fill(re.findall(r"\d{6}", said)[0])
    follow(page.locator("main form button[type=submit]").first)


def look(page: Page, name: str) -> None:
    if name in PLAIN or not runs_no_script(page):
        seen(page, name)


def refused(page: Page, name: str) -> None:
    """The summary of what is wrong is there, and has the focus."""
    page.locator(".errors").first.wait_for()
    look(page, f"{name}-refused")
    if not runs_no_script(page):
        expect(page.locator(".errors").first).to_be_focused()


@pytest.mark.parametrize(("width", "contrast", "script"), WAYS)
def test_alone_from_the_first_page_to_the_receipt_and_after(
    screen, programme: Programme, width: int, contrast: str, script: bool
) -> None:
    page = screen(width, contrast=contrast, java_script_enabled=script)
    page.goto("/")
    follow(page.get_by_role("link", name="컴퓨터 무상수리").first)
    look(page, "landing")
    page.get_by_role("link", name="내가 받을 수 있는지 보기").click()
    press(page, "결과 보기")
    refused(page, "check")
    for name in ("네, 주민등록이 진주시입니다", "장애인", "노트북"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("group", name="3. 올해").get_by_label("아니요").check()
    press(page, "결과 보기")
    expect(page.locator("h1")).to_have_text("지원받으실 수 있습니다")
    look(page, "check-answer")
    page.get_by_role("link", name="신청하기", exact=True).click()
    by_code(page)
    look(page, "apply")
    page.get_by_role("link", name="시작하기").click()
    press(page, NEXT)
    refused(page, "who")
    page.get_by_label("우리 집 컴퓨터").check()
    page.get_by_label("신청하는 분 이름").fill("예시 어르신")
    page.get_by_label("신청하는 분의 태어난 날").fill("19500301")
    press(page, NEXT)
    page.get_by_label("신청하는 분 (").check()
    look(page, "contact")
    press(page, NEXT)
    page.get_by_label("읍면동", exact=True).select_option(label="문산읍")
    page.get_by_label("도로명 주소").fill("경상남도 진주시 문산읍 동부로 71")
    page.get_by_label("동·호").fill("101동 202호")
    look(page, "where")
    press(page, "나중에 이어서 하기")
    expect(page.locator(".messages")).to_contain_text("적으신 데까지 저장했습니다")
    look(page, "apply-again")
    follow(page.get_by_role("link", name="지우고 새로 쓰기"))
    look(page, "wipe")
    page.get_by_role("link", name="지우지 않기").click()
    page.get_by_role("link", name="이어서 쓰기").click()
    expect(page.locator("h1")).to_have_text("무엇이 고장 났나요?")
    page.get_by_label("노트북").check()
    page.get_by_label("너무 느려요").check()
    page.get_by_label("더 하실 말씀").fill("켜는 데 10분 걸립니다.")
    look(page, "what")
    page.get_by_label("만든 회사").press("Enter")  # Enter goes on
    page.get_by_label("장애인").check()
    look(page, "group")
    press(page, NEXT)
    file = photo()
    page.get_by_label("고장 사진").set_input_files(
        {"name": "고장.jpg", "mimeType": "image/jpeg", "buffer": file.read()}
    )
    press(page, "고른 것만 올리고 이 쪽에 있기")
    expect(page.get_by_role("link", name="고장.jpg")).to_be_visible()
    look(page, "papers")
    press(page, NEXT)
    press(page, NEXT)
    refused(page, "consent")
    page.get_by_label("개인정보를 무상수리에").check()
    page.get_by_label("지원 대상임을 보여").check()
    press(page, NEXT)
    expect(page.locator("main")).to_contain_text("예시 어르신")
    look(page, "apply-check")
    press(page, "신청하기")
    expect(page.locator("h1")).to_have_text("컴퓨터 무상수리 접수증")
    case = Case.objects.get()
    expect(page.locator(".receipt-number")).to_contain_text(case.number)
    look(page, "receipt")
    follow(page.get_by_role("link", name="내 신청 보기"))
    look(page, "case")

    page.context.clear_cookies()
    page.goto("/repair/")
    page.get_by_role("link", name="진행 상황 보기").click()
    page.get_by_role("textbox", name="접수번호").fill(case.number)
    page.get_by_label("전화번호", exact=True).fill("01099990000")
    press(page, "보기")
    refused(page, "status")
    page.get_by_label("전화번호", exact=True).fill(applicant.PHONE)
    press(page, "보기")
    expect(page.locator("main")).to_contain_text("신청을 받았습니다")
    expect(page.locator("main")).not_to_contain_text("예시 어르신")
    look(page, "status-answer")
    page.get_by_role("link", name="휴대전화 확인하고 자세히 보기").click()
    by_code(page)
    expect(page.locator("main")).to_contain_text("예시 어르신")
    follow(page.get_by_role("link", name="내 신청 목록으로"))
    look(page, "mine")


def test_by_keyboard_alone(screen, programme: Programme) -> None:
    page = screen(390)
    page.goto("/repair/apply/")
    by_code(page)
    page.goto("/repair/apply/who/")
    page.locator("[name=kind]").first.focus()
    for key in ("Space", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("예시 어르신")
    page.keyboard.press("Tab")
    page.keyboard.type("19500301")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("어떻게 연락드릴까요?")


@pytest.mark.parametrize(("width", "contrast", "script"), WAYS)
def test_an_organisation(
    screen, client: Client, programme: Programme, width: int, contrast: str, script: bool
) -> None:
    applicant.signed_in(client)
    page = screen(width, contrast=contrast, client=client, java_script_enabled=script)
    page.goto("/repair/apply/who/")
    page.get_by_label("복지단체의 컴퓨터", exact=True).check()
    expect(page.get_by_label("신청하는 분의 태어난 날")).to_be_hidden()
    page.get_by_label("단체 이름").fill("예시 복지관")
    page.get_by_label("신청하는 분 이름").fill("예시 담당")
    look(page, "organisation-who")
    press(page, NEXT)
    page.get_by_label("읍면동", exact=True).select_option(label="문산읍")
    page.get_by_label("도로명 주소").fill("경상남도 진주시 문산읍 동부로 72")
    press(page, NEXT)
    page.get_by_label("데스크톱").check()
    page.get_by_label("켜지지 않아요").check()
    press(page, "컴퓨터 한 대 더하기")
    press(page, "컴퓨터 한 대 더하기")
    press(page, NEXT)
    refused(page, "organisation-what")
    for n in (2, 3):
        one = page.get_by_role("region", name=f"{n}번째 컴퓨터")
        one.get_by_label("노트북").check()
        one.get_by_label("화면이 안 나와요").check()
    look(page, "organisation-what")
    press(page, NEXT)
    press(page, NEXT)
    page.get_by_label("개인정보를 무상수리에").check()
    page.get_by_label("지원 대상임을 보여").check()
    press(page, NEXT)
    look(page, "organisation-check")
    press(page, "신청하기")
    expect(page.locator("main")).to_contain_text("예시 복지관")
    look(page, "organisation-receipt")
    assert Case.objects.get().devices.count() == 3


@pytest.mark.parametrize(
    ("when_spent", "width", "script"),
    [("close", 1280, True), ("wait", 390, True), ("wait", 1280, False), ("close", 390, False)],
)
def test_when_the_money_is_spent(screen, client: Client, when_spent: str, width: int, script: bool) -> None:
    make_repair.programme(won=150_000, when_spent=when_spent)
    applicant.signed_in(client)
    applicant.fill(client)
    page = screen(width, client=client, java_script_enabled=script)
    page.goto("/repair/")
    expect(page.locator(".alert")).to_contain_text("올해 예산을 모두")
    look(page, f"landing-{when_spent}")
    page.goto("/repair/apply/")
    look(page, f"apply-{when_spent}")
    page.get_by_role("link", name="이어서 쓰기").click()
    expect(page.get_by_text("미리 알려 드립니다")).to_be_visible()
    press(page, "신청하기")
    if when_spent == "close":
        refused(page, "filed")
        expect(page.locator(".errors")).to_contain_text("접수를 마쳤습니다")
        assert Draft.objects.exists()
    else:
        expect(page.locator("h1")).to_have_text("컴퓨터 무상수리 접수증")


@pytest.mark.parametrize(("width", "contrast", "script"), WAYS[:2])
def test_papers_asked_for_a_refusal_and_an_objection(
    screen, client: Client, programme: Programme, width: int, contrast: str, script: bool
) -> None:
    case = make_repair.case(phone=applicant.PHONE)
    by = make_repair.staff(make.clerk())
    workflow.ask_paper(case.pk, by, "복지카드 앞면")
    applicant.signed_in(client)
    page = screen(width, contrast=contrast, client=client, java_script_enabled=script)
    page.goto(f"/repair/mine/{case.pk}/")
    look(page, "case-papers")
    page.get_by_role("link", name="서류 보내기").click()
    press(page, "서류 보내기")
    refused(page, "bring")
    page.get_by_label("서류 사진").set_input_files(
        {"name": "카드.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
    )
    press(page, "서류 보내기")
    expect(page.locator(".messages")).to_contain_text("서류를 받았습니다")
    page.get_by_role("link", name="연락처와 부탁 고치기").click()
    page.get_by_label("도와주시는 분 전화번호").fill("12")
    press(page, "고치기")
    refused(page, "correct")
    workflow.propose_refusal(case.pk, by, "지원 대상임을 보여 주는 서류가 없습니다.")
    workflow.refuse(case.pk, make_repair.staff(make.clerk()))
    page.goto(f"/repair/mine/{case.pk}/")
    look(page, "case-refused")
    page.get_by_role("link", name="이의신청하기").click()
    press(page, "이의신청하기")
    refused(page, "object")
    page.get_by_label("왜 다시").fill("복지카드를 보냈습니다.")
    press(page, "이의신청하기")
    expect(page.locator(".messages")).to_contain_text("이의신청을 받았습니다")
    page.goto(f"/repair/mine/{case.pk}/object/")
    look(page, "not-now")


@pytest.mark.parametrize(("width", "contrast", "script"), WAYS[:2])
def test_a_selection_a_withdrawal_and_how_it_was(
    screen, client: Client, programme: Programme, width: int, contrast: str, script: bool
) -> None:
    case, other = make_repair.selected(phone=applicant.PHONE), make_repair.selected(phone=applicant.PHONE)
    applicant.signed_in(client)
    page = screen(width, contrast=contrast, client=client, java_script_enabled=script)
    page.goto(f"/repair/mine/{case.pk}/")
    look(page, "case-selected")
    follow(page.get_by_role("link", name="신청 거두기"))
    look(page, "withdraw")
    press(page, "신청 거두기")
    expect(page.locator(".messages")).to_contain_text("신청을 거두었습니다")
    look(page, "case-withdrawn")
    make_repair.done(other)
    page.goto(f"/repair/mine/{other.pk}/")
    look(page, "case-done")
    page.get_by_role("link", name="수리가 어떠셨나요?").click()
    press(page, "보내기")
    refused(page, "rate")
    page.get_by_label("매우 좋았어요").check()
    press(page, "보내기")
    expect(page.locator(".messages")).to_contain_text("고맙습니다")
    page.goto("/repair/mine/")
    look(page, "mine-two")


def test_staff_on_an_applicants_page(screen, client: Client, programme: Programme) -> None:
    page = screen(390, client=make.signed_in(client, make.clerk()))
    page.goto("/repair/apply/")
    look(page, "staff")
    page.goto("/repair/")
    look(page, "landing-staff")


def test_every_page_in_large_letters_on_the_narrowest_phone(
    screen, client: Client, programme: Programme
) -> None:
    asked, refused = (make_repair.case(phone=applicant.PHONE) for _ in range(2))
    by, other = make_repair.staff(make.clerk()), make_repair.staff(make.clerk())
    workflow.ask_paper(asked.pk, by, "복지카드 앞면")
    workflow.propose_refusal(refused.pk, by, "지원 대상임을 보여 주는 서류가 없습니다.")
    workflow.refuse(refused.pk, other)
    done = make_repair.done(make_repair.selected(phone=applicant.PHONE))
    applicant.signed_in(client)
    applicant.fill(client)
    page = screen(320, "larger", client=client)
    steps = ("who", "contact", "where", "what", "group", "papers", "consent", "check", "again")
    mine = (asked, ""), (asked, "papers/"), (asked, "correct/"), (asked, "withdraw/"), (refused, "object/")
    addresses = ["", "check/", "apply/", *(f"apply/{step}/" for step in steps), "status/", "mine/"]
    addresses += [f"mine/{case.pk}/{deed}" for case, deed in (*mine, (done, "rate/"), (done, "receipt/"))]
    for address in addresses:
        page.goto(f"/repair/{address}")
        seen(page, f"large-{address.strip('/').replace('/', '-')}")
    page.goto("/repair/apply/who/")
    page.get_by_label("복지단체의 컴퓨터", exact=True).check()
    page.get_by_label("단체 이름").fill("예시 복지관")
    press(page, NEXT)
    page.goto("/repair/apply/what/")
    press(page, "컴퓨터 한 대 더하기")
    seen(page, "large-organisation")
