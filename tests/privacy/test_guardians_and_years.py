"""Under fourteen a guardian applies (제22조의2); and the clocks of years, over leap days and year ends."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from learning import consent_texts as learning_texts
from people.demo_clock import clock_at
from people.models import User
from people.personal_data import keep_account
from people.phones import normalised
from people.tasks import forget as forget_people
from privacy import erasing
from privacy.consents import GUARDIAN, needs_guardian
from privacy.models import Destruction, DownloadCheck, ErasurePlan, KeptApart
from repair.personal_data import keep_case
from tests import make, make_learning, make_repair
from tests.learning.access_cast import citizen
from tests.privacy.ledger import things
from tests.privacy.mine.test_requests import officer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("born", "on", "needs"),
    [
        ("2012-11-27", date(2026, 11, 26), True),
        ("2012-11-26", date(2026, 11, 26), False),
        ("2012-02-29", date(2026, 2, 28), True),
        ("2012-02-29", date(2026, 3, 1), False),
        ("2012", date(2026, 1, 1), True),
        ("2011", date(2026, 1, 1), False),
        ("", date(2026, 1, 1), False),
    ],
)
def test_who_needs_a_guardian(born: str, on: date, needs: bool) -> None:
    assert needs_guardian(born, on) == needs


def test_a_child_books_through_a_guardian() -> None:
    course = make_learning.course()
    make_learning.course_rule(course, age_from=7)
    session = make_learning.session(course)
    year = timezone.localdate().year - 10
    client = citizen("010-9999-7601")
    given = {"whose": "self", "name": "예시 어린이", "personal": "on", "birth_year": f"{year}"}
    answer = client.post(f"/learning/classes/{session.pk}/book/", given)
    assert answer.status_code == 422 and GUARDIAN in answer.content.decode()
    mine = {**given, "whose": "other", "booker_name": "예시 보호자", "own_phone": "", "contact": "booker"}
    assert GUARDIAN not in client.post(f"/learning/classes/{session.pk}/book/", mine).content.decode()
    assert learning_texts.PERSONAL.needed


def test_a_child_applies_for_a_repair_through_a_guardian() -> None:
    make_repair.programme()
    client = citizen("010-9999-7602")
    client.get("/repair/apply/")
    born = f"{timezone.localdate().year - 10}0101"
    given = {"kind": "own", "name": "예시 어린이", "birth_date": born}
    answer = client.post("/repair/apply/who/", given)
    assert answer.status_code == 422 and GUARDIAN in answer.content.decode()
    assert client.post("/repair/apply/who/", {**given, "kind": "other"}).status_code == 302


@pytest.mark.parametrize(
    ("closed", "until"),
    [
        (datetime(2024, 2, 29, 12), date(2027, 3, 1)),
        (datetime(2026, 12, 31, 23, 59), date(2029, 12, 31)),
        (datetime(2025, 3, 1, 0, 1), date(2028, 3, 1)),
    ],
)
def test_three_years_after_somebody_left(closed: datetime, until: date) -> None:
    user = make.user(name="예시 직원")
    assert keep_account(user).until is None
    user.closed_at = timezone.make_aware(closed)
    assert keep_account(user).until == until
    User.objects.filter(pk=user.pk).update(closed_at=user.closed_at, is_active=False)
    for days, left in ((-2, "예시 직원"), (2, "")):
        with clock_at(
            timezone.make_aware(datetime.combine(until, datetime.min.time())) + timedelta(days=days)
        ):
            forget_people()
        user.refresh_from_db()
        assert user.name == left


def test_five_whole_years_after_a_repair() -> None:
    make_repair.programme()
    case = make_repair.done(make_repair.selected())
    type(case).objects.filter(pk=case.pk).update(done_at=timezone.make_aware(datetime(2026, 12, 31, 23, 30)))
    case.refresh_from_db()
    assert keep_case(case).until == date(2031, 12, 31)
    type(case).objects.filter(pk=case.pk).update(done_at=timezone.make_aware(datetime(2027, 1, 1, 0, 30)))
    case.refresh_from_db()
    assert keep_case(case).until == date(2032, 12, 31)


def test_what_is_held_apart_goes_the_day_after_its_last_day() -> None:
    learner = make_learning.learner("카나리아", normalised("010-9999-7603"))
    plan = ErasurePlan.objects.create(phone="+821099997603", ground="시험", proposed_by=make.user())
    KeptApart.objects.create(
        plan=plan,
        row=f"learning.Learner//{learner.pk}",
        label="배우는 분",
        ground="시험",
        until=date(2027, 12, 31),
    )
    for day, gone in ((date(2027, 12, 31), 0), (date(2028, 1, 1), 1)):
        with clock_at(timezone.make_aware(datetime(day.year, day.month, day.day, 12))):
            assert erasing.erase_what_was_kept() == gone
    learner.refresh_from_db()
    assert learner.name == "" and Destruction.objects.get().label == "배우는 분"


def test_what_became_of_a_file_is_asked_after_two_weeks() -> None:
    desk = make.signed_in(Client(), officer())
    [row] = things.written(1, timezone.now() - timedelta(days=15), identifier="kim", action="download")
    things.written(1, timezone.now() - timedelta(days=13), identifier="lee", action="download")
    page = desk.get("/privacy/downloads/").content.decode()
    assert page.count("물어볼 때") == 1
    address = f"/privacy/downloads/{row.pk}/"
    assert desk.post(address, {"words": ""}).status_code == 422
    for words in ("지웠음을 확인", "다른 말"):
        desk.post(address, {"words": words})
    assert DownloadCheck.objects.get().words == "지웠음을 확인"
    page = desk.get("/privacy/downloads/").content.decode()
    assert "물어볼 때" not in page and "지웠음을 확인" in page
    assert "모두 접속기록에 남습니다" in page
