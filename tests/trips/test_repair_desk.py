"""An office and 무상수리: entering for somebody, deciding, refusing by two, money that runs out, handing over,
finding. Each page looked at wide and narrow; the whole way by keyboard, and without JavaScript."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from people.models import Message, User
from privacy.models import AccessRecord
from repair import budget, workflow
from repair.models import Case, Programme
from repair.states import State
from tests import make, make_repair

from . import looks
from .looks import faults, follow

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
WIDTHS = [1280, 390]
#: Each width, and without JavaScript.
WAYS = [(1280, True), (390, True), (390, False)]


@pytest.fixture(autouse=True)
def year() -> Programme:
    return make_repair.programme(1_000_000)


@pytest.fixture
def clerk() -> User:
    return make.clerk(username="clerk-one")


def seen(page: Page, name: str) -> None:
    looks.seen(page, f"desk-{name}")


def desk(screen, user: User, width: int = 1280, **options: object) -> Page:
    page: Page = screen(width, client=make.signed_in(Client(), user), **options)
    page.goto("/repair/desk/")
    return page


def entered(page: Page) -> None:
    """Somebody at the counter says who they are and what is wrong."""
    page.get_by_label("창구에 오심").check()
    page.get_by_label("이름", exact=True).fill("예시 한아름")
    page.get_by_label("생년월일").fill("1944-02-29")
    page.get_by_role("textbox", name="전화번호", exact=True).fill("010-9999-4321")
    page.get_by_label("지원 대상", exact=True).select_option("disabled")
    page.get_by_label("주소", exact=True).fill("진주시 문산읍 동부로 12")
    page.get_by_label("동·호 (선택)", exact=True).fill("101동 202호")
    page.locator("#id_device0-kind").select_option("laptop")
    page.locator("#id_device0-trouble").select_option("no_power")
    page.get_by_label("신청한 분", exact=True).check()
    page.get_by_label("말로 동의하셨습니다: 개인정보를").check()


def told(page: Page, words: str) -> None:
    expect(page.locator(".messages")).to_contain_text(words)


def evidence(page: Page) -> None:
    for about in ("지원 대상", "진주시 거주"):
        page.get_by_role("link", name="자격 근거 적기").click()
        page.get_by_label(about, exact=True).check()
        page.get_by_label("창구에서 본 서류").check()
        page.get_by_label("맞음").check()
        page.get_by_label("본 서류 (선택)", exact=True).fill("장애인등록증을 봄")
        page.get_by_role("button", name="적기", exact=True).click()
        told(page, "근거를 적었습니다.")


@pytest.mark.parametrize("width", WIDTHS)
def test_entered_on_behalf_confirmed_and_selected(screen, clerk: User, width: int) -> None:
    page = desk(screen, clerk, width)
    expect(page.locator(".empty")).to_be_visible()
    follow(page.get_by_role("link", name="대신 접수하기"))
    seen(page, "new")
    entered(page)
    page.get_by_role("button", name="접수하기").click()
    page.locator(".errors").wait_for()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_label("이름", exact=True)).to_have_value("예시 한아름")
    seen(page, "new-wrong")
    page.get_by_label("말로 동의하셨습니다: 지원 대상임을").check()
    page.get_by_role("button", name="접수하기").click()
    told(page, "접수했습니다.")
    seen(page, "received")
    case = Case.objects.get()
    page.get_by_role("link", name="접수증 인쇄").click()
    expect(page.get_by_role("button", name="인쇄하기")).to_be_visible()
    seen(page, "receipt")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
    page.get_by_role("link", name="신청으로 돌아가기").click()
    expect(page.locator(".desk-hindered")).to_contain_text("지원 대상, 진주시 거주의 근거가")
    follow(page.get_by_role("link", name="자격 근거 적기"))
    seen(page, "evidence")
    page.go_back()
    evidence(page)
    page.get_by_role("button", name="자격 확인").click()
    told(page, "자격을 확인했습니다.")
    seen(page, "confirmed")
    page.get_by_role("link", name="선정", exact=True).click()
    expect(page.locator(".lead")).to_contain_text("예산에서 200,000원을 묶고")
    seen(page, "select")
    page.get_by_role("button", name="선정하기").click()
    told(page, "선정했습니다.")
    case.refresh_from_db()
    assert case.state == State.SELECTED
    day = case.deadline_on
    assert day
    expect(page.locator(".desk-day")).to_contain_text(f"{day.month}월 {day.day}일")
    expect(page.locator(".desk-count")).to_contain_text("3일째")
    seen(page, "selected")
    page.get_by_role("link", name="기한 멈추기").click()
    page.get_by_label("기한을 멈추는 까닭").fill("신청한 분이 입원하셨습니다.")
    page.get_by_role("button", name="멈추기").click()
    told(page, "기한을 멈췄습니다.")
    seen(page, "paused")
    page.get_by_role("link", name="접수 목록").click()
    expect(page.locator(".desk-lines")).to_contain_text("멈춤")
    expect(page.locator(".desk-lines")).not_to_contain_text("예시 한아름")
    seen(page, "list")
    assert Message.objects.filter(template="repair_selected").count() == 1
    views = AccessRecord.objects.filter(action="view", identifier=clerk.username)
    assert f"repair.case:{case.pk}" in views.latest("pk").subjects


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_refused_by_two_and_opened_again(screen, clerk: User, width: int, script: bool) -> None:
    case = make_repair.case(name="예시 한아름")
    page = desk(screen, clerk, width, java_script_enabled=script)
    page.get_by_role("link", name=case.number).click()
    page.get_by_role("link", name="불가로 올리기").click()
    page.get_by_role("button", name="불가로 올리기").click()
    page.locator(".errors").wait_for()
    seen(page, "propose-wrong")
    page.get_by_label("지원해 드리지 못하는 까닭").fill("진주시에 주민등록이 되어 있지 않습니다.")
    page.get_by_role("button", name="불가로 올리기").click()
    told(page, "다른 담당자가 정합니다.")
    expect(page.locator(".desk-hindered")).to_contain_text("스스로 정할 수 없습니다")
    expect(page.get_by_role("link", name="불가로 정하기")).to_have_count(0)
    seen(page, "proposed")

    second = desk(screen, make.clerk(username="clerk-two"), width, java_script_enabled=script)
    second.get_by_role("link", name="불가·이의 검토").click()
    second.get_by_role("link", name=case.number).click()
    second.get_by_role("link", name="불가로 정하기").click()
    expect(second.locator("blockquote")).to_contain_text("주민등록이 되어 있지 않습니다.")
    seen(second, "refuse")
    second.get_by_role("button", name="불가로 정하기").click()
    told(second, "지원 불가로 정하고")
    seen(second, "refused")
    second.get_by_role("link", name="이의신청 대신 적기").click()
    second.get_by_label("이의신청 내용").fill("지난주에 전입했다고 하십니다.")
    second.get_by_role("button", name="이의신청 적기").click()
    told(second, "이의신청을 적었습니다.")

    officer = desk(screen, make_repair.repair_officer(username="city"), width, java_script_enabled=script)
    officer.goto(f"/repair/desk/{case.pk}/")
    seen(officer, "objected")
    officer.get_by_role("link", name="이의를 받아들이기").click()
    officer.get_by_label("까닭").fill("전입한 것을 확인했습니다.")
    officer.get_by_role("button", name="받아들이기").click()
    told(officer, "이의를 받아들이고")
    case.refresh_from_db()
    assert case.state == State.RECEIVED
    told_of = set(Message.objects.values_list("template", flat=True))
    assert {"repair_refused", "repair_reopened"} <= told_of


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_the_money_runs_out_and_they_wait_in_order(
    screen, clerk: User, year: Programme, width: int, script: bool
) -> None:
    officer = make_repair.repair_officer()
    budget.change_budget(year.pk, -800_000, "감액", officer)
    first, second = (make_repair.confirmed(clerk) for _ in range(2))
    page = desk(screen, clerk, width, java_script_enabled=script)
    page.goto(f"/repair/desk/{first.pk}/select/")
    budget.change_budget(year.pk, -200_000, "감액", officer)  # while they read
    page.get_by_role("button", name="선정하기").click()
    expect(page.locator(".errors")).to_contain_text("올해 예산이 0원 남아")
    seen(page, "spent")
    page.get_by_role("button", name="예산을 기다리게 하기").click()
    told(page, "예산을 기다리는 순서에 넣고")
    seen(page, "waiting")
    page.goto(f"/repair/desk/{second.pk}/")
    expect(page.locator(".desk-hindered")).to_contain_text("예산이 0원 남아 선정할 수 없습니다")
    page.get_by_role("link", name="예산을 기다리게 하기").click()
    page.get_by_role("button", name="기다리게 하기").click()
    told(page, "예산을 기다리는 순서에 넣고")
    budget.change_budget(year.pk, 400_000, "추가경정예산", officer)
    page.goto(f"/repair/desk/{second.pk}/")
    expect(page.locator(".desk-hindered")).to_contain_text(f"{first.number}부터 선정해야")
    expect(page.get_by_role("link", name="선정", exact=True)).to_have_count(0)
    page.goto("/repair/desk/?tab=waiting")
    expect(page.locator(".desk-lines tbody tr")).to_have_count(2)
    for case in (first, second):
        page.goto(f"/repair/desk/{case.pk}/")
        page.get_by_role("link", name="선정", exact=True).click()
        page.get_by_role("button", name="선정하기").click()
        told(page, "선정했습니다.")
    year.refresh_from_db()
    assert (year.budget_won, year.reserved_won) == (400_000, 400_000)


@pytest.mark.parametrize("width", WIDTHS)
def test_late_ones_taken_handed_over_and_found(screen, clerk: User, width: int) -> None:
    with make_repair.days_ago(20):
        late = make_repair.selected(clerk, name="예시 한아름", phone="010-9999-4321")
    free = [make_repair.case() for _ in range(3)]
    colleague = make.clerk(username="clerk-two")
    page = desk(screen, clerk, width)
    expect(page.locator(".alert-error").first).to_contain_text("기한이 지난 신청이 1건 있습니다.")
    expect(page.locator(".alert-error").last).to_contain_text("맡은 기사가 없는 신청이 1건 있습니다.")
    expect(page.locator(".desk-lines tbody tr").first).to_contain_text(late.number)
    seen(page, "list-late")
    follow(page.get_by_role("link", name="담당 없음"))
    seen(page, "list-free")
    for case in free[:2]:
        page.locator(f"#take-{case.pk}").check()
    page.get_by_role("button", name="고른 신청 내가 맡기").click()
    told(page, "2건을 맡으셨습니다.")
    expect(page.locator(".desk-lines tbody tr")).to_have_count(3)
    page.get_by_role("link", name=free[0].number).click()
    page.get_by_role("link", name="다른 직원에게 넘기기").click()
    page.get_by_label("누구에게 넘길까요?").select_option(label=colleague.username)
    seen(page, "hand-over")
    page.get_by_role("button", name="넘기기", exact=True).click()
    told(page, "담당을 바꿨습니다.")
    assert Case.objects.get(pk=free[0].pk).officer == colleague
    page.goto("/repair/desk/")
    page.get_by_label("접수번호").fill(free[2].number)
    page.get_by_role("button", name="보기").click()
    expect(page.locator(".desk-lines tbody tr")).to_have_count(1)
    page.get_by_role("link", name="사람 찾기").click()
    page.get_by_role("button", name="찾기", exact=True).click()
    page.locator(".errors").wait_for()
    page.get_by_label("전화번호").fill("01099994321")
    page.get_by_role("button", name="찾기", exact=True).click()
    expect(page.locator(".desk-lines tbody tr")).to_have_count(1)
    seen(page, "find")
    page.get_by_role("link", name=late.number).click()
    expect(page.locator(".alert-error")).to_contain_text("방문 기한이 지났습니다.")
    seen(page, "late")


def test_the_same_household_again(screen, clerk: User) -> None:
    live = make_repair.case(address="진주시 문산읍 동부로 12", unit="101동 202호")
    page = desk(screen, clerk, 390)
    page.goto("/repair/desk/new/")
    entered(page)
    page.get_by_label("말로 동의하셨습니다: 지원 대상임을").check()
    page.get_by_role("button", name="접수하기").click()
    expect(page.get_by_role("link", name=live.number)).to_be_visible()
    seen(page, "new-taken")
    page.get_by_label("같은 가구가 아닌 까닭").fill("한 집에 세대가 둘입니다.")
    page.get_by_role("button", name="접수하기").click()
    told(page, "접수했습니다.")
    expect(page.locator("main")).to_contain_text("올해 같은 가구")
    seen(page, "exception")


def test_by_keyboard_from_the_list_to_the_selection(screen, clerk: User) -> None:
    case = make_repair.case()
    make_repair.evidence(case, clerk)
    page = desk(screen, clerk)

    def on(name: str) -> None:
        """Tabs until that is reached, and presses it."""
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText?.trim()") == name:
                page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} is not reached")

    on(case.number)
    page.wait_for_url("**/desk/*-*/")
    on("자격 확인")
    told(page, "자격을 확인했습니다.")
    on("선정")
    page.wait_for_url("**/select/")
    on("선정하기")
    told(page, "선정했습니다.")
    assert Case.objects.get().selected_on == timezone.localdate()


def test_all_of_it_without_javascript(screen, clerk: User) -> None:
    page = desk(screen, clerk, 390, java_script_enabled=False)
    follow(page.get_by_role("link", name="대신 접수하기"))
    seen(page, "new")
    entered(page)
    page.get_by_label("말로 동의하셨습니다: 지원 대상임을").check()
    page.get_by_role("button", name="접수하기").click()
    told(page, "접수했습니다.")
    seen(page, "received")
    page.get_by_role("link", name="접수증 인쇄").click()
    expect(page.get_by_role("button", name="인쇄하기")).to_be_hidden()
    expect(page.locator(".desk-number")).to_contain_text(Case.objects.get().number)
    page.get_by_role("link", name="신청으로 돌아가기").click()
    evidence(page)
    page.get_by_role("button", name="자격 확인").click()
    follow(page.get_by_role("link", name="선정", exact=True))
    seen(page, "select")
    page.get_by_role("button", name="선정하기").click()
    told(page, "선정했습니다.")
    page.get_by_role("link", name="신청 거두기").click()
    page.get_by_label("까닭").fill("새로 사셨다고 합니다.")
    page.get_by_role("button", name="신청 거두기").click()
    told(page, "신청을 거두고")
    assert Case.objects.get().state == State.WITHDRAWN


def test_larger_letters_and_high_contrast(screen, clerk: User) -> None:
    with make_repair.days_ago(20):
        case = make_repair.selected(clerk)
    workflow.withdraw(make_repair.case().pk, make_repair.CITIZEN)
    page = desk(screen, clerk, 320, text="larger", contrast="high")
    seen(page, "list-larger")
    for address in (f"{case.pk}/", "new/", f"{case.pk}/pause/", f"{case.pk}/receipt/", "find/"):
        page.goto(f"/repair/desk/{address}")
        assert faults(page) == [], address


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_masked_until_somebody_says_what_for(screen, clerk: User, width: int, script: bool) -> None:
    make_repair.selected(name="예시 한아름")
    page = desk(screen, clerk, width, java_script_enabled=script)
    page.get_by_role("link", name=Case.objects.get().number).click()
    expect(page.get_by_role("heading", name="이름과 연락처를 가렸습니다")).to_be_visible()
    expect(page.get_by_text("예시 한아름")).to_have_count(0)
    seen(page, f"masked-{script}")
    page.get_by_role("link", name="접수증 인쇄").click()
    told(page, "먼저 보시는 까닭을 눌러 주세요.")
    page.get_by_role("button", name="자격·서류 확인").click()
    expect(page.get_by_text("예시 한아름")).to_be_visible()
    seen(page, f"seen-{script}")
    said = AccessRecord.objects.filter(identifier=clerk.username).values_list("detail", flat=True)
    assert {"무상수리 한 건 (가린 채)", "무상수리 한 건: 자격·서류 확인"} <= set(said)
    page.get_by_role("link", name="접수증 인쇄").click()
    expect(page.get_by_role("heading", name="컴퓨터 무상수리 접수증")).to_be_visible()
