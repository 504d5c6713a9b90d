"""찾아가는 수업 by its deeds: two who are held and joined, an institution to its report, and what can come between."""

from datetime import timedelta

import pytest
from django.utils import timezone

from learning import assigning, visits, visits_planning, visits_reminders, visits_report
from learning.booking_states import NotPossible
from learning.models import Assignment, VisitClass, VisitRequest, VisitStep
from people.models import Message
from privacy.models import AccessRecord, Consent
from tests import make, make_learning
from tests.repair.at_once import all_at_once

from .visiting import GROUP, acts, ask, asked, assign, begun, confirmed, coordinator, on_a_weekday, propose

pytestmark = pytest.mark.django_db
WRITTEN = visits_report.Written(came=4, taught="사진 보내기", next_time="한 번 더")


def told(request: VisitRequest) -> list[str]:
    """Templates of what this group was told, in order."""
    rows = Message.objects.filter(key__contains=str(request.pk)).order_by("created_at")
    return [row.template.removeprefix("learning_visit_") for row in rows]


def told_instructors() -> list[str]:
    return sorted(
        Message.objects.filter(template__startswith="learning_teach").values_list("template", flat=True)
    )


def state(row: VisitRequest | VisitClass) -> str:
    row.refresh_from_db()
    return row.state


def test_two_are_held_join_another_and_become_a_class():
    two = ask(2)
    assert (state(two), two.visit_class) == ("held", None)
    one = ask(1)  # of the same district, with the same wish: joined at once
    visit = VisitClass.objects.get()
    assert (state(two), state(one), visit.state) == ("planned", "planned", "proposed")
    assert set(visit.requests.all()) == {two, one}
    assert visit.starts_at == on_a_weekday() and visit.place_name == two.place_name
    assert told(two) == told(one) == ["asked", "proposed"]
    said = Message.objects.get(template="learning_visit_proposed", key__contains=str(one.pk)).text
    assert "모두 3명" in said and "사양하셔도" in said and two.address not in said
    assert VisitStep.objects.get(request=one, deed="joined").who == "system"

    visits.agree(two.pk, GROUP)
    visits.agree(one.pk, GROUP)
    assert state(visit) == "proposed"  # nobody comes yet
    for each in assign(visit):
        assigning.accept(each.pk, acts(each.instructor))
    assert state(visit) == "confirmed"
    assert told(two)[-1] == "confirmed"
    visits_report.report(begun(visit).pk, WRITTEN, coordinator())
    assert (state(two), state(one), state(visit)) == ("done", "done", "reported")


def test_next_door_waits_for_the_coordinator():
    two = ask(2)
    one = ask(1, district=make.district("금산면"))
    assert state(two) == state(one) == "held"
    [join] = visits.possible_joins()
    visit = visits_planning.join(join, coordinator())
    assert {state(two), state(one)} == {"planned"} and visit.district == two.district
    assert visits.possible_joins() == []


def test_too_few_to_be_visited_are_never_refused_for_it():
    two = ask(2, joins_others=False)
    ask(1)
    assert state(two) == "held"
    with pytest.raises(NotPossible, match="3명이 되어야"):
        propose(two)
    assert state(two) == "held"


def test_an_institution_all_the_way_to_the_report():
    hall = make_learning.institution(name="시험 상이 경로당")
    request = ask(7, kind="institution", institution=hall, group_name=hall.name)
    assert state(request) == "open"
    visit = propose(request)
    assert visit.institution == hall and visit.travel_minutes == 31
    lead, assistant = assign(visit)
    assert told_instructors() == []  # their accounts have no phone: their page says it
    assigning.accept(lead.pk, acts(lead.instructor))
    visits.agree(request.pk, GROUP)
    assert state(visit) == "proposed"
    assigning.accept(assistant.pk, acts(assistant.instructor))
    assert state(visit) == "confirmed"
    with pytest.raises(NotPossible, match="시작한 뒤"):
        visits_report.report(visit.pk, WRITTEN, acts(lead.instructor))
    begun(visit)
    report = visits_report.report(visit.pk, WRITTEN, acts(lead.instructor))
    assert visits_report.report(visit.pk, WRITTEN, coordinator()) == report
    assert (report.came, state(request), state(visit)) == (4, "done", "reported")
    deeds = ["asked", "planned", "agreed", "done"]
    assert list(request.steps.values_list("deed", flat=True)) == deeds
    deeds = ["planned", "assigned", "assigned", "accepted", "accepted", "confirmed", "taught", "reported"]
    assert list(visit.steps.values_list("deed", flat=True)) == deeds
    records = AccessRecord.objects.filter(subjects__contains=[f"learning.visitrequest:{request.pk}"])
    assert records.filter(action="change").count() == 4


