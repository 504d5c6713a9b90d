"""The desk of requests: what is due, answering by the law, and telling the person."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.demo_clock import clock_at
from people.models import Message, RoleGrant, User
from people.phones import normalised, phone_index
from privacy import refusal_grounds, requesting
from privacy.models import Destruction, Request, RequestStep
from tests import make, make_learning
from tests.learning.access_cast import citizen

pytestmark = pytest.mark.django_db

PHONE = "010-9999-7101"


def officer() -> User:
    user = make.user()
    RoleGrant.objects.create(user=user, role=RoleGrant.Role.PRIVACY_OFFICER, reason="시험")
    return user


@pytest.fixture
def desk() -> Client:
    return make.signed_in(Client(), officer())


def asked(kind: str = "copy", **fields) -> Request:
    given = {"once": uuid4(), "kind": kind, "phone": normalised(PHONE), "words": "제 기록을 보고 싶습니다"}
    return Request.objects.create(**{**given, "due_on": timezone.localdate() + timedelta(days=10), **fields})


def answer(desk: Client, row: Request, deed: str, **given: str):
    return desk.post(f"/privacy/requests/{row.pk}/?deed={deed}", given)


@pytest.mark.parametrize("who", [make.clerk, make.city_operator, make.police, make_learning.officer])
def test_for_the_privacy_officer_s_team_only(who) -> None:
    client, row = make.signed_in(Client(), who()), asked()
    for address in ("/privacy/requests/", f"/privacy/requests/{row.pk}/"):
        assert client.get(address).status_code == 403
    assert answer(client, row, "grant", answer="드립니다").status_code == 403
    row.refresh_from_db()
    assert row.state == "open"


def test_to_be_erased_is_answered_when_it_is_done(desk: Client) -> None:
    """Granting alone stops no clock; a second officer who does not erase sends it back."""
    row = asked("erase", due_on=timezone.localdate() - timedelta(days=1))
    learner = make_learning.learner("카나리아", normalised(PHONE))
    answer(desk, row, "grant", answer="모두 지웁니다")
    row.refresh_from_db()
    assert (row.state, row.answered_at) == ("erasing", None)
    assert "둘째 담당이 지우기를 기다림, 1일 지남" in desk.get("/privacy/requests/?tab=late").content.decode()
    assert "두 사람이 확인한 뒤" in citizen(PHONE).get("/privacy/mine/requests/").content.decode()
    second = make.signed_in(Client(), officer())
    decide = "/privacy/erasures/{}/decide/"
    second.post(decide.format(row.plan_id), {"do": "refuse"})
    row.refresh_from_db()
    assert (row.state, row.steps.last().deed) == ("open", "reopened")
    answer(desk, row, "grant", answer="다시 보니 지웁니다")
    row.refresh_from_db()
    second.post(decide.format(row.plan_id), {"do": "approve"})
    row.refresh_from_db()
    learner.refresh_from_db()
    assert (row.state, row.phone, row.answer, learner.name) == ("granted", "", "", "")
    assert row.answered_at and row.steps.last().deed == "erased"
    assert "지나" not in desk.get("/privacy/requests/?tab=late").content.decode()


def test_nobody_answers_what_they_asked_themselves() -> None:
    who = officer()
    who.phone, who.phone_index = normalised(PHONE), phone_index(normalised(PHONE))
    who.save()
    row = asked("erase")
    said = answer(make.signed_in(Client(), who), row, "grant", answer="지웁니다")
    assert said.status_code == 422 and "본인의 요구입니다" in said.content.decode()
    answer(make.signed_in(Client(), officer()), row, "grant", answer="지웁니다")
    row.refresh_from_db()
    decided = make.signed_in(Client(), who).post(
        f"/privacy/erasures/{row.plan_id}/decide/", {"do": "approve"}, follow=True
    )
    assert "본인의 것입니다" in decided.content.decode()
    row.refresh_from_db()
    assert row.state == "erasing"


def test_a_late_answer_is_not_postponed_afterwards(desk: Client) -> None:
    row = asked(due_on=timezone.localdate() - timedelta(days=1))
    until = timezone.localdate() + timedelta(days=3)
    said = answer(desk, row, "postpone", why="많음", until=f"{until:%Y-%m-%d}")
    assert said.status_code == 422 and "기한이 지난 요구" in said.content.decode()


def test_what_somebody_else_sends_takes_nobody_s_request() -> None:
    """The mark of a form can be guessed: it counts for whoever sends it alone."""
    once = str(uuid4())
    form = {"kind": "stop", "words": "쓰지 마세요", "once": once}
    for phone in ("010-9999-7190", PHONE, PHONE):
        assert citizen(phone).post("/privacy/mine/requests/", form).status_code == 302
    assert Request.objects.count() == 2
    assert Request.objects.filter(phone_index=phone_index(normalised(PHONE))).count() == 1


def test_lists_by_what_is_due(desk: Client) -> None:
    late = asked(due_on=timezone.localdate() - timedelta(days=1))
    asked("erase")
    asked("stop", state="withdrawn")
    page = desk.get("/privacy/requests/").content.decode()
    assert "1일 지남" in page and "10일 남음" in page and "쓰지 않기" not in page
    assert page.index("1일 지남") < page.index("10일 남음")
    assert "010-****-7101" in page and "010-9999-7101" not in page
    only = desk.get("/privacy/requests/?tab=late").content.decode()
    assert str(late.pk) in only and "10일 남음" not in only


def test_granting_tells_the_person_once(desk: Client) -> None:
    row = asked()
    make_learning.learner("카나리아", normalised(PHONE))
    page = desk.get(f"/privacy/requests/{row.pk}/").content.decode()
    assert "배우는 분" in page and "제 기록을 보고 싶습니다" in page
    assert answer(desk, row, "grant", answer="").status_code == 422
    assert answer(desk, row, "grant", answer="파일로 받으실 수 있게 했습니다").status_code == 302
    again = answer(desk, row, "grant", answer="또")
    assert again.status_code == 422 and "이미 끝난 요구" in again.content.decode()
    row.refresh_from_db()
    assert (row.state, row.answer) == ("granted", "파일로 받으실 수 있게 했습니다")
    assert [m.template for m in Message.objects.all()] == ["privacy_answered"]
    assert "파일로 받으실 수 있게 했습니다" in citizen(PHONE).get("/privacy/mine/requests/").content.decode()


def test_refusing_needs_a_ground_of_the_law_for_that_kind(desk: Client) -> None:
    row = asked("erase")
    assert answer(desk, row, "refuse", ground="forbidden", answer="안 됩니다").status_code == 422
    assert (
        answer(desk, row, "refuse", ground="kept_by_law", answer="수리비를 쓴 기록입니다").status_code == 302
    )
    told = citizen(PHONE).get("/privacy/mine/requests/").content.decode()
    assert "수리비를 쓴 기록입니다" in told and "제36조 제1항" in told and "분쟁조정위원회" in told
    assert all(refusal_grounds.choices(kind) for kind in Request.Kind.values)


def test_only_a_copy_comes_later_and_only_once(desk: Client) -> None:
    row, erase = asked(due_on=date(2026, 12, 7)), asked("erase")
    given = {"why": "기록이 많습니다", "until": "2026-12-15"}
    assert "늦추기" not in desk.get(f"/privacy/requests/{erase.pk}/").content.decode()
    assert answer(desk, row, "postpone", why="x", until="2027-03-01").status_code == 422
    assert answer(desk, row, "postpone", **given).status_code == 302
    assert answer(desk, row, "postpone", why="또", until="2026-12-20").status_code == 422
    row.refresh_from_db()
    assert row.due_on == date(2026, 12, 15)
    assert "기록이 많습니다" in citizen(PHONE).get("/privacy/mine/requests/").content.decode()


def test_the_clock_over_the_end_of_a_year() -> None:
    """Asked on the 22nd of December, due on the first working day of January."""
    with clock_at(timezone.make_aware(timezone.datetime(2026, 12, 22, 10))):
        client = citizen(PHONE)
        client.post("/privacy/mine/requests/", {"kind": "stop", "once": str(uuid4())})
    assert Request.objects.get().due_on == date(2027, 1, 4)


def test_what_was_asked_is_forgotten_three_whole_years_after_the_answer() -> None:
    at = {year: timezone.make_aware(datetime(year, 12, 31, 23, 59)) for year in (2022, 2023)}
    old = asked(state="granted", answered_at=at[2022], answer="드렸습니다")
    taken_back = asked(state="withdrawn", asked_at=at[2022])
    young = asked(state="granted", answered_at=at[2023], answer="드렸습니다")
    running = asked(asked_at=at[2022])
    with clock_at(timezone.make_aware(datetime(2026, 12, 31, 23, 59))):
        assert requesting.forget_answered() == 2
        assert requesting.forget_answered() == 0
    for row in (old, taken_back):
        row.refresh_from_db()
        assert (row.phone, row.phone_index, row.words, row.answer) == ("", "", "", "")
    for row in (young, running):
        row.refresh_from_db()
        assert row.words and row.phone_index
    line = Destruction.objects.get()
    assert (line.label, line.count) == ("개인정보에 대한 요구", 2)
    assert "답한 해부터 3년이 지남" in line.ground


def test_the_database_keeps_what_happened() -> None:
    row = asked()
    step = RequestStep.objects.create(request=row, deed="asked", due_on=row.due_on)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RequestStep.objects.filter(pk=step.pk).update(due_on=row.due_on + timedelta(days=9))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        step.delete()
    with pytest.raises(DatabaseError, match="refused_on_a_ground"), transaction.atomic():
        Request.objects.filter(pk=row.pk).update(state="refused", answered_at=timezone.now())
    with pytest.raises(DatabaseError, match="request_answered"), transaction.atomic():
        Request.objects.filter(pk=row.pk).update(state="granted")
    assert row.phone_index == phone_index(row.phone)


def test_as_many_queries_for_one_as_for_thirty(desk: Client) -> None:
    counts, made = [], 0
    desk.get("/privacy/requests/")
    for wanted in (1, 3, 30):
        while made < wanted:
            asked()
            made += 1
        with CaptureQueriesContext(connection) as queries:
            desk.get("/privacy/requests/")
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
