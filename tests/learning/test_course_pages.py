"""The coordinator: courses, conditions, classes one by one and every week, rooms; what the database refuses."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import planning
from learning.models import Centre, CentrePost, Course, Room, Session
from learning.notices import tell_steps
from people.holidays import decide_on_day
from people.models import Message
from tests import make as make_people
from tests import make_learning as make

pytestmark = pytest.mark.django_db
COURSES = "/learning/courses/"
#: A Tuesday after which no holiday is near.
TUESDAY = date(2099, 11, 3)


@pytest.fixture
def office(client: Client) -> Client:
    return make_people.signed_in(client, make.coordinator())


def course_words(**more: object) -> dict[str, object]:
    return {
        "title": "키오스크 주문",
        "topic": "kiosk",
        "level": "1",
        "learn": "키오스크로 주문해 봅니다.",
        "minutes": "90",
        "seats": "12",
        "is_active": "on",
        **more,
    }


def class_words(room: Room, day: date, **more: object) -> dict[str, object]:
    return {
        "room": room.pk,
        "day": day.isoformat(),
        "starts": "10:00",
        "minutes": "120",
        "capacity": "10",
        "opens_on": timezone.localdate().isoformat(),
        "opens_time": "00:00",
        "closes_hours": "2",
        **more,
    }


def ahead(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_only_the_coordinator_opens_it(client: Client) -> None:
    course, room = make.course(), make.room()
    pages = [
        "",
        "new/",
        f"{course.pk}/",
        f"{course.pk}/edit/",
        f"{course.pk}/rules/",
        f"{course.pk}/session/",
    ]
    pages += [
        f"{course.pk}/series/",
        "places/",
        "places/new/",
        f"places/{room.centre_id}/",
        f"rooms/{room.pk}/",
    ]
    pages += [f"places/{room.centre_id}/room/", f"places/{room.centre_id}/staff/"]
    for page in pages:
        assert client.get(COURSES + page).status_code == 302
    for stranger in (make.call_centre(), make.centre_staff(room.centre), make_people.clerk()):
        make_people.signed_in(client, stranger)
        for page in pages:
            assert client.get(COURSES + page).status_code == 403, page
            assert client.post(COURSES + page, course_words()).status_code in (403, 405), page
    for may in (make.coordinator(), make.officer()):
        make_people.signed_in(client, may)
        for page in pages:
            assert client.get(COURSES + page).status_code == 200, page
    assert Course.objects.count() == 1


def test_a_course_is_written_down_and_changed(office: Client) -> None:
    assert office.post(f"{COURSES}new/", course_words(title="")).status_code == 422
    assert office.post(f"{COURSES}new/", course_words(minutes="5")).status_code == 422
    assert office.post(f"{COURSES}new/", course_words(topic="magic")).status_code == 422
    answer = office.post(f"{COURSES}new/", course_words())
    course = Course.objects.get()
    assert answer["Location"] == f"{COURSES}{course.pk}/"
    office.post(f"{COURSES}{course.pk}/edit/", course_words(title="키오스크 결제", is_active=""))
    course.refresh_from_db()
    assert (course.title, course.minutes, course.is_active) == ("키오스크 결제", 90, False)
    assert "키오스크 결제" in office.get(COURSES).content.decode()


def test_conditions_are_added_and_ended(office: Client) -> None:
    course = make.course()
    page = f"{COURSES}{course.pk}/rules/"
    given = {"from_on": ahead(0).isoformat(), "age_from": "65", "reason": "어르신 과정입니다."}
    for wrong in (
        {"age_from": ""},
        {"reason": ""},
        {"age_until": "60"},
        {"until_on": ahead(-1).isoformat()},
        {"from_on": "봄"},
        {"needs_level": "9"},
    ):
        assert office.post(page, given | wrong).status_code == 422, wrong
    assert office.post(page, given).status_code == 302
    assert office.post(page, given | {"from_on": ahead(9).isoformat(), "needs_level": "2"}).status_code == 302
    shown = office.get(page).content.decode()
    assert "65세부터" in shown
    assert "지금 적용" in shown
    assert "앞으로 적용" in shown
    later, now = course.rules.order_by("-from_on")
    for rule in (later, now):
        office.post(f"{COURSES}rules/{rule.pk}/end/")
    now.refresh_from_db()
    assert now.until_on == ahead(0)
    assert list(course.rules.all()) == [now]


def test_one_class_and_a_room_that_is_taken(office: Client) -> None:
    course, room = make.course(title="첫 수업"), make.room(seats=10)
    page = f"{COURSES}{course.pk}/session/"
    for wrong in (
        {"capacity": "11"},
        {"room": ""},
        {"starts": "아침"},
        {"minutes": "0"},
        {"closes_hours": "-1"},
    ):
        assert office.post(page, class_words(room, ahead(7)) | wrong).status_code == 422, wrong
    past = office.post(page, class_words(room, ahead(-1)))
    assert past.status_code == 409
    assert "이미 지났습니다" in past.content.decode()
    late = office.post(page, class_words(room, ahead(7), opens_on=ahead(8).isoformat()))
    assert "신청 시작을 더 이르게" in late.content.decode()
    assert office.post(page, class_words(room, ahead(7))).status_code == 302
    session = Session.objects.get()
    assert session.minutes == 120
    assert session.starts_at - session.closes_at == timedelta(hours=2)
    refused = office.post(page, class_words(room, ahead(7), starts="11:59"))
    assert refused.status_code == 409
    assert "‘첫 수업 10:00~12:00’ 수업이 있습니다" in refused.content.decode()
    assert 'value="11:59"' in refused.content.decode()
    assert office.post(page, class_words(room, ahead(7), starts="12:00")).status_code == 302


def test_another_time_is_told_to_whoever_is_booked(office: Client) -> None:
    room = make.room()
    session, other = make.session(room=room), make.session(room=room, days=8)
    booking = make.booking(session)
    page = f"{COURSES}sessions/{session.pk}/"
    given = class_words(room, ahead(7), starts="14:00")
    answer = office.post(page, given)
    assert answer.status_code == 409
    assert "까닭을 적어 주세요" in answer.content.decode()
    taken = office.post(page, given | {"day": ahead(8).isoformat(), "starts": "13:00", "why": "교실 공사"})
    assert taken.status_code == 409
    assert other.course.title in taken.content.decode()
    answer = office.post(page, given | {"why": "교실 공사"}, follow=True)
    assert "1명에게 알립니다" in answer.content.decode()
    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).time() == time(14)
    tell_steps()
    assert Message.objects.get(template="learning_changed").to == booking.told_at
    office.post(page, given | {"closes_hours": "5"})  # the time of booking alone: nobody is told
    session.refresh_from_db()
    assert session.starts_at - session.closes_at == timedelta(hours=5)
    tell_steps()
    assert Message.objects.filter(template="learning_changed").count() == 1
    early = given | {"day": ahead(2).isoformat(), "opens_on": ahead(-1).isoformat(), "why": "앞당김"}
    assert office.post(page, early).status_code == 302


def series_words(room: Room, first: date, last: date, **more: object) -> dict[str, object]:
    return {
        "room": room.pk,
        "from_on": first.isoformat(),
        "until_on": last.isoformat(),
        "starts": "10:00",
        "capacity": "10",
        "as_one": "on",
        "opens_on": timezone.localdate().isoformat(),
        "opens_time": "00:00",
        "closes_hours": "0",
        **more,
    }


def test_every_week_is_looked_at_before_it_is_made(office: Client) -> None:
    course, room = make.course(), make.room()
    first = ahead(7)
    off = first + timedelta(days=7)
    decide_on_day(off, "진주 잔칫날", is_holiday=True, by=make.officer())
    for day in (first, off + timedelta(days=7), off + timedelta(days=14)):
        decide_on_day(day, "", is_holiday=False, by=make.officer())
    page = f"{COURSES}{course.pk}/series/"
    given = series_words(room, first, first + timedelta(days=21))
    shown = office.post(page, given | {"do": "look"})
    assert shown.status_code == 200
    words = shown.content.decode()
    assert "모두 3번 엽니다" in words
    assert "쉬는 날: 진주 잔칫날" in words
    assert not Session.objects.exists()
    answer = office.post(page, given | {"do": "make"})
    assert answer["Location"] == f"{COURSES}{course.pk}/"
    days = [timezone.localdate(each.starts_at) for each in Session.objects.order_by("starts_at")]
    assert days == [first, off + timedelta(days=7), off + timedelta(days=14)]
    assert Session.objects.values("series").distinct().count() == 1
    again = office.post(page, given | {"do": "look"}).content.decode()
    assert "교실에 수업 있음" in again
    assert "이대로" not in again
    refused = office.post(page, given | {"do": "make"})
    assert refused.status_code == 409
    assert course.title in refused.content.decode()
    assert Session.objects.count() == 3
    for wrong in (
        {"until_on": first - timedelta(days=1)},
        {"until_on": first + timedelta(days=800)},
        {"from_on": ahead(-7).isoformat()},
        {"capacity": "99"},
    ):
        assert office.post(page, given | wrong).status_code == 422, wrong


def test_a_series_of_holidays_is_none(office: Client) -> None:
    day = ahead(7)
    decide_on_day(day, "쉬는 날", is_holiday=True, by=make.officer())
    page = f"{COURSES}{make.course().pk}/series/"
    given = series_words(make.room(), day, day)
    assert "모두 쉬는 날입니다" in office.post(page, given | {"do": "look"}).content.decode()
    assert office.post(page, given | {"do": "make"}).status_code == 409


def test_all_or_none_of_a_series(office: Client) -> None:
    """What is in the way of the last time keeps all of them from being made, also if it came after the look."""
    room, course = make.room(), make.course()
    last = timezone.make_aware(datetime.combine(TUESDAY + timedelta(days=14), time(11)))
    make.session(make.course(title="먼저 있던 수업"), room=room, starts_at=last)
    series = make.Series(
        course=course,
        room=room,
        weekday=TUESDAY.weekday(),
        starts=time(10),
        from_on=TUESDAY,
        until_on=TUESDAY + timedelta(days=14),
        capacity=5,
    )
    assert [bool(day.clash) for day in planning.preview(series)] == [False, False, True]
    with pytest.raises(planning.RoomTaken, match="먼저 있던 수업"):
        planning.make(series, timezone.now(), 0)
    assert course.sessions.count() == 0
    assert course.series.count() == 0


def test_centres_rooms_and_who_works_there(office: Client) -> None:
    district = make_people.district()
    given = {"name": "시험 배움터", "district": district.pk, "travel_minutes": "15", "is_active": "on"}
    assert office.post(f"{COURSES}places/new/", given | {"name": ""}).status_code == 422
    office.post(f"{COURSES}places/new/", given)
    centre = Centre.objects.get()
    page = f"{COURSES}places/{centre.pk}/"
    assert office.post(f"{COURSES}places/new/", given).status_code == 422  # of that name there is one
    office.post(page, given | {"phone": "055-000-0000"})
    room = {"name": "1교실", "seats": "20", "equipment": "키오스크 2대, 빔프로젝터", "is_active": "on"}
    office.post(f"{page}room/", room)
    made = Room.objects.get()
    assert made.equipment == ["키오스크 2대", "빔프로젝터"]
    assert office.post(f"{page}room/", room).status_code == 422
    office.post(f"{COURSES}rooms/{made.pk}/", room | {"seats": "18", "equipment": ""})
    made.refresh_from_db()
    assert (made.seats, made.equipment) == (18, [])
    staff = make_people.user(username="centre-one")
    office.post(f"{page}staff/", {"username": "Centre-One", "reason": "2027년 근무"})
    post = CentrePost.objects.get(user=staff)
    assert office.post(f"{page}staff/", {"username": "centre-one", "reason": "또"}).status_code == 422
    assert office.post(f"{page}staff/", {"username": "nobody", "reason": "또"}).status_code == 422
    chief = make_people.chief(phone="+821099990007", phone_index="x", phone_sign_in=True)
    assert office.post(f"{page}staff/", {"username": chief.username, "reason": "또"}).status_code == 422
    shown = office.get(page).content.decode()
    assert "1교실" in shown
    assert "centre-one" in shown
    office.post(f"{COURSES}posts/{post.pk}/end/", {"reason": "옮김"})
    assert not CentrePost.objects.in_force().exists()
    assert office.get(f"{COURSES}posts/{post.pk}/end/").status_code == 404


def test_as_many_queries_for_one_as_for_many(office: Client) -> None:
    course = make.course()
    pages = [COURSES, f"{COURSES}{course.pk}/", f"{COURSES}{course.pk}/rules/", f"{COURSES}places/"]
    counts: dict[str, list[int]] = {page: [] for page in pages}
    for wanted in (1, 3, 12):
        while course.sessions.count() < wanted:
            make.session(course, days=2 + course.sessions.count())
            make.course_rule(course, age_from=65)
            make.course()
        for page in pages:
            office.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert office.get(page).status_code == 200
            counts[page].append(len(queries))
    assert all(len(set(found)) == 1 for found in counts.values()), counts