def test_asked_twice_by_one_form_is_asked_once():
    wanted = asked(4)
    made = visits.ask(wanted, GROUP, {"learning.visit": True})
    assert visits.ask(wanted, GROUP, {"learning.visit": True}) == made
    assert told(made) == ["asked"]
    assert Consent.objects.filter(subject=f"learning.visitrequest:{made.pk}", agreed=True).count() == 1


def test_who_declines_waits_on_and_the_rest_comes_apart():
    two, one = ask(2), ask(1)
    visit = VisitClass.objects.get()
    lead, _ = assign(visit)
    visits.decline(one.pk, GROUP, "그날 병원에 갑니다")
    assert (state(two), state(one), state(visit)) == ("held", "held", "called_off")
    assert told(one)[-1] == "declined" and told(two)[-1] == "came_apart"
    assert not Assignment.objects.live().exists()
    lead.refresh_from_db()
    assert lead.released_at
    [join] = visits.possible_joins()  # the coordinator may ask both once more
    assert {each.pk for each in join.asks} == {two.pk, one.pk}
    again = ask(2)  # by itself whoever declined is not asked again, the others are
    assert (state(two), state(again), state(one)) == ("planned", "planned", "held")


def test_a_class_goes_on_if_enough_stay_and_is_confirmed_if_only_they_were_missing():
    first, second, third = ask(2), ask(1, joins_others=False), ask(5)
    visit = propose(third, first, by=coordinator())
    assert state(second) == "held"
    for each in assign(visit):
        assigning.accept(each.pk, acts(each.instructor))
    visits.agree(third.pk, GROUP)
    assert state(visit) == "proposed"
    visits.withdraw(first.pk, GROUP)
    assert (state(first), state(visit)) == ("withdrawn", "confirmed")
    assert visits.withdraw(first.pk, GROUP).state == "withdrawn"


def test_without_its_host_no_class_is_held():
    host, guest = ask(5, place_name="큰 마을회관", address="길 9"), ask(4, place_name="", address="")
    visit = propose(host, guest)
    visits.withdraw(host.pk, GROUP)
    assert (state(visit), state(guest)) == ("called_off", "open")


def test_moving_asks_everybody_again_and_releases():
    visit = confirmed()
    request = visit.requests.get()
    before = [each.pk for each in Assignment.objects.live()]
    starts = on_a_weekday(14)
    visits_planning.move(visit.pk, starts, starts + timedelta(hours=2), coordinator(), "강사 사정")
    request.refresh_from_db()
    assert (state(visit), request.state, request.agreed_at) == ("proposed", "planned", None)
    assert visit.starts_at == starts
    assert not Assignment.objects.live().exists()
    assert Assignment.objects.filter(pk__in=before, released_why="수업 날짜가 바뀜").count() == 2
    assert told(request)[-1] == "moved"


def test_calling_off_tells_all_and_keeps_the_request():
    visit = confirmed(phone="+821099980099")
    request, instructor = visit.requests.get(), Assignment.objects.live().first().instructor
    instructor.user.phone = "+821099980098"
    instructor.user.save()
    visits_planning.call_off(visit.pk, coordinator(), "눈이 많이 옴")
    visits_planning.call_off(visit.pk, coordinator(), "눈이 많이 옴")
    assert (state(visit), state(request)) == ("called_off", "open")
    assert told(request)[-1] == "called_off"
    assert told_instructors() == ["learning_teach_released"]
    text = Message.objects.get(template="learning_teach_released").text
    assert "가지 않으셔도 됩니다" in text and "눈이 많이 옴" in text


