"""디지털배움터 at the desk: a call from the number to the seat, attendance on a tablet, calling a class off, opening
classes. Each page looked at wide and narrow; a call by keyboard alone, and all of it without JavaScript."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning.booking_states import State
from learning.models import Booking, Course, Session
from people.holidays import decide_on_day
from people.models import Call, Message, User
from tests import make as make_people
from tests import make_learning as make

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
WIDTHS = [1280, 390]
CALL = "/learning/desk/call/"
E164 = "+821099981234"


def seen(page: Page, name: str) -> None:
    """Nothing is wrong with it; kept as a picture where SCREENSHOTS says."""
    assert faults(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"]  # type: ignore[index]
        page.screenshot(path=Path(folder) / f"learning-desk-{name}-{width}.png", full_page=True)


def at(screen, user: User, address: str = CALL, width: int = 1280, **options: object) -> Page:
    page: Page = screen(width, client=make_people.signed_in(Client(), user), **options)
    page.goto(address)
    return page


def told(page: Page, words: str) -> None:
    expect(page.locator(".messages")).to_contain_text(words)


@pytest.fixture
def classes() -> list[Session]:
    """A kiosk class, two of the telephone, one of which is full."""
    centre = make.centre(name="시험 상락원", way_there="105번 버스 상락원앞, 2층")
    phone = make.course(title="스마트폰 첫걸음", bring="쓰시는 휴대전화")
    kiosk = make.course(title="키오스크 주문", topic="kiosk")
    made = [
        make.session(phone, days=3, room=make.room(centre, name="1교실")),
        make.session(kiosk, days=4, room=make.room(centre, name="2교실")),
        make.session(phone, days=5, room=make.room(centre, name="3교실"), capacity=1),
        make.session(phone, days=6, room=make.room(centre, name="4교실")),
    ]
    make.booking(made[2])
    return made


def answered(page: Page, phone: str = "010-9998-1234") -> None:
    page.get_by_label("전화번호").fill(phone)
    page.get_by_role("button", name="신청 찾기").click()
    expect(page.locator("h1")).to_contain_text(phone)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_call(screen, classes: list[Session], width: int) -> None:
    page = at(screen, make.call_centre(username="call-one"), width=width)
    seen(page, "call")
    page.get_by_role("button", name="신청 찾기").click()
    page.locator(".errors").wait_for()
    seen(page, "call-wrong")
    answered(page)
    seen(page, "caller-new")
    page.get_by_label("주제").select_option("kiosk")
    page.get_by_label("이름", exact=False).first.fill("예시 한별")
    page.get_by_role("button", name="수업 찾기").click()
    expect(page.locator(".call-choices li")).to_have_count(1)
    expect(page.locator("#id_name")).to_have_value("예시 한별")
    page.locator(f"#pick-s{classes[1].pk}").check()
    page.get_by_role("button", name="신청하기", exact=True).click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".errors")).to_contain_text("동의를 여쭙고")
    expect(page.locator(f"#pick-s{classes[1].pk}")).to_be_checked()
    seen(page, "caller-wrong")
    page.get_by_label("말로 동의하셨습니다: 개인정보를").check()
    page.get_by_role("button", name="신청하기", exact=True).click()
    told(page, "신청했습니다. 자리가 있습니다.")
    expect(page.locator("h1")).to_contain_text("예시 한별")
    seen(page, "booked")

    page.get_by_role("link", name="다음 전화 받기").click()
    expect(page.get_by_label("전화번호")).to_have_value("")
    answered(page)
    expect(page.locator("main")).not_to_contain_text("예시 한별")
    page.get_by_label("예***별 님").or_(page.get_by_label("예**별 님")).check()
    expect(page.locator("#id_name")).to_be_hidden()
    page.locator(f"#pick-s{classes[2].pk}").check()
    seen(page, "caller-known")
    page.get_by_role("button", name="신청하기", exact=True).click()
    told(page, "자리가 차서 기다리는 분으로")
    answered(at_call(page))
    expect(page.locator(".call-bookings li")).to_have_count(2)
    seen(page, "caller-bookings")
    page.locator(".call-bookings li").first.get_by_role("link", name="옮기기").click()
    page.get_by_label("주제").select_option("smartphone")
    page.get_by_role("button", name="수업 찾기").click()
    expect(page.locator(".call-choices li")).to_have_count(2)  # the full one is not offered
    page.locator(f"#pick-s{classes[3].pk}").check()
    seen(page, "move")
    page.get_by_role("button", name="옮기기", exact=True).click()
    told(page, "옮겼습니다.")
    page.get_by_role("link", name="취소하기").click()
    page.get_by_label("까닭").fill("병원에 가십니다.")
    seen(page, "cancel")
    page.get_by_role("button", name="취소하기").click()
    told(page, "신청을 취소했습니다.")
    seen(page, "cancelled")
    states = set(Booking.objects.filter(entered_by__isnull=False).values_list("state", flat=True))
    assert states == {State.WAITING, State.MOVED, State.CANCELLED}


def at_call(page: Page) -> Page:
    page.goto(CALL)
    return page


@pytest.mark.parametrize("width", [768, 390])
def test_attendance_on_a_tablet(screen, width: int) -> None:
    session = make.session(
        make.course(title="키오스크 주문"), starts_at=timezone.now() - timedelta(minutes=10), capacity=6
    )
    names = ["예시 한별", "예시 이든", "예시 박하늘", "예시 최고운"]
    people = [make.booking(session, make.learner(name)) for name in names]
    staff = make.centre_staff(session.room.centre, username="centre-one")
    page = at(screen, staff, "/learning/desk/", width)
    seen(page, "sessions")
    page.get_by_role("link", name="키오스크 주문", exact=True).click()
    seen(page, "session")
    page.get_by_role("link", name="출석 부르기").click()
    seen(page, "attendance")
    tap = page.get_by_role("button", name="예시 한별 오셨습니다")
    box = tap.bounding_box()
    assert box and box["height"] >= 80
    tap.click()
    expect(page.locator(f"#seat-{people[0].pk}")).to_contain_text("출석")
    expect(page.locator("#counts")).to_contain_text("출석 1")
    page.get_by_role("button", name="예시 이든 오셨습니다").click()
    page.locator(f"#seat-{people[1].pk}").get_by_role("button", name="되돌리기").click()
    expect(page.get_by_role("button", name="예시 이든 오셨습니다")).to_be_visible()
    page.locator(f"#seat-{people[2].pk}").get_by_role("button", name="결석").click()
    expect(page.locator("#counts")).to_contain_text("아직 2")
    seen(page, "attendance-some")
    page.get_by_role("link", name="아직 안 오신 분 모두 결석으로").click()
    seen(page, "attendance-rest")
    page.get_by_role("button", name="2명 결석으로 적기").click()
    told(page, "2명을 결석으로 적었습니다.")
    seen(page, "attendance-all")
    marks = [Booking.objects.get(pk=each.pk).attendance for each in people]
    assert marks == ["came", "absent", "absent", "absent"]
    page.get_by_role("link", name="출석부 인쇄").click()
    seen(page, "list")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_called_off_and_who_must_be_called(screen, classes: list[Session], width: int) -> None:
    session = classes[0]
    for _ in range(2):
        make.booking(session)
    page = at(screen, make.call_centre(), f"/learning/desk/sessions/{session.pk}/", width)
    page.get_by_role("link", name="정원 바꾸기").click()
    page.get_by_label("정원").fill("25")
    seen(page, "seats")
    page.get_by_role("button", name="정원 바꾸기").click()
    told(page, "정원을 25명으로")
    page.get_by_role("link", name="신청 마감하기").click()
    seen(page, "close")
    page.get_by_role("button", name="마감하기").click()
    told(page, "이제 신청을 받지 않습니다.")
    page.get_by_role("link", name="휴강하기").click()
    page.get_by_label("휴강하는 까닭").fill("강사님이 편찮으십니다.")
    seen(page, "call-off")
    page.get_by_role("button", name="다음", exact=True).click()
    expect(page.locator("main")).to_contain_text("정말 휴강할까요?")
    seen(page, "call-off-sure")
    assert Session.objects.get(pk=session.pk).state == "closed"
    page.get_by_role("button", name="휴강하고 2명에게 알리기").click()
    told(page, "2명에게 알립니다.")
    seen(page, "called-off")

    booking = make.booking(classes[1], make.learner(number="+82557471234"))
    message = Message.objects.create(
        key=f"learning_booked:{booking.pk}:1",
        template="learning_booked",
        to="+82557471234",
        text="[진주시 디지털배움터] 신청되었습니다. 자리가 있습니다.\n키오스크 주문\n12월 3일(목) 오후 2시",
        state=Message.State.FAILED,
        due_at=timezone.now(),
    )
    Call.objects.create(message=message)
    page.get_by_role("link", name="전화할 일").click()
    expect(page.locator("main")).not_to_contain_text("747-1234")
    seen(page, "to-phone")
    page.get_by_role("link", name="전화하기").click()
    expect(page.locator("blockquote")).to_contain_text("키오스크 주문")
    seen(page, "phone")
    page.get_by_role("button", name="알려 드렸습니다").click()
    told(page, "알려 드린 것으로 적었습니다.")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_coordinator_opens_a_course(screen, width: int) -> None:
    room = make.room(make.centre(name="시험 상락원"), name="1교실", seats=20)
    page = at(screen, make.coordinator(), "/learning/courses/", width)
    page.get_by_role("link", name="새 과정 만들기").click()
    page.get_by_label("과정 이름").fill("키오스크 주문")
    page.get_by_label("주제").select_option("kiosk")
    page.get_by_label("배우는 것").fill("키오스크로 국수를 주문해 봅니다.")
    seen(page, "course-new")
    page.get_by_role("button", name="과정 만들기").click()
    told(page, "과정을 만들었습니다.")
    page.get_by_role("link", name="조건 보기와 고치기").click()
    page.get_by_label("몇 세부터").fill("65")
    page.get_by_label("까닭").fill("어르신을 위한 과정입니다.")
    page.get_by_role("button", name="조건 더하기").click()
    told(page, "조건을 더했습니다.")
    seen(page, "course-rules")
    page.get_by_role("link", name="과정으로").click()
    page.get_by_role("link", name="매주 여는 수업 만들기").click()
    first = timezone.localdate() + timedelta(days=7)
    decide_on_day(first + timedelta(days=7), "시험 쉬는 날", is_holiday=True, by=make.officer())
    for weeks in (0, 2, 3):
        decide_on_day(first + timedelta(days=7 * weeks), "", is_holiday=False, by=make.officer())
    page.get_by_label("교실").select_option(str(room.pk))
    page.get_by_label("첫날").fill(first.isoformat())
    page.get_by_label("마지막 날").fill((first + timedelta(days=21)).isoformat())
    page.get_by_label("시작 시각", exact=True).fill("10:00")
    page.get_by_role("button", name="날짜 보기").click()
    expect(page.locator(".days")).to_contain_text("쉬는 날: 시험 쉬는 날")
    seen(page, "series-look")
    page.get_by_role("button", name="이대로 3번 열기").click()
    told(page, "3번의 수업을 열었습니다.")
    seen(page, "course")
    page.get_by_role("link", name="수업 하나 열기").click()
    page.get_by_label("교실").select_option(str(room.pk))
    page.get_by_label("날짜").fill(first.isoformat())
    page.get_by_label("시작 시각", exact=True).fill("11:00")
    page.get_by_role("button", name="수업 열기").click()
    expect(page.locator(".errors")).to_contain_text("‘키오스크 주문 10:00~12:00’ 수업이 있습니다")
    seen(page, "session-taken")
    page.get_by_label("시작 시각", exact=True).fill("14:00")
    page.get_by_role("button", name="수업 열기").click()
    told(page, "수업을 열었습니다.")
    session = Session.objects.get(series=None)
    make.booking(session)
    page.get_by_role("link", name="날짜·교실 바꾸기").click()
    page.get_by_label("시작 시각", exact=True).fill("15:00")
    page.get_by_label("바꾸는 까닭").fill("교실 공사")
    seen(page, "session-change")
    page.get_by_role("button", name="바꾸기", exact=True).click()
    told(page, "1명에게 알립니다.")
    page.get_by_role("link", name="과정과 수업 열기").click()
    seen(page, "courses")
    page.get_by_role("link", name="배움터와 교실").click()
    seen(page, "places")
    page.get_by_role("link", name="시험 상락원").click()
    seen(page, "place")
    page.get_by_role("link", name="교실 더하기").click()
    page.get_by_label("교실 이름").fill("2교실")
    page.get_by_label("자리").fill("12")
    page.get_by_label("장비").fill("키오스크 2대, 빔프로젝터")
    seen(page, "room-new")
    page.get_by_role("button", name="교실 더하기").click()
    told(page, "교실을 더했습니다.")
    assert Course.objects.get().sessions.count() == 4


def test_a_call_by_keyboard_alone(screen, classes: list[Session]) -> None:
    page = at(screen, make.call_centre())

    def until(found: str) -> None:
        """Tabs to what the selector names."""
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("found => document.activeElement.matches(found)", found):
                return
        raise AssertionError(f"{found} is not reached")

    until("#id_phone")
    page.keyboard.type("01099981234")
    page.keyboard.press("Enter")
    page.locator(".call-form").wait_for()
    until("#id_name")
    page.keyboard.type("예시 한별")
    until("input[name=pick]")
    page.keyboard.press("Space")
    until("#id_personal")
    page.keyboard.press("Space")
    until("button[value=book]")
    page.keyboard.press("Enter")
    told(page, "신청했습니다. 자리가 있습니다.")
    assert Booking.objects.get(entered_by__isnull=False).session == classes[0]


def test_all_of_it_without_javascript(screen, classes: list[Session]) -> None:
    page = at(screen, make.call_centre(), width=390, java_script_enabled=False)
    answered(page)
    page.locator("#id_name").fill("예시 한별")
    page.locator(f"#pick-s{classes[0].pk}").check()
    page.get_by_label("말로 동의하셨습니다: 개인정보를").check()
    page.get_by_role("button", name="신청하기", exact=True).click()
    told(page, "신청했습니다.")
    now = make.session(starts_at=timezone.now() - timedelta(minutes=5))
    booking = make.booking(now, make.learner("예시 이든"))
    page.goto(f"/learning/desk/sessions/{now.pk}/attendance/")
    page.get_by_role("button", name="예시 이든 오셨습니다").click()
    expect(page.locator(f"#seat-{booking.pk}")).to_contain_text("출석")
    page.locator(f"#seat-{booking.pk}").get_by_role("button", name="되돌리기").click()
    expect(page.locator("#counts")).to_contain_text("아직 1")
    page.goto(f"/learning/desk/sessions/{classes[0].pk}/call-off/")
    page.get_by_label("휴강하는 까닭").fill("눈이 많이 옵니다.")
    page.get_by_role("button", name="다음", exact=True).click()
    page.get_by_role("button", name="휴강하고 1명에게 알리기").click()
    told(page, "1명에게 알립니다.")


def test_larger_letters_and_high_contrast(screen, classes: list[Session]) -> None:
    make.booking(classes[0], make.learner("예시 한별", E164))
    now = make.session(starts_at=timezone.now() - timedelta(minutes=5))
    make.booking(now, make.learner("예시 이든"))
    page = at(screen, make.coordinator(), width=320, text="larger", contrast="high")
    answered(page)
    seen(page, "caller-larger")
    for address in (
        "desk/",
        f"desk/sessions/{now.pk}/",
        f"desk/sessions/{now.pk}/attendance/",
        f"desk/sessions/{now.pk}/list/",
        f"courses/{now.course_id}/series/",
    ):
        page.goto(f"/learning/{address}")
        seen(page, address.replace("/", "-"))
