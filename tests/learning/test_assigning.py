"""Who is suggested, and why; what an assignment is refused for; two who assign in the same moment."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import assigning
from learning.booking_states import NotPossible
from learning.models import Assignment, DayOff, Instructor, Session
from learning.suggestions import Engagement, Teacher, Wanted, hindrances, judge, suggest
from people.models import Message
from tests import make, make_learning
from tests.repair.at_once import all_at_once

from .visiting import acts, coordinator, on_a_weekday

MUNSAN, SOUTH = (35.157, 128.182), (35.19591, 128.09019)
MONDAY = datetime(2026, 12, 7, 10)
HOURS = [(day, time(9), time(18)) for day in range(5)]


def wanted(**fields) -> Wanted:
    given = {"topic": "kiosk", "level": 2, "place": "visit:1", "point": MUNSAN, "way": 20}
    return Wanted(starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=2), **{**given, **fields})


def teacher(pk: int = 1, **fields) -> Teacher:
    return Teacher(**{"pk": pk, "home": MUNSAN, "skills": {"kiosk": 3}, "hours": HOURS, **fields})


def busy(first: float, last: float, place: str = "centre:1", way: int = 30) -> Engagement:
    day = MONDAY.replace(hour=0)
    return Engagement(day + timedelta(hours=first), day + timedelta(hours=last), place, way)


def test_near_comes_first_then_whoever_taught_less():
    near, near_busy, far = (
        teacher(1, month_minutes=300),
        teacher(2, month_minutes=600),
        teacher(3, home=SOUTH),
    )
    ordered = suggest([far, near_busy, near], wanted(), "lead")
    assert [one.teacher.pk for one in ordered] == [1, 2, 3]
    assert ordered[0].reasons == ("집에서 약 5분", "이번 달 5시간", "키오스크 ‘활용’까지 가르침")
    assert ordered[2].reasons[:2] == ("집에서 약 31분", "이번 달 아직 없음")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"skills": {}}, "가르치지 않습니다"),
        ({"skills": {"kiosk": 1}}, "‘첫걸음’까지"),
        ({"may_lead": False}, "주강사를 맡지 않습니다"),
        ({"hours": [(0, time(9), time(11))]}, "가능하다고 적은 시간이 아닙니다"),
        ({"days_off": [(MONDAY.date(), MONDAY.date())]}, "쉬는 날입니다"),
        ({"engagements": [busy(11, 13)]}, "다른 수업이 있습니다(11:00~13:00)"),
        ({"engagements": [busy(12.5, 14)]}, "오갈 시간이 모자랍니다"),
    ],
)
def test_who_cannot_is_last_with_the_reason(given: dict, why: str):
    ordered = suggest([teacher(1, **given), teacher(2, home=SOUTH, month_minutes=6000)], wanted(), "lead")
    assert [one.teacher.pk for one in ordered] == [2, 1]
    assert why in ordered[1].hindered[0] and not ordered[1].can


def test_with_time_for_the_way_or_at_the_same_place_they_can():
    for engagement in (busy(12 + 50 / 60, 14), busy(12, 14, place="visit:1"), busy(7, 9 + 10 / 60)):
        assert judge(teacher(engagements=[engagement]), wanted(), "lead").can
    assert hindrances(teacher(may_lead=False), wanted(), "assistant") == []


pytestmark_db = pytest.mark.django_db


@pytestmark_db
def test_suggestions_cost_the_same_however_many():
    visit = make_learning.visit_class(starts_at=on_a_weekday())
    counted = []
    for _ in range(2):
        for _ in range(2):
            one = make_learning.instructor()
            make_learning.assignment(one, make_learning.session(starts_at=on_a_weekday() + timedelta(days=1)))
            make_learning.assignment(
                one, make_learning.visit_class(starts_at=on_a_weekday() + timedelta(days=2))
            )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(assigning.suggested(visit, "lead")) == Instructor.objects.count()
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 6


@pytestmark_db
def test_the_hours_of_a_month_are_those_of_that_month():
    who = make_learning.instructor()
    starts = timezone.make_aware(datetime(2027, 3, 1, 9))
    for day in (starts - timedelta(hours=10), starts, starts + timedelta(days=30)):
        make_learning.assignment(who, make_learning.visit_class(starts_at=day))
    visit = make_learning.visit_class(starts_at=starts + timedelta(days=10))
    [(_, one)] = assigning.suggested(visit, "lead")
    assert one.teacher.month_minutes == 240


@pytestmark_db
def test_what_refuses_says_why_and_leaves_nothing():
    by, visit = coordinator(), make_learning.visit_class(starts_at=on_a_weekday())
    who = make_learning.instructor()
    DayOff.objects.create(instructor=who, from_on=on_a_weekday().date(), until_on=on_a_weekday().date())
    with pytest.raises(NotPossible, match="쉬는 날입니다"):
        assigning.assign(who.pk, visit, "lead", by)
    other = make_learning.instructor("civil", may_lead=False)
    with pytest.raises(NotPossible, match=r"가르치지 않습니다.*주강사를 맡지"):
        assigning.assign(other.pk, visit, "lead", by)
    gone = make_learning.instructor(is_active=False)
    with pytest.raises(NotPossible, match="활동하지 않는"):
        assigning.assign(gone.pk, visit, "lead", by)
    fits = make_learning.instructor()
    assigning.assign(fits.pk, visit, "lead", by)
    with pytest.raises(NotPossible, match="다른 수업이 있습니다"):
        assigning.assign(fits.pk, visit, "assistant", by)
    with pytest.raises(NotPossible, match="이미 정해진"):
        assigning.assign(make_learning.instructor().pk, visit, "lead", by)
    assert Assignment.objects.count() == 1


@pytestmark_db
def test_a_class_at_a_centre_has_its_instructors_too():
    by, user = coordinator(), make.user(phone="+821099970001")
    from people.models import RoleGrant

    RoleGrant.objects.create(user=user, role="learning_instructor", reason="시험")
    who = make_learning.instructor(user=user)
    session = make_learning.session(starts_at=on_a_weekday())
    made = assigning.assign(who.pk, session, "lead", by)
    assert "주강사로 정해지셨습니다" in Message.objects.get(template="learning_teach_assigned").text
    assigning.accept(made.pk, acts(who))
    assigning.accept(made.pk, acts(who))
    made.refresh_from_db()
    assert made.confirmed_at
    Session.objects.filter(pk=session.pk).update(state="cancelled", why="휴강")
    with pytest.raises(NotPossible):
        assigning.assign(make_learning.instructor().pk, session, "assistant", by)


@pytest.mark.django_db(transaction=True)
def test_of_those_who_assign_one_instructor_at_once_one_is_told_no():
    who, by = make_learning.instructor(), coordinator()
    visits = [make_learning.visit_class(starts_at=on_a_weekday() + timedelta(minutes=n)) for n in range(8)]
    answers = all_at_once([lambda one=one: assigning.assign(who.pk, one, "lead", by) for one in visits])
    assert sum(isinstance(answer, Assignment) for answer in answers) == 1
    refused = [str(answer) for answer in answers if isinstance(answer, NotPossible)]
    assert len(refused) == 7 and all("다른 강사를 골라" in words for words in refused)