def test_an_instructor_who_cannot_come_opens_the_place_again():
    visit = confirmed()
    lead = Assignment.objects.live().get(part="lead")
    assigning.give_up(lead.pk, acts(lead.instructor), "아픔")
    assert state(visit) == "proposed"
    other = make_learning.instructor()
    made = assigning.assign(other.pk, visit, "lead", coordinator())
    assigning.accept(made.pk, acts(other))
    assert state(visit) == "confirmed"


def test_what_does_not_fit_says_why():
    request = ask(3)
    for deed in (visits.agree, visits.decline):
        with pytest.raises(NotPossible):
            deed(request.pk, GROUP)
    visit = confirmed()
    theirs = visit.requests.get()
    with pytest.raises(NotPossible, match="먼저 수업을 취소"):
        visits_planning.refuse(theirs.pk, coordinator(), "까닭")
    with pytest.raises(NotPossible, match="바뀐 신청"):
        propose(theirs)
    with pytest.raises(NotPossible, match="앞으로 올"):
        propose(request, starts=timezone.now() - timedelta(hours=1))
    with pytest.raises(NotPossible, match="같은 신청만"):
        propose(request, ask(3, topic="kiosk"))
    with pytest.raises(NotPossible, match="모일 곳"):
        propose(ask(3, place_name="", address=""))
    begun(visit)
    with pytest.raises(NotPossible, match="이미 시작"):
        visits.withdraw(theirs.pk, GROUP)
    refused = visits_planning.refuse(request.pk, coordinator(), "진주시 밖입니다")
    assert refused.state == visits_planning.refuse(request.pk, coordinator(), "다시").state == "refused"
    assert refused.refused_why == "진주시 밖입니다" and told(request)[-1] == "refused"


def test_the_day_before_all_are_told_once():
    visit = confirmed(5)
    request, lead = visit.requests.get(), Assignment.objects.live().get(part="lead")
    lead.instructor.user.phone = "+821099980097"
    lead.instructor.user.save()
    assert visits_reminders.remind() == 0
    starts = timezone.localtime() + timedelta(days=1)
    VisitClass.objects.filter(pk=visit.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=2))
    assert visits_reminders.remind() == visits_reminders.remind() == 1
    assert told(request).count("tomorrow") == 1
    assert told_instructors() == ["learning_teach_tomorrow"]


@pytest.mark.django_db(transaction=True)
def test_those_who_ask_in_the_same_moment_see_each_other():
    """Each alone is too few; none may be left to wait for somebody who waits for them."""
    district = make.district()
    wanted = [asked(1, district=district) for _ in range(6)]
    made = all_at_once([lambda one=one: visits.ask(one, GROUP) for one in wanted])
    assert all(isinstance(one, VisitRequest) for one in made)
    assert VisitClass.objects.count() == 2
    assert VisitRequest.objects.filter(state="planned").count() == 6


@pytest.mark.django_db(transaction=True)
def test_answers_that_come_at_once_leave_one_story():
    two, one = ask(2), ask(1)
    visit = VisitClass.objects.get()
    for each in assign(visit):
        assigning.accept(each.pk, acts(each.instructor))
    answers = all_at_once(
        [
            lambda: visits.agree(two.pk, GROUP),
            lambda: visits.decline(one.pk, GROUP),
            lambda: visits_planning.call_off(visit.pk, coordinator(), "까닭"),
            lambda: visits.withdraw(two.pk, GROUP),
        ]
    )
    assert all(isinstance(answer, VisitRequest | VisitClass | NotPossible) for answer in answers), answers
    assert state(visit) == "called_off" and not Assignment.objects.live().exists()
    assert (state(two), state(one)) == ("withdrawn", "held")
