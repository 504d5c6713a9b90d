"""Classes at the desk: the list, attendance by a tap, the paper, closing, calling off (asked twice), calls to make."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.booking_states import State
from learning.models import Booking, Session
from learning.notices import tell_steps
from people.models import Call, Message
from privacy.models import AccessRecord
from tests import make as make_people
from tests import make_learning as make

pytestmark = pytest.mark.django_db
DESK = "/learning/desk/"


def of(session: Session, page: str = "") -> str:
    return f"{DESK}sessions/{session.pk}/{page}"


@pytest.fixture
def today() -> Session:
    """It began ten minutes ago."""
    return make.session(starts_at=timezone.now() - timedelta(minutes=10))


@pytest.fixture
def desk(client: Client, today: Session) -> Client:
    return make_people.signed_in(client, make.centre_staff(today.room.centre))


def test_a_centre_sees_its_classes_and_the_call_centre_all(client: Client) -> None:
    here, there = make.session(make.course(title="여기 수업")), make.session(make.course(title="저기 수업"))
    old = make.session(make.course(title="지난 수업"), room=here.room, days=-5)
    make_people.signed_in(client, make.centre_staff(here.room.centre))
    page = client.get(DESK).content.decode()
    assert "여기 수업" in page
    assert "저기 수업" not in page
    assert "지난 수업" not in page
    assert 'name="centre"' not in page
    assert (
        "지난 수업"
        in client.get(DESK, {"day": timezone.localdate(old.starts_at).isoformat()}).content.decode()
    )
    for name in ("", "list/", "attendance/", "attendance/rest/", "close/", "call-off/", "seats/"):
        assert client.get(of(there, name)).status_code == 404
        assert client.post(of(there, name), {"why": "x", "sure": "on"}).status_code in (404, 405)
    make_people.signed_in(client, make.call_centre())
    page = client.get(DESK).content.decode()
    assert "여기 수업" in page
    assert "저기 수업" in page
    page = client.get(DESK, {"centre": there.room.centre_id}).content.decode()
    assert "여기 수업" not in page
    for asked in ({"centre": "x"}, {"topic": "x"}, {"day": "x"}):
        assert client.get(DESK, asked).status_code == 422
    assert client.get(DESK, {"page": "x"}).status_code == 200


def test_one_class_shows_who_comes_without_their_names(desk: Client, today: Session) -> None:
    comes = make.booking(today, make.learner("예시 한별"))
    gone = make.booking(today)
    page = desk.get(of(today)).content.decode()
    assert "예시 한별" not in page
    assert f"bookings/{comes.pk}/" in page
    seen = AccessRecord.objects.filter(action="view").latest("pk")
    assert set(seen.subjects) == {f"learning.booking:{comes.pk}", f"learning.booking:{gone.pk}"}


def test_attendance_by_one_tap_and_back(desk: Client, today: Session) -> None:
    booking, other = make.booking(today, make.learner("예시 한별")), make.booking(today)
    page = desk.get(of(today, "attendance/")).content.decode()
    assert "예시 한별" in page
    row = of(today, f"attendance/{booking.pk}/")
    answer = desk.post(row, {"said": "came"})
    assert answer["Location"] == f"{of(today, 'attendance/')}#seat-{booking.pk}"
    booking.refresh_from_db()
    assert booking.attendance == "came"
    assert "되돌리기" in desk.get(of(today, "attendance/")).content.decode()
    part = desk.post(row, {"said": "undo"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "오셨습니다" in part
    assert 'hx-swap-oob="true"' in part
    for said, kept in (("absent", "absent"), ("undo", ""), ("x", "")):
        desk.post(row, {"said": said})
        booking.refresh_from_db()
        assert booking.attendance == kept
    desk.post(row, {"said": "came"})
    assert other.steps.count() == 1
    page = desk.get(of(today, "attendance/rest/")).content.decode()
    assert "1명을 결석으로" in page
    desk.post(of(today, "attendance/rest/"))
    other.refresh_from_db()
    assert other.attendance == "absent"
    assert desk.get(of(today, "attendance/rest/")).status_code == 302
    assert desk.post(of(today, f"attendance/{make.booking().pk}/"), {"said": "came"}).status_code == 404


def test_before_the_day_nobody_has_come(client: Client) -> None:
    booking = make.booking()
    make_people.signed_in(client, make.call_centre())
    assert "수업하는 날부터" in client.get(of(booking.session, "attendance/")).content.decode()
    client.post(of(booking.session, f"attendance/{booking.pk}/"), {"said": "came"})
    booking.refresh_from_db()
    assert booking.attendance == ""


def test_the_instructor_of_the_class_takes_attendance_and_nothing_else(
    client: Client, today: Session
) -> None:
    teacher, booking = make.instructor(), make.booking(today)
    make_people.signed_in(client, teacher.user)
    assert client.get(of(today, "attendance/")).status_code == 404
    make.assignment(teacher, today)
    assert client.get(of(today, "attendance/")).status_code == 200
    client.post(of(today, f"attendance/{booking.pk}/"), {"said": "came"})
    booking.refresh_from_db()
    assert booking.attendance == "came"
    for page in (of(today), of(today, "call-off/"), f"{DESK}bookings/{booking.pk}/", f"{DESK}to-phone/"):
        assert client.get(page).status_code == 403


def test_the_list_on_paper(desk: Client, today: Session) -> None:
    make.booking(today, make.learner("예시 한별", "+821099981234"), wishes="휠체어")
    make.booking(today)
    page = desk.get(of(today, "list/")).content.decode()
    assert "예시 한별" not in page and "무슨 일로 보시나요?" in page
    make_people.seeing(desk, today, purpose="visit")
    page = desk.get(of(today, "list/")).content.decode()
    assert "예시 한별" in page
    for word in ("1234", "휠체어", "None"):
        assert word not in page
    assert AccessRecord.objects.get(action="print").detail == "배움터 출석부: 방문·수업 준비"


def test_closed_and_opened_again(client: Client) -> None:
    session = make.session()
    make_people.signed_in(client, make.centre_staff(session.room.centre))
    client.post(of(session, "close/"), {"why": "준비물이 모자랍니다"})
    session.refresh_from_db()
    assert (session.state, session.why) == ("closed", "준비물이 모자랍니다")
    assert "다시 신청 받기" in client.get(of(session)).content.decode()
    client.post(of(session, "close/"))
    session.refresh_from_db()
    assert session.state == "open"


def test_called_off_only_when_asked_twice_and_everybody_is_told(client: Client) -> None:
    session = make.session(capacity=1)
    seated, waits = make.booking(session), make.booking(session)
    make_people.signed_in(client, make.centre_staff(session.room.centre))
    off = of(session, "call-off/")
    assert client.post(off, {"why": ""}).status_code == 422
    page = client.post(off, {"why": "강사님이 편찮으십니다"})
    assert page.status_code == 200
    shown = page.content.decode()
    assert "2명 모두에게" in shown
    assert "까닭: 강사님이 편찮으십니다" in shown
    session.refresh_from_db()
    assert session.state == "open"
    answer = client.post(off, {"why": "강사님이 편찮으십니다", "sure": "on"}, follow=True)
    assert "2명에게 알립니다" in answer.content.decode()
    for booking in (seated, waits):
        booking.refresh_from_db()
        assert booking.state == State.CALLED_OFF
    tell_steps()
    told = Message.objects.filter(template="learning_called_off")
    assert {message.to for message in told} == {seated.learner.phone, waits.learner.phone}
    assert client.get(off).status_code == 302
    client.post(off, {"why": "또", "sure": "on"})
    tell_steps()
    assert Message.objects.filter(template="learning_called_off").count() == 2


def test_seats_as_the_room_has_and_never_below_those_taken(client: Client) -> None:
    session = make.session(capacity=2, room=make.room(seats=10))
    for _ in range(3):
        make.booking(session)
    make_people.signed_in(client, make.coordinator())
    for seats, status in (("1", 409), ("11", 409), ("0", 422), ("많이", 422), ("5", 302)):
        assert client.post(of(session, "seats/"), {"seats": seats}).status_code == status, seats
    session.refresh_from_db()
    assert session.capacity == 5
    assert session.bookings.filter(state=State.OFFERED).count() == 1


def a_call(booking: Booking) -> Call:
    message = Message.objects.create(
        key=f"learning_booked:{booking.pk}:1",
        template="learning_booked",
        to=booking.told_at,
        text="[진주시 디지털배움터] 신청되었습니다. 자리가 있습니다.\n스마트폰",
        state=Message.State.FAILED,
        calls=True,
        due_at=timezone.now(),
    )
    return Call.objects.create(message=message)


def test_who_could_not_be_told_is_called(client: Client) -> None:
    mine, theirs = make.booking(who=make.learner(number="+82557471234")), make.booking()
    call, other = a_call(mine), a_call(theirs)
    make_people.signed_in(client, make.centre_staff(mine.session.room.centre))
    page = client.get(f"{DESK}to-phone/").content.decode()
    assert f"to-phone/{call.pk}/" in page
    assert f"to-phone/{other.pk}/" not in page
    assert "055-***-1234" in page
    assert "신청되었습니다" in page
    assert client.get(f"{DESK}to-phone/{other.pk}/").status_code == 404
    one = f"{DESK}to-phone/{call.pk}/"
    shown = client.get(one).content.decode()
    assert "055-747-1234" in shown
    assert AccessRecord.objects.filter(detail="배움터 전화로 알리기").count() == 1
    client.post(one, {"said": "x"})
    client.post(one, {"said": "no_answer"})
    call.refresh_from_db()
    assert (call.state, call.tries) == (Call.State.OPEN, 1)
    client.post(one, {"said": "reached"})
    call.refresh_from_db()
    assert call.state == Call.State.REACHED
    assert client.post(one, {"said": "reached"}).status_code == 302  # pressed twice
    make_people.signed_in(client, make.call_centre())
    assert f"to-phone/{other.pk}/" in client.get(f"{DESK}to-phone/").content.decode()


def test_as_many_queries_for_one_as_for_many(client: Client) -> None:
    room = make.room()
    session = make.session(starts_at=timezone.now() - timedelta(minutes=5), room=room, capacity=30)
    make_people.signed_in(client, make.call_centre())
    pages = [DESK, of(session), of(session, "attendance/"), of(session, "list/"), f"{DESK}to-phone/"]
    counts: dict[str, list[int]] = {page: [] for page in pages}
    for wanted in (1, 3, 12):
        while session.bookings.count() < wanted:
            a_call(make.booking(session))
            make.session(days=2 + session.bookings.count())
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts[page].append(len(queries))
    assert all(len(set(found)) == 1 for found in counts.values()), counts
