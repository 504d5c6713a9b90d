"""신청하기: by the code to one's phone, for oneself or for a parent, a day or all; and what is refused, with words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import notices
from learning.models import Booking, Learner, Session
from people.models import Message
from people.phones import normalised
from privacy.models import Consent
from tests import make, make_learning

from .citizens import OTHERS, PHONE, book, citizen, newest, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> Client:
    return citizen()


@pytest.fixture
def session() -> Session:
    return make_learning.session(capacity=2)


def test_whoever_comes_by_is_asked_for_the_code_and_led_back(client: Client, session: Session) -> None:
    address = f"/learning/classes/{session.pk}/book/"
    asked = client.get(address)
    assert asked.status_code == 302 and asked["Location"].startswith("/people/sign-in/?next=")
    assert "직원이 대신 신청해 드립니다" in client.get(asked["Location"]).content.decode()
    assert signed_in(client, PHONE, address)["Location"] == address
    page = client.get(address).content.decode()
    assert session.course.title in page and "2자리 남음" in page
    assert "배우시는 분이 태어난 해" not in page  # no condition asks for it


def test_a_seat_for_oneself(me: Client, session: Session) -> None:
    answer = book(me, session)
    booking = newest()
    assert answer.status_code == 302 and answer["Location"] == f"/learning/mine/{booking.pk}/"
    assert booking.state == "confirmed" and booking.way == "self"
    assert booking.learner.name == "예시 어르신" and booking.learner.phone == normalised(PHONE)
    assert booking.told_at == normalised(PHONE) and not booking.learner.birth_year
    page = me.get(answer["Location"]).content.decode()
    assert "자리를 잡았습니다" in page and "예시 어르신" in page
    notices.tell_steps()
    assert Message.objects.get(template="learning_booked").to == normalised(PHONE)
    said = Consent.objects.get()
    assert (said.key, said.agreed) == ("learning.personal", True)
    assert said.subject == f"learning.learner:{booking.learner_id}"
    assert (booking.steps.get().deed, booking.steps.get().who) == ("booked", "learner")


def test_who_finds_it_full_waits_and_reads_the_place(session: Session) -> None:
    for n, said in enumerate(("자리를 잡았습니다", "자리를 잡았습니다", "대기 1번째", "대기 2번째"), 1):
        client = citizen(f"010-9999-720{n}")
        assert said in client.get(book(client, session)["Location"]).content.decode()
    assert "자리 없음, 대기 2명" in citizen().get(f"/learning/classes/{session.pk}/book/").content.decode()


def test_pressed_twice_it_is_one_booking_and_the_same_page(me: Client, session: Session) -> None:
    first = book(me, session)["Location"]
    assert book(me, session, name="예시  어르신")["Location"] == first
    assert Booking.objects.count() == 1


def test_for_a_parent_who_reads_the_messages(me: Client, session: Session) -> None:
    parent = {
        "whose": "other",
        "name": "예시 부모",
        "own_phone": "055-111-2222",
        "booker_name": "예시 자녀",
        "contact": "learner",
    }
    assert book(me, session, **parent).status_code == 302
    booking = newest()
    assert booking.way == "family" and booking.booker_name == "예시 자녀"
    assert booking.learner.phone == "+82551112222" == booking.told_at
    page = me.get(f"/learning/mine/{booking.pk}/").content.decode()
    assert "예시 자녀" in page and "예시 부모" in page


def test_for_a_parent_without_a_telephone(me: Client, session: Session) -> None:
    parent = {"whose": "other", "name": "예시 부모", "booker_name": "예시 자녀", "contact": "booker"}
    assert book(me, session, **parent).status_code == 302
    booking = newest()
    assert booking.told_at == booking.learner.phone == normalised(PHONE)
    book(me, session)  # and oneself besides: two people
    assert Booking.objects.count() == Learner.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "이름을 적어 주세요"),
        ({"name": "가" * 51}, "50자 안으로"),
        ({"personal": None}, "동의하지 않으시면 자리를"),
        ({"whose": "cat"}, "누가 배우시는지"),
        ({"whose": "other"}, "신청하시는 분의 이름도"),
        ({"whose": "other", "booker_name": "예시 자녀"}, "알림을 받으실 분을"),
        (
            {"whose": "other", "booker_name": "예시 자녀", "contact": "learner"},
            "알림을 받으실 분의 전화번호를",
        ),
        ({"whose": "other", "booker_name": "예시 자녀", "own_phone": "12"}, "전화번호를 다시"),
        ({"wishes": "휠체어로 갑니다"}, "적으신 것을 지워 주세요"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(me: Client, session: Session, typed, said) -> None:
    answer = book(me, session, **{"name": "예시 주민", **typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert typed.get("name", "예시 주민")[:20] in page and typed.get("wishes", "") in page
    assert not Booking.objects.exists() and not Consent.objects.exists()


def test_what_the_body_needs_is_asked_apart(me: Client, session: Session) -> None:
    assert book(me, session, wishes="휠체어로 갑니다", needs="on").status_code == 302
    assert newest().wishes == "휠체어로 갑니다"
    assert set(Consent.objects.values_list("key", "agreed")) == {
        ("learning.personal", True),
        ("learning.needs", True),
    }


@pytest.mark.parametrize("typed", ["1950", "1950년", " 1950 ", "19500301", "1950. 3. 1."])
def test_the_year_of_birth_only_where_a_condition_asks(me: Client, typed: str) -> None:
    course = make_learning.course()
    make_learning.course_rule(course, age_from=65)
    session = make_learning.session(course)
    assert "배우시는 분이 태어난 해" in me.get(f"/learning/classes/{session.pk}/book/").content.decode()
    assert book(me, session, birth_year=typed).status_code == 302
    assert newest().learner.birth_year == "1950"


@pytest.mark.parametrize("typed", ["", "50", "1850", "2999", "작년", "195"])
def test_a_year_that_is_none(me: Client, typed: str) -> None:
    course = make_learning.course()
    make_learning.course_rule(course, age_from=65)
    answer = book(me, make_learning.session(course), birth_year=typed)
    assert answer.status_code == 422 and "태어난 해를" in answer.content.decode()


def test_who_does_not_fit_reads_why(me: Client) -> None:
    course = make_learning.course()
    make_learning.course_rule(course, age_from=65)
    answer = book(me, make_learning.session(course), birth_year=str(timezone.localdate().year - 40))
    page = answer.content.decode()
    assert answer.status_code == 409 and "65세부터" in page and "어르신을 위한 과정입니다" in page
    assert "예시 어르신" in page and not Booking.objects.exists() and not Consent.objects.exists()


def test_before_it_opens_one_can_write_and_not_get_ahead(me: Client) -> None:
    session = make_learning.session(opens_at=timezone.now() + timedelta(hours=1))
    page = me.get(f"/learning/classes/{session.pk}/book/")
    assert page.status_code == 200 and "앞서지 않습니다" in page.content.decode()
    answer = book(me, session)
    assert answer.status_code == 409 and "아직 신청을 받지 않습니다" in answer.content.decode()
    assert "예시 어르신" in answer.content.decode()
    Session.objects.update(opens_at=timezone.now() - timedelta(seconds=1))
    assert book(me, session).status_code == 302


@pytest.mark.parametrize("change", [{"state": "closed"}, {"state": "cancelled", "why": "강사 사정"}])
def test_what_is_closed_or_called_off_has_no_form(me: Client, session: Session, change) -> None:
    Session.objects.update(**change)
    page = me.get(f"/learning/classes/{session.pk}/book/")
    assert page.status_code == 409 and "다른 수업 보기" in page.content.decode()
    assert book(me, session).status_code == 409
    assert not Booking.objects.exists()


def test_two_classes_at_the_same_time(me: Client, session: Session) -> None:
    first = book(me, session)["Location"]
    answer = book(me, make_learning.session())
    page = answer.content.decode()
    assert answer.status_code == 409 and "같은 시간에" in page and first in page


def test_somebody_elses_booking_is_not_shown(me: Client, session: Session) -> None:
    parent = citizen(OTHERS)
    theirs = book(parent, session, name="예시 부모")["Location"]
    typed = {
        "whose": "other",
        "name": "예시 부모",
        "own_phone": OTHERS,
        "booker_name": "예",
        "contact": "booker",
    }
    answer = book(me, session, **typed)
    assert answer.status_code == 409 and "이 분은 지금 신청해 드릴 수 없습니다" in answer.content.decode()
    # The same, whatever it is: in another class at that time, or never at the course before.
    elsewhere = book(me, make_learning.session(), **typed)
    course = make_learning.course()
    make_learning.course_rule(course, needs_level=1)
    further = book(me, make_learning.session(course, days=9), **typed)
    for other in (elsewhere, further):
        assert other.status_code == 409 and "이 분은 지금 신청해 드릴 수 없습니다" in other.content.decode()
    assert theirs not in answer.content.decode() and me.get(theirs).status_code == 404


def test_whoever_booked_one_day_for_somebody_cancels_none_of_theirs(me: Client) -> None:
    days = series(as_one=False)
    parent = citizen(OTHERS)
    for day in days[1:]:
        assert book(parent, day, name="예시 부모", whole="one").status_code == 302
    typed = {
        "whose": "other",
        "name": "예시 부모",
        "own_phone": OTHERS,
        "booker_name": "예",
        "contact": "booker",
    }
    mine = book(me, days[0], whole="one", **typed)["Location"]
    page = me.get(f"{mine}cancel/").content.decode()
    assert "2번" not in page and "남은" not in page
    me.post(f"{mine}cancel/", {"which": "all", "why": ""})
    me.post(f"{mine}cancel/", {"which": "one", "why": ""})
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["cancelled", "confirmed", "confirmed"]


def test_one_phone_does_not_take_a_class(me: Client) -> None:
    session = make_learning.session(capacity=20)
    for n in range(4):
        assert book(me, session, name=f"예시 주민 {n}").status_code == 302
    answer = book(me, session, name="예시 주민 5")
    assert answer.status_code == 409 and "4분까지" in answer.content.decode()
    assert Booking.objects.count() == 4 and Learner.objects.count() == 4
    assert book(me, session, name="예시 주민 0").status_code == 302  # theirs already: shown, not refused


def series(as_one: bool) -> list[Session]:
    course = make_learning.course()
    of = make_learning.series(course, as_one=as_one)
    return [make_learning.session(course, days=7 * n, series=of, capacity=1) for n in (1, 2, 3)]


def test_a_whole_series_in_one_go_if_wished(me: Client) -> None:
    first, second, third = series(as_one=False)
    page = me.get(f"/learning/classes/{first.pk}/book/").content.decode()
    assert "남은 3번 모두" in page
    assert book(me, first).status_code == 422  # one or all is asked
    assert book(me, first, whole="one")["Location"] == f"/learning/mine/{newest().pk}/"
    make_learning.booking(third)
    answer = book(me, first, whole="all")
    assert Booking.objects.for_phone(newest().phone_index).count() == 3
    shown = me.get(answer["Location"]).content.decode()
    assert "2번은 자리를 잡았고, 1번은 기다리십니다" in shown and "대기 1번째입니다" in shown
    assert second.course.title in shown


def test_a_series_that_is_booked_as_a_whole(me: Client) -> None:
    first, *_ = series(as_one=True)
    assert "남은 <strong>3번</strong>" in me.get(f"/learning/classes/{first.pk}/book/").content.decode()
    answer = book(me, first)
    assert Booking.objects.count() == 3
    assert "3번 모두 자리를 잡았습니다" in me.get(answer["Location"]).content.decode()
    notices.tell_steps()
    assert Message.objects.filter(template__startswith="learning_").count() == 1  # told once


def test_staff_are_sent_to_their_own_page(client: Client, session: Session) -> None:
    make.signed_in(client, make.clerk())
    answer = client.get(f"/learning/classes/{session.pk}/book/")
    assert answer.status_code == 403 and "직원으로 로그인하셨습니다" in answer.content.decode()


def test_what_many_press_at_once_asks_little(me: Client) -> None:
    """The opening rush: as many questions for the thousandth as for the first."""
    counts = {"page": set(), "press": set()}
    session = make_learning.session(capacity=20)
    for more in (0, 25, 40):
        for _ in range(more):
            make_learning.booking(session)
        with CaptureQueriesContext(connection) as page:
            me.get(f"/learning/classes/{session.pk}/book/")
        with CaptureQueriesContext(connection) as press:
            assert book(me, session, name=f"예시 주민 {more}").status_code == 302
        counts["page"].add(len(page))
        counts["press"].add(len(press))
    assert len(counts["page"]) == len(counts["press"]) == 1, counts
    assert counts["page"].pop() <= 4 and counts["press"].pop() <= 15, press.captured_queries
