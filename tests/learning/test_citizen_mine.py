"""내 신청: offers answered in one tap, cancelling, moving, the calendar file, the certificate; and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from learning import attendance, waiting
from learning import booking as deeds
from learning.models import Booking, Certificate, Learner, Session
from people.phones import normalised
from privacy.models import AccessRecord
from tests import make_learning

from .citizens import OTHERS, PHONE, book, citizen, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> Client:
    return citizen()


def learner(phone: str = PHONE, name: str = "예시 어르신") -> Learner:
    return make_learning.learner(name, normalised(phone))


def offered(me: Client, **fields) -> Booking:
    """A class of one seat, given up by somebody else: mine if I answer."""
    session = make_learning.session(capacity=1, **fields)
    other = make_learning.booking(session)
    book(me, session)
    mine = newest()
    deeds.cancel(other.pk, make_learning.CITIZEN)
    mine.refresh_from_db()
    assert mine.state == "offered"
    return mine


def words(me: Client, page: str = "", status: int = 200) -> str:
    answer = me.get(f"/learning/mine/{page}")
    assert answer.status_code == status
    return answer.content.decode()


def test_an_offer_stands_first_and_is_taken_in_one_tap(me: Client) -> None:
    mine = offered(me)
    page = words(me)
    assert (
        "자리가 났습니다. 오시겠어요?" in page and "앞으로 있을 수업" not in page
    )  # nothing else is to come
    assert f"/learning/mine/{mine.pk}/answer/" in page and "까지 답해 주세요" in page
    answer = me.post(f"/learning/mine/{mine.pk}/answer/", {"answer": "take"}, follow=True)
    assert "자리를 잡았습니다" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.state == "confirmed"
    again = me.post(f"/learning/mine/{mine.pk}/answer/", {"answer": "take"})
    assert again.status_code == 302  # twice does nothing more


def test_an_offer_is_declined_and_goes_on(me: Client) -> None:
    mine = offered(me)
    next_one = make_learning.booking(mine.session)
    answer = me.post(f"/learning/mine/{mine.pk}/answer/", {"answer": "decline"}, follow=True)
    assert "사양하신 자리입니다" in answer.content.decode()
    next_one.refresh_from_db()
    assert next_one.state == "offered"
    late = me.post(f"/learning/mine/{mine.pk}/answer/", {"answer": "take"})
    assert late.status_code == 409 and "다음 분께" in late.content.decode()


def test_an_answer_without_a_code_is_asked_for_one_and_comes_to_the_buttons(
    client: Client, me: Client
) -> None:
    mine = offered(me)
    answer = client.post(f"/learning/mine/{mine.pk}/answer/", {"answer": "take"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/people/sign-in/?next=%2Flearning%2Fmine%2F{mine.pk}%2F"
    mine.refresh_from_db()
    assert mine.state == "offered"
    assert me.post(f"/learning/mine/{mine.pk}/answer/", {"answer": "maybe"}).status_code == 409


def test_an_offer_that_is_over_says_so(me: Client) -> None:
    mine = offered(me)
    Booking.objects.filter(pk=mine.pk).update(offer_until=timezone.now() - timedelta(minutes=1))
    assert "오시겠어요" not in words(me) and "답하실 때가 지났습니다" in words(me)
    assert "오시겠어요" not in words(me, f"{mine.pk}/")
    waiting.expire_offers()
    assert "답하실 때가 지났습니다" in words(me, f"{mine.pk}/")


def test_cancelled_the_seat_is_free(me: Client) -> None:
    session = make_learning.session(capacity=1)
    book(me, session)
    mine = newest()
    assert "정말 취소하시겠어요" in words(me, f"{mine.pk}/cancel/")
    answer = me.post(f"/learning/mine/{mine.pk}/cancel/", {"why": "병원"}, follow=True)
    assert "신청을 취소했습니다" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.state == "cancelled" and mine.steps.last().why == "병원"
    assert "1자리 남음" in me.get(f"/learning/classes/{session.pk}/").content.decode()
    assert me.post(f"/learning/mine/{mine.pk}/cancel/").status_code == 409


def test_a_class_that_began_is_neither_cancelled_nor_moved(me: Client) -> None:
    session = make_learning.session(starts_at=timezone.now() - timedelta(minutes=5))
    mine = make_learning.booking(session, learner())
    for page in ("cancel/", "move/"):
        assert "이미 시작한 수업" in words(me, f"{mine.pk}/{page}", 409)
        assert me.post(f"/learning/mine/{mine.pk}/{page}").status_code == 409


def test_one_day_or_the_rest_of_a_series(me: Client) -> None:
    course = make_learning.course()
    series = make_learning.series(course, as_one=False)
    sessions = [make_learning.session(course, days=7 * n, series=series) for n in (1, 2, 3)]
    book(me, sessions[0], whole="all")
    first, second, third = Booking.objects.order_by("session__starts_at")
    assert "남은 3번 모두" in words(me, f"{first.pk}/cancel/")
    assert me.post(f"/learning/mine/{first.pk}/cancel/", {"which": "one"}).status_code == 302
    assert me.post(f"/learning/mine/{second.pk}/cancel/", {}).status_code == 422
    assert me.post(f"/learning/mine/{second.pk}/cancel/", {"which": "all"}).status_code == 302
    assert set(Booking.objects.values_list("state", flat=True)) == {"cancelled"}
    assert "남은 수업이 없습니다" in words(me, f"{third.pk}/series/")


def test_moved_to_a_day_with_a_seat(me: Client) -> None:
    course = make_learning.course()
    now, free = make_learning.session(course), make_learning.session(course, days=8)
    full = make_learning.session(course, days=9, capacity=1)
    make_learning.booking(full)
    elsewhere = make_learning.session(days=10)
    early = make_learning.session(course, days=11, opens_at=timezone.now() + timedelta(days=1))
    book(me, now)
    mine = newest()
    page = words(me, f"{mine.pk}/move/")
    assert f'value="{free.pk}"' in page
    assert not any(f'value="{each.pk}"' in page for each in (full, elsewhere, early, now))
    for wrong in (full.pk, elsewhere.pk, early.pk, "x", ""):
        assert me.post(f"/learning/mine/{mine.pk}/move/", {"to": wrong}).status_code == 422
    answer = me.post(f"/learning/mine/{mine.pk}/move/", {"to": free.pk})
    moved = newest()
    assert answer["Location"] == f"/learning/mine/{moved.pk}/" and moved.session_id == free.pk
    assert "다른 날로 옮기셨습니다" in words(me, f"{mine.pk}/")


def test_the_calendar_file_is_read_by_a_calendar(me: Client) -> None:
    session = make_learning.session(make_learning.course(title="사진, 보내기"))
    book(me, session)
    mine = newest()
    answer = me.get(f"/learning/mine/{mine.pk}/class.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "예시 어르신" not in answer.content.decode()
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["summary"] == "사진, 보내기" and event["status"] == "CONFIRMED"
    assert event.decoded("dtstart") == session.starts_at and event.decoded("dtend") == session.ends_at
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(days=-1)
    deeds.cancel(mine.pk, make_learning.CITIZEN)
    [event] = Calendar.from_ical(me.get(f"/learning/mine/{mine.pk}/class.ics").content).walk("VEVENT")
    assert event["status"] == "CANCELLED"


def came(phone: str = PHONE, **fields) -> Booking:
    session = make_learning.session(starts_at=timezone.now() - timedelta(hours=3), **fields)
    made = make_learning.booking(session, learner(phone))
    staff = make_learning.staff(make_learning.centre_staff(session.room.centre))
    attendance.mark(made.pk, "came", staff)
    return made


def test_a_certificate_after_coming(me: Client) -> None:
    mine = came()
    assert "수료증 보기" in words(me, f"{mine.pk}/")
    assert me.get(f"/learning/mine/{mine.pk}/certificate/").status_code == 302  # nothing is issued by looking
    assert not Certificate.objects.exists()
    shown = me.post(f"/learning/mine/{mine.pk}/certificate/", follow=True).content.decode()
    certificate = Certificate.objects.get()
    for said in (certificate.number, "예시 어르신", mine.session.course.title, "2시간"):
        assert said in shown, said
    assert me.post(f"/learning/mine/{mine.pk}/certificate/").status_code == 302
    assert Certificate.objects.count() == 1


def test_no_certificate_for_who_did_not_come(me: Client) -> None:
    session = make_learning.session(starts_at=timezone.now() - timedelta(hours=3))
    mine = make_learning.booking(session, learner())
    for send in (me.get, me.post):
        assert send(f"/learning/mine/{mine.pk}/certificate/").status_code == 409
    assert not Certificate.objects.exists()


def test_a_parent_sees_what_a_child_booked_for_them(me: Client) -> None:
    session = make_learning.session()
    typed = {"whose": "other", "name": "예시 부모", "own_phone": OTHERS, "booker_name": "예시 자녀"}
    book(me, session, contact="booker", **typed)
    assert "예시 부모" in words(citizen(OTHERS)) and "예시 부모" in words(me)


def test_anothers_is_not_there(me: Client) -> None:
    theirs = make_learning.booking(make_learning.session(), learner(OTHERS, "예시 이웃"))
    assert "예시 이웃" not in words(me)
    pages = ("", "cancel/", "move/", "class.ics", "certificate/", "series/")
    for page in pages:
        assert me.get(f"/learning/mine/{theirs.pk}/{page}").status_code == 404
        assert Client().get(f"/learning/mine/{theirs.pk}/{page}").status_code == 302
    for page in ("answer/", "cancel/", "move/", "certificate/"):
        assert me.post(f"/learning/mine/{theirs.pk}/{page}", {"answer": "take"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "confirmed"


def test_who_looked_is_on_record(me: Client) -> None:
    mine = make_learning.booking(make_learning.session(), learner())
    pages = ("", f"{mine.pk}/", f"{mine.pk}/cancel/", f"{mine.pk}/move/", f"{mine.pk}/class.ics")
    for page in pages:
        words(me, page)
    seen = AccessRecord.objects.filter(
        subjects=[f"learning.booking:{mine.pk}"], action__in=["view", "download"]
    )
    assert seen.count() == len(pages)
    assert all(record.identifier.startswith("010-****-7101") for record in seen)


def test_pages_ask_a_fixed_number_of_questions(me: Client) -> None:
    course = make_learning.course()
    series = make_learning.series(course, as_one=False)
    who = learner()
    counts: dict[str, set[int]] = {}
    days = iter(range(2, 40))
    for more in (1, 3, 8):
        for _ in range(more):
            session = make_learning.session(course, days=next(days), series=series, capacity=1)
            make_learning.booking(session)
            mine = make_learning.booking(session, who)
        for name in ("", f"{mine.pk}/", f"{mine.pk}/series/", f"{mine.pk}/cancel/", f"{mine.pk}/move/"):
            with CaptureQueriesContext(connection) as asked:
                words(me, name)
            counts.setdefault(name.partition("/")[2] or name[:1], set()).add(len(asked))
    assert all(len(seen) == 1 for seen in counts.values()), counts


def test_what_is_over_is_listed_apart_and_no_more_than_a_page(me: Client) -> None:
    who = learner()
    for n in range(1, 35):
        make_learning.booking(make_learning.session(days=-n), who)
    page = words(me)
    assert page.split('id="past"')[1].count("<li>") == 30
    assert Session.objects.count() == 34
