"""수업 찾기: the list, the calendar, the page of a class and the feed, for whoever comes by. Nobody signs in."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from learning.models import Session
from learning.topics import Level, Topic
from people.models import District
from tests import make, make_learning

pytestmark = pytest.mark.django_db


def words(client: Client, page: str, status: int = 200) -> str:
    answer = client.get(page)
    assert answer.status_code == status
    return answer.content.decode()


def asked(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_the_first_page_asks_by_topic_and_costs_no_query(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = words(client, "/learning/")
    assert len(queries) == 0
    for topic, label in Topic.choices:
        assert f"/learning/classes/?topic={topic}" in page and label in page
    assert "055-000-0000" in page.split("<main", 1)[1].split("</main>")[0]


def test_the_list_by_topic_level_place_and_day(client: Client) -> None:
    here = make_learning.centre()
    phone = make_learning.session(make_learning.course(title="전화 배우기"), room=make_learning.room(here))
    make_learning.session(
        make_learning.course(title="주문 기계", topic=Topic.KIOSK, level=Level.USING), days=9
    )
    make_learning.session(make_learning.course(title="지난 수업"), days=-2)
    make_learning.session(make_learning.course(title="휴강 수업"), state="cancelled", why="강사 사정")
    both = words(client, "/learning/classes/")
    assert "전화 배우기" in both and "주문 기계" in both
    assert "지난 수업" not in both and "휴강 수업" not in both
    day = timezone.localdate(phone.starts_at).isoformat()
    for only in ("topic=smartphone", "level=1", f"centre={here.pk}", f"day={day}"):
        page = words(client, f"/learning/classes/?{only}")
        assert "전화 배우기" in page and "주문 기계" not in page, only
    assert "그런 수업이 지금은 없습니다" in words(client, "/learning/classes/?topic=ai")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("topic=cooking", "목록에서 골라 주세요"),
        ("level=9", "목록에서 골라 주세요"),
        ("centre=0", "목록에서 골라 주세요"),
        ("district=1", "목록에서 골라 주세요"),
        ("day=tomorrow", "날짜를 2026-01-31처럼"),
        ("day=2020-01-01", "오늘부터 1년 안의 날짜"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_still_shown(client: Client, query: str, said: str) -> None:
    make_learning.session(make_learning.course(title="전화 배우기"))
    page = words(client, f"/learning/classes/?{query}", 422)
    assert said in page and "전화 배우기" in page


def test_near_me_is_remembered_on_the_device_and_nowhere_else(client: Client) -> None:
    far, near = make.district("사봉면"), make.district("문산읍")
    for name, where in (("먼 배움터", far), ("가까운 배움터", near)):
        room = make_learning.room(make_learning.centre(name=name, district=where))
        make_learning.session(room=room, days=3 if where == far else 5)
    plain = words(client, "/learning/classes/").split('id="found"')[1]
    assert plain.index("먼 배움터") < plain.index("가까운 배움터")  # by day
    chosen = words(client, f"/learning/classes/?district={near.pk}").split('id="found"')[1]
    assert chosen.index("가까운 배움터") < chosen.index("먼 배움터")
    assert "문산읍에서 가까운 순서" in chosen and "1km 안" in chosen
    again = words(client, "/learning/classes/").split('id="found"')[1]
    assert again.index("가까운 배움터") < again.index("먼 배움터")
    words(client, "/learning/classes/?district=")
    assert "가까운 순서" not in words(client, "/learning/classes/")
    client.cookies["district"] = "nowhere"
    assert "가까운 순서" not in words(client, "/learning/classes/")


def test_seats_and_those_who_wait_are_said(client: Client) -> None:
    session = make_learning.session(capacity=2)
    page = f"/learning/classes/{session.pk}/"
    assert "2자리 남음" in words(client, page)
    for _ in range(5):
        make_learning.booking(session)
    full = words(client, page)
    assert "자리 없음, 대기 3명" in full and "대기 신청하기" in full
    assert "자리 없음, 대기 3명" in words(client, "/learning/classes/")


def test_a_class_says_all_that_one_needs_to_come(client: Client) -> None:
    centre = make_learning.centre(
        name="시험 센터",
        address="진주시 동부로 1",
        way_there="문산 정류장에서 3분, 승강기 있음",
        phone="055-111-2222",
    )
    course = make_learning.course(bring="쓰시는 스마트폰", learn="사진 보내기를 배웁니다.")
    make_learning.course_rule(course, age_from=65)
    make_learning.course_rule(course, needs_level=Level.FIRST, reason="이어지는 과정입니다.")
    past = timezone.localdate() - timedelta(days=1)
    make_learning.course_rule(course, age_from=80, until_on=past, reason="작년 규칙")
    session = make_learning.session(course, room=make_learning.room(centre))
    page = words(client, f"/learning/classes/{session.pk}/")
    for said in (
        *("사진 보내기", "쓰시는 스마트폰", "시험 센터", "동부로 1", "승강기 있음", "055-111-2222"),
        *(
            "65세부터 오실 수 있습니다",
            "어르신을 위한 과정입니다",
            "‘첫걸음’ 수업에 나오신 적이",
            "낮 12시~오후 2시",
        ),
    ):
        assert said in page, said
    assert "작년 규칙" not in page


@pytest.mark.parametrize(
    ("change", "said", "button"),
    [
        ({"state": "closed", "why": "강사가 준비합니다"}, "신청 마감", ""),
        ({"state": "cancelled", "why": "강사 사정"}, "휴강된 수업입니다", ""),
        ({"opens_at": timedelta(days=1)}, "부터 신청", "미리 적어 두기"),
        ({"closes_at": timedelta(minutes=-5)}, "신청 마감", ""),
    ],
)
def test_when_it_cannot_be_booked_the_page_says_why(client: Client, change, said: str, button: str) -> None:
    now = timezone.now()
    fields = {name: now + value if isinstance(value, timedelta) else value for name, value in change.items()}
    session = make_learning.session(**fields)
    page = words(client, f"/learning/classes/{session.pk}/")
    assert said in page
    assert (f"/classes/{session.pk}/book/" in page) == bool(button)
    assert button in page


def test_of_a_series_that_is_booked_whole_the_next_stands_for_all(client: Client) -> None:
    course = make_learning.course(title="네 번 과정")
    series = make_learning.series(course, as_one=True)
    first, *rest = [make_learning.session(course, days=7 * n, series=series) for n in (1, 2, 3)]
    found = words(client, "/learning/classes/").split('id="found"')[1]
    assert found.count("네 번 과정") == 1 and f"/classes/{first.pk}/" in found
    day = timezone.localdate(rest[0].starts_at).isoformat()
    assert f"/classes/{rest[0].pk}/" in words(client, f"/learning/classes/?day={day}")
    page = words(client, f"/learning/classes/{first.pk}/")
    assert "한 번 신청하면 아래 날에 모두" in page
    assert all(f"/classes/{each.pk}/" in page for each in rest)


def test_a_month_with_its_classes_and_holidays(client: Client) -> None:
    year = timezone.localdate().year + 1
    new_year = timezone.make_aware(datetime(year, 1, 1, 14))
    if new_year - timezone.now() > timedelta(days=330):
        year, new_year = year - 1, timezone.make_aware(datetime(year, 1, 1, 14))
    session = make_learning.session(make_learning.course(title="새해 수업"), starts_at=new_year)
    make_learning.session(
        make_learning.course(title="휴강 수업"), starts_at=new_year, state="cancelled", why="쉼"
    )
    page = words(client, f"/learning/calendar/?month={year}-01")
    cell = page.split(f'datetime="{year}-01-01"')[1].split("</td>")[0]
    assert "새해 수업" in cell and "오후 2시" in cell and f"/classes/{session.pk}/" in cell
    assert "신정연휴" in cell or "새해" in cell.split("<ul>")[0]
    assert "휴강 수업" not in page
    assert page.count("<th scope") == 7


@pytest.mark.parametrize("month", ["2026-13", "next", "1999-01", "2999-12", "2026-1' OR 1=1"])
def test_a_month_that_is_none(client: Client, month: str) -> None:
    page = words(client, f"/learning/calendar/?month={month}", 422)
    assert "이번 달을 보여 드립니다" in page


def test_a_day_with_many_classes_leads_to_its_list(client: Client) -> None:
    for _ in range(9):
        make_learning.session(days=0, starts_at=timezone.now() + timedelta(minutes=1))
    day = timezone.localdate(Session.objects.latest("pk").starts_at)
    page = words(client, f"/learning/calendar/?month={day:%Y-%m}&topic=smartphone")
    assert "5개 더 보기" in page and f"topic=smartphone&amp;day={day}" in page


def test_pages_ask_a_fixed_number_of_questions(client: Client) -> None:
    course = make_learning.course()
    series = make_learning.series(course, as_one=False)
    home = District.objects.first()
    day = timezone.localdate() + timedelta(days=7)
    pages = {
        "list": f"/learning/classes/?district={home.pk}",
        "calendar": f"/learning/calendar/?month={day:%Y-%m}",
        "feed": "/learning/calendar.ics",
        "class": "",
    }
    counts: dict[str, set[int]] = {name: set() for name in pages}
    for more in (1, 3, 8):
        for _ in range(more):
            held = make_learning.session(course, series=series)
            make_learning.booking(held)
        pages["class"] = f"/learning/classes/{held.pk}/"
        for name, page in pages.items():
            counts[name].add(asked(client, page))
    assert {name: len(seen) for name, seen in counts.items()} == dict.fromkeys(pages, 1), counts
    assert max(map(max, counts.values())) <= 5


def test_more_than_a_page(client: Client) -> None:
    course = make_learning.course()
    for _ in range(23):
        make_learning.session(course)
    first = words(client, "/learning/classes/?topic=smartphone")
    assert first.count("class-card") == 20 and "topic=smartphone&amp;page=2" in first
    assert words(client, "/learning/classes/?topic=smartphone&page=2").count("class-card") == 3


def test_the_feed_is_read_by_a_calendar(client: Client) -> None:
    kiosk = make_learning.session(make_learning.course(title="주문, 기계; 배우기", topic=Topic.KIOSK))
    off = make_learning.session(
        make_learning.course(topic=Topic.KIOSK), state="cancelled", why="강사 사정", days=8
    )
    phone = make_learning.session()
    answer = client.get(f"/learning/calendar.ics?topic=kiosk&centre={kiosk.room.centre_id}")
    assert answer["Content-Type"].startswith("text/calendar") and "public" in answer["Cache-Control"]
    [only] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert only["summary"] == "주문, 기계; 배우기"
    assert only.decoded("dtstart") == kiosk.starts_at and only.decoded("dtend") == kiosk.ends_at
    assert only["url"].endswith(f"/learning/classes/{kiosk.pk}/")
    assert kiosk.room.centre.name in only["location"]

    read = Calendar.from_ical(client.get("/learning/calendar.ics").content)
    events = {str(event["uid"]).partition("@")[0]: event for event in read.walk("VEVENT")}
    assert set(events) == {f"class-{each.pk}" for each in (kiosk, off, phone)}
    assert events[f"class-{off.pk}"]["status"] == "CANCELLED"
    assert events[f"class-{phone.pk}"]["status"] == "CONFIRMED"
    assert read["x-wr-calname"] == "진주 디지털배움터"
    assert client.get("/learning/calendar.ics?topic=cooking").status_code == 404


def test_the_month_names_the_day_a_phone_reads(client: Client) -> None:
    session = make_learning.session(days=0, starts_at=timezone.now() + timedelta(minutes=1))
    day: date = timezone.localdate(session.starts_at)
    page = words(client, f"/learning/calendar/?month={day:%Y-%m}")
    assert f'<span class="month-of">{day.month}월 </span>{day.day}' in page


def test_a_month_begins_where_the_next_class_is(client: Client) -> None:
    session = make_learning.session(days=80)
    month = timezone.localdate(session.starts_at)
    assert f"{month.year}년 {month.month}월" in words(client, "/learning/calendar/")
