"""A call: the number first, what it has booked, and the next class on the same page; scoped, masked, on record."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.booking_states import State
from learning.models import Booking, Session
from learning.topics import Level, Topic
from people.models import User
from privacy.models import AccessRecord, Consent
from tests import make as make_people
from tests import make_learning as make

pytestmark = pytest.mark.django_db
CALL = "/learning/desk/call/"
PHONE = "010-9998-1234"
E164 = "+821099981234"


@pytest.fixture
def desk(client: Client) -> Client:
    return make_people.signed_in(client, make.call_centre())


def said(**more: object) -> dict[str, object]:
    """Somebody new, who agrees."""
    return {"phone": PHONE, "do": "book", "who": "new", "name": "예시 한별", "personal": "on", **more}


def test_only_the_desk_opens_it(client: Client) -> None:
    assert client.get(CALL).status_code == 302
    for stranger in (make_people.clerk(), make.instructor().user):
        assert make_people.signed_in(client, stranger).get(CALL).status_code == 403
    for staff in (make.call_centre(), make.coordinator(), make.officer(), make.centre_staff()):
        answer = make_people.signed_in(client, staff).get(CALL)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


def test_the_number_comes_first(desk: Client) -> None:
    who = make.learner("예시 한별", E164)
    kept, over = make.booking(who=who), make.booking(make.session(days=-3), who)
    other = make.booking()
    page = desk.post(CALL, {"phone": PHONE}).content.decode()
    assert str(kept.pk) in page
    assert str(over.pk) not in page
    assert str(other.pk) not in page
    assert "예시 한별" not in page
    assert "예***별" in page
    assert "자리를 잡고, 수업을 알려 드리고" in page  # what is read aloud before they agree
    seen = AccessRecord.objects.filter(action="view").latest("pk").subjects
    assert set(seen) == {f"learning.booking:{kept.pk}", f"learning.learner:{who.pk}"}
    for wrong in ("", "12", "전화"):
        assert desk.post(CALL, {"phone": wrong}).status_code == 422
    assert (
        "이 번호로 앞으로 오실 수업이 없습니다"
        in desk.post(CALL, {"phone": "010-9998-0000"}).content.decode()
    )
    assert PHONE not in desk.get(CALL).content.decode()


def test_booked_in_one_page(desk: Client) -> None:
    session = make.session()
    answer = desk.post(CALL, said(pick=f"s{session.pk}", birth_year="1950"))
    booking = Booking.objects.get()
    assert answer["Location"] == f"/learning/desk/bookings/{booking.pk}/"
    assert (booking.state, booking.way, booking.told_at) == (State.CONFIRMED, "call", E164)
    assert (booking.learner.name, booking.age_band) == ("예시 한별", "70s")
    assert booking.steps.get().who == "staff"
    assert Consent.objects.get().subject == f"learning.learner:{booking.learner_id}"
    page = desk.get(answer["Location"]).content.decode()
    assert "자리가 있습니다" in page
    assert "예시 한별" in page


def test_who_is_known_is_chosen_and_not_asked_again(desk: Client) -> None:
    first, second = make.session(), make.session(days=9)
    desk.post(CALL, said(pick=f"s{first.pk}", own_phone="055-747-1234", booker_name="예시 딸"))
    known = Booking.objects.get().learner
    assert known.phone == "+82557471234"
    page = desk.post(CALL, {"phone": PHONE}).content.decode()
    assert f'value="{known.pk}"' in page
    answer = desk.post(CALL, {"phone": PHONE, "do": "book", "who": known.pk, "pick": f"s{second.pk}"})
    assert answer.status_code == 302
    booking = Booking.objects.get(session=second)
    assert (booking.learner, booking.told_at) == (known, E164)


def test_what_is_missing_is_said_and_what_was_typed_stays(desk: Client) -> None:
    session = make.session()
    for missing, words in (
        ({"name": ""}, "배우실 분의 이름을"),
        ({"personal": ""}, "동의를 여쭙고"),
        ({"pick": ""}, "수업을 골라"),
        ({"who": "x"}, "배우실 분을 골라"),
        ({"wishes": "휠체어"}, "알아 둘 것"),
        ({"birth_year": "50"}, "네 자리로"),
        ({"own_phone": "12"}, "전화번호를 다시"),
    ):
        answer = desk.post(CALL, said(**({"pick": f"s{session.pk}", "booker_name": "예시 이웃"} | missing)))
        assert answer.status_code == 422, missing
        page = answer.content.decode()
        assert words in page
        assert "예시 이웃" in page
    assert not Booking.objects.exists()


@pytest.mark.parametrize("key", ["", "s", "x1", "s0", "r0", "s99999999999", "s1;drop", "r٣"])
def test_a_key_that_names_nothing_books_nothing(desk: Client, key: str) -> None:
    assert desk.post(CALL, said(pick=key)).status_code in (409, 422)
    assert not Booking.objects.exists()


def test_looking_for_a_class_keeps_what_was_typed(desk: Client) -> None:
    kiosk = make.session(make.course(title="키오스크 연습", topic=Topic.KIOSK))
    phone = make.session(make.course(title="전화기 연습"), days=8)
    given = {"phone": PHONE, "do": "find", "name": "예시 한별", "topic": "kiosk", "pick": f"s{phone.pk}"}
    page = desk.post(CALL, given).content.decode()
    assert 'value="예시 한별"' in page
    assert "키오스크 연습" in page
    assert f'value="s{phone.pk}" id="pick-s{phone.pk}" checked' in page  # what was chosen stays in sight
    day = timezone.localtime(kiosk.starts_at).date().isoformat()
    page = desk.post(CALL, {"phone": PHONE, "do": "find", "day": day}).content.decode()
    assert "키오스크 연습" in page
    assert "전화기 연습" not in page
    assert desk.post(CALL, {"phone": PHONE, "topic": "nothing", "day": "봄"}).status_code == 200


def test_no_seat_is_a_place_in_the_line_and_no_condition_is_passed_unsaid(desk: Client) -> None:
    session = make.session(capacity=1)
    make.booking(session)
    assert "자리 없음</span>" in desk.post(CALL, {"phone": PHONE}).content.decode()
    desk.post(CALL, said(pick=f"s{session.pk}"))
    assert Booking.objects.get(entered_by__isnull=False).state == State.WAITING
    assert "1번째" in desk.post(CALL, {"phone": PHONE}).content.decode()

    old = make.session()
    make.course_rule(old.course, age_from=65)
    answer = desk.post(CALL, said(pick=f"s{old.pk}", birth_year="1990"))
    assert answer.status_code == 409
    assert "65세부터" in answer.content.decode()
    assert "받는 까닭" in answer.content.decode()
    answer = desk.post(CALL, said(pick=f"s{old.pk}", birth_year="1990", despite="어머니와 함께 오심"))
    assert answer.status_code == 302
    assert Booking.objects.get(session=old).steps.get().why == "어머니와 함께 오심"


def test_twice_is_once_and_booking_begins_for_nobody_earlier(desk: Client) -> None:
    session = make.session()
    assert desk.post(CALL, said(pick=f"s{session.pk}")).status_code == 302
    again = desk.post(CALL, said(pick=f"s{session.pk}"))
    assert again.status_code == 409
    assert "이미 신청하신 수업" in again.content.decode()
    same_time = make.session(starts_at=session.starts_at)
    assert desk.post(CALL, said(pick=f"s{same_time.pk}")).status_code == 409
    early = make.session(opens_at=timezone.now() + timedelta(days=1))
    answer = desk.post(CALL, said(pick=f"s{early.pk}", name="예시 다른이"))
    assert answer.status_code == 409
    assert "아직 신청을 받지 않습니다" in answer.content.decode()
    assert Booking.objects.count() == 1


def test_a_series_is_one_line_and_one_press(desk: Client) -> None:
    course = make.course(title="넉 주 과정")
    series = make.series(course)
    for week in range(4):
        make.session(course, series=series, room=series.room, days=7 * (week + 1), capacity=3)
    fullest = series.sessions.order_by("starts_at").last()
    make.booking(fullest)
    page = desk.post(CALL, {"phone": PHONE}).content.decode()
    assert page.count("넉 주 과정") == 1
    assert "모두 4회" in page
    assert "2자리 남음" in page
    answer = desk.post(CALL, said(pick=f"r{series.pk}"))
    assert answer.status_code == 302
    assert Booking.objects.filter(entered_by__isnull=False).count() == 4
    assert "4회를 신청했습니다" in desk.get(answer["Location"]).content.decode()


def test_a_centre_sees_and_books_its_own_only(client: Client) -> None:
    here, there = make.session(), make.session(days=8)
    who = make.learner("예시 한별", E164)
    mine, theirs = make.booking(here, who), make.booking(there, who)
    stranger = make.learner("예시 딴이", E164)
    make.booking(there, stranger)
    make_people.signed_in(client, make.centre_staff(here.room.centre))
    page = client.post(CALL, {"phone": PHONE}).content.decode()
    assert str(mine.pk) in page
    assert str(theirs.pk) not in page
    assert str(stranger.pk) not in page
    assert f"pick-s{there.pk}" not in page
    assert client.post(CALL, said(pick=f"s{there.pk}")).status_code == 409
    for name in ("", "cancel/", "move/", "answer/"):
        address = f"/learning/desk/bookings/{theirs.pk}/{name}"
        assert client.get(address).status_code in (404, 405)
        assert client.post(address, {"answer": "take", "why": "x"}).status_code in (404, 405)
    assert (
        client.post(f"/learning/desk/bookings/{mine.pk}/move/", {"pick": f"s{there.pk}"}).status_code == 409
    )
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert (mine.state, theirs.state) == (State.CONFIRMED, State.CONFIRMED)
    walk_in = make.session(room=here.room, starts_at=timezone.now() - timedelta(minutes=5))
    assert client.get(f"{CALL}?pick=s{walk_in.pk}").status_code == 200
    assert client.post(CALL, said(pick=f"s{walk_in.pk}", name="예시 들른이")).status_code == 302
    assert Booking.objects.get(session=walk_in).way == "centre"


def test_cancelled_moved_and_answered_by_telephone(desk: Client) -> None:
    who = make.learner("예시 한별", E164)
    session, full = make.session(capacity=1), make.session(capacity=1, days=8)
    booking, waits = make.booking(session, who), make.booking(session)
    make.booking(full)
    free = make.session(days=9)
    address = f"/learning/desk/bookings/{booking.pk}/"
    page = desk.get(f"{address}move/").content.decode()
    assert f"pick-s{free.pk}" in page
    assert f"pick-s{full.pk}" not in page
    assert desk.post(f"{address}move/", {}).status_code == 422
    assert desk.post(f"{address}move/", {"pick": f"s{full.pk}"}).status_code == 409
    answer = desk.post(f"{address}move/", {"pick": f"s{free.pk}"})
    moved = Booking.objects.get(session=free)
    assert answer["Location"] == f"/learning/desk/bookings/{moved.pk}/"
    assert "옮긴 신청 보기" in desk.get(address).content.decode()
    waits.refresh_from_db()
    assert waits.state == State.OFFERED  # the freed seat goes along the line
    assert desk.post(f"/learning/desk/bookings/{waits.pk}/answer/", {"answer": "x"}).status_code == 302
    desk.post(f"/learning/desk/bookings/{waits.pk}/answer/", {"answer": "take"})
    waits.refresh_from_db()
    assert waits.state == State.CONFIRMED
    desk.post(f"/learning/desk/bookings/{moved.pk}/cancel/", {"why": "감기"})
    moved.refresh_from_db()
    assert moved.state == State.CANCELLED
    assert desk.get(f"/learning/desk/bookings/{moved.pk}/cancel/").status_code == 302
    assert desk.get(f"/learning/desk/bookings/{uuid.uuid4()}/").status_code == 404


def test_the_rest_of_a_series_is_cancelled_too(desk: Client) -> None:
    series, who = make.series(), make.learner("예시 한별", E164)
    made = [
        make.booking(make.session(series.course, series=series, room=series.room, days=7 * (n + 1)), who)
        for n in range(3)
    ]
    address = f"/learning/desk/bookings/{made[0].pk}/cancel/"
    assert "남은 3번을 모두" in desk.get(address).content.decode()
    desk.post(address, {"whole": "on"})
    assert set(Booking.objects.values_list("state", flat=True)) == {State.CANCELLED}


def test_who_did_not_come_is_remembered(desk: Client) -> None:
    who = make.learner("예시 한별", E164)
    missed = make.booking(make.session(days=-3), who)
    Booking.objects.filter(pk=missed.pk).update(attendance="absent")
    assert "수업이 1번 있습니다" in desk.post(CALL, {"phone": PHONE}).content.decode()


def test_as_many_queries_for_one_as_for_many(desk: Client) -> None:
    counts = []
    for wanted in (1, 3, 12):
        while Session.objects.count() < 2 * wanted:
            n = Session.objects.count()
            series = make.series(make.course(level=Level.FIRST)) if n % 2 else None
            session = make.session(days=2 + n, **({"series": series} if series else {}))
            make.booking(session, make.learner(f"예시 주민{n}", E164))
        desk.post(CALL, {"phone": PHONE})
        with CaptureQueriesContext(connection) as queries:
            page = desk.post(CALL, {"phone": PHONE}).content.decode()
        assert page.count('class="call-do"') == 2 * wanted
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_the_pages_of_one_booking_ask_little(desk: Client, django_assert_max_num_queries) -> None:
    booking = make.booking()
    desk.get("/learning/desk/")
    for address in ("", "cancel/", "move/"):
        with django_assert_max_num_queries(20):
            assert desk.get(f"/learning/desk/bookings/{booking.pk}/{address}").status_code == 200


def test_users_of_nothing_see_no_menu(client: Client) -> None:
    user: User = make.instructor().user
    make_people.signed_in(client, user)
    assert client.get("/learning/courses/").status_code == 403
