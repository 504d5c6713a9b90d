"""승인: what waits for a second person goes out by that person only, once, whatever asks the database."""

import threading
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from broadcast import approval
from broadcast.approval import AlreadyDecided
from broadcast.clearance import Refused
from broadcast.compose import NO_TEXT
from broadcast.models import AlertSource, Broadcast, ChiefPost, Sender, SendingRule, Village
from broadcast.plan_times import PlanTimes
from broadcast.plans import make_plan
from broadcast.publish import air, air_planned, publish
from broadcast.rule_changes import police_are_stopped, stop_police
from people.models import Message, User
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db


def here() -> Village:
    return make.gateway().village


def refused_by_the_database(statement: str, *params: object) -> bool:
    """By one of our triggers, not for another reason."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, params)
    except IntegrityError as error:
        return type(error.__cause__).__name__ == "RestrictViolation"
    return False


def test_what_needs_a_second_person_waits() -> None:
    author = make.clerk()
    waits = make.waiting(author, [here()])
    assert waits.needs_second_person
    assert waits.submitted_at
    assert waits.published_at is None
    assert not waits.deliveries.exists()
    again = publish(waits.pk, author)
    assert (again.published_at, again.submitted_at) == (None, waits.submitted_at)


def test_another_agrees_and_it_is_aired_once() -> None:
    waits, second = make.waiting(make.clerk(), [here()]), make.clerk()
    sent = approval.approve(waits.pk, second)
    assert sent.published_at
    assert sent.deliveries.count() == 1
    assert sent.decisions.get().by == second
    with pytest.raises(AlreadyDecided):
        approval.approve(waits.pk, make.city_operator())
    with pytest.raises(AlreadyDecided):
        approval.refuse(waits.pk, make.city_operator(), "늦었습니다.")
    assert sent.deliveries.count() == 1


def test_another_does_not_agree_and_says_why() -> None:
    waits = make.waiting(author := make.clerk(), [here()])
    approval.refuse(waits.pk, make.city_operator(), "날짜가 틀렸습니다.")
    with pytest.raises(AlreadyDecided):
        approval.approve(waits.pk, make.clerk())
    assert publish(waits.pk, author).published_at is None
    assert not waits.deliveries.exists()


def test_who_may_decide() -> None:
    munsan, geumsan = make.district("문산읍"), make.district("금산면")
    in_munsan = make.gateway(make.village(munsan)).village
    in_geumsan = make.gateway(make.village(geumsan)).village
    people = {
        "chief": make.chief(in_munsan),
        "other chief": make.chief(in_munsan),
        "stranger": make.user(),
        "clerk": make.clerk(munsan),
        "colleague": make.clerk(munsan),
        "far clerk": make.clerk(geumsan),
        "police": make.police(),
        "other police": make.police(),
        "city": make.city_operator(),
        "other city": make.city_operator(),
    }
    city = {"city", "other city"}
    table = [
        ("chief", [in_munsan], "life", {"clerk", "colleague"} | city),
        ("clerk", [in_munsan], "life", {"colleague"} | city),
        ("city", [in_munsan], "life", {"clerk", "colleague", "other city"}),
        ("city", [in_munsan, in_geumsan], "life", {"other city"}),
        ("police", [in_munsan], "phishing", {"other police"} | city),
    ]
    make.sending_rule()
    for whose, to, category, who in table:
        waits = publish(make.draft(people[whose], to, category).pk, people[whose])
        asked = Broadcast.objects.filter(pk=waits.pk)
        may = {name for name, one in people.items() if asked.decidable_by(one).exists()}
        assert may == who, whose
        for name in people.keys() - who:
            with pytest.raises(Broadcast.DoesNotExist):
                approval.approve(waits.pk, people[name])
            with pytest.raises(Broadcast.DoesNotExist):
                approval.refuse(waits.pk, people[name], "까닭")


@pytest.mark.parametrize("who", [make.city_operator, make.clerk])
def test_nobody_approves_what_they_submitted(who: Callable[[], User]) -> None:
    author = who()
    waits = make.waiting(author, [here()])
    with pytest.raises(Broadcast.DoesNotExist):
        approval.approve(waits.pk, author)
    with pytest.raises(Broadcast.DoesNotExist):
        approval.refuse(waits.pk, author, "까닭")


@pytest.mark.parametrize("kind", ["approved", "refused", "reviewed"])
def test_the_database_refuses_it_too(kind: str) -> None:
    author = make.city_operator()
    waits = make.waiting(author, [here()])
    decided = "INSERT INTO broadcast_decision (broadcast_id, kind, by_id, at, reason) VALUES (%s, %s, %s, now(), 'x')"
    assert refused_by_the_database(decided, waits.pk, kind, author.pk)
    assert not refused_by_the_database(decided, waits.pk, kind, make.city_operator().pk)


def test_the_database_knows_for_whom_an_office_sent_it() -> None:
    village = here()
    post = ChiefPost.objects.create(user=make.user(), village=village, reason="시험")
    make.sending_rule()
    waits = publish(make.draft(author := make.clerk(), [village], on_behalf_of=post).pk, author)
    decided = "INSERT INTO broadcast_decision (broadcast_id, kind, by_id, at, reason) VALUES (%s, %s, %s, now(), '')"
    assert refused_by_the_database(decided, waits.pk, "approved", post.user_id)


def test_the_database_sends_nothing_that_waits() -> None:
    waits = make.waiting(make.clerk(), [here()])
    sent = "UPDATE broadcast_broadcast SET published_at = now(), expires_at = now() + interval '1 hour' WHERE id = %s"
    assert refused_by_the_database(sent, waits.pk)
    assert refused_by_the_database(sent.replace("SET ", "SET needs_second_person = false, "), waits.pk)
    approval.refuse(waits.pk, make.city_operator(), "까닭")
    assert refused_by_the_database(sent, waits.pk)
    with pytest.raises(Error), transaction.atomic():
        air(Broadcast.objects.get(pk=waits.pk))


@pytest.mark.parametrize(
    "change",
    [
        "text = 'x'",
        "category = 'event'",
        "recording_id = gen_random_uuid()",
        "author_id = gen_random_uuid()",
        "submitted_at = NULL",
        "severity = 'Extreme'",
    ],
)
def test_what_somebody_has_heard_does_not_change(change: str) -> None:
    waits = make.waiting(make.clerk(), [here()])
    assert refused_by_the_database(f"UPDATE broadcast_broadcast SET {change} WHERE id = %s", waits.pk)


def test_nor_where_it_goes() -> None:
    waits = make.waiting(make.clerk(), [here()])
    through = "broadcast_broadcast_villages"
    assert refused_by_the_database(f"DELETE FROM {through} WHERE broadcast_id = %s", waits.pk)
    add = f"INSERT INTO {through} (broadcast_id, village_id) VALUES (%s, %s)"
    assert refused_by_the_database(add, waits.pk, here().pk)


def test_decisions_are_only_added() -> None:
    waits = make.waiting(make.clerk(), [here()])
    approval.approve(waits.pk, make.city_operator())
    assert refused_by_the_database("UPDATE broadcast_decision SET kind = 'refused', reason = 'x'")
    assert refused_by_the_database("DELETE FROM broadcast_decision")


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_the_same_moment_send_it_once() -> None:
    waits = make.waiting(make.clerk(), [here()])
    others = [make.city_operator() for _ in range(4)]
    start, late = threading.Barrier(4), []

    def agree(by: User) -> None:
        start.wait(10)
        try:
            approval.approve(waits.pk, by)
        except AlreadyDecided as decided:
            late.append(decided.decision.by)
        finally:
            connection.close()

    taps = [threading.Thread(target=agree, args=(by,)) for by in others]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert len(late) == 3
    assert set(late) == {waits.decisions.get().by}
    assert waits.deliveries.count() == 1


def test_a_disaster_does_not_wait() -> None:
    officer, retired = make.duty_officer("+821000000097"), make.duty_officer("+821000000098")
    retired.role_grants.update(revoked_at=timezone.now(), revoked_by=officer, revoked_reason="당직 끝")
    make.duty_officer("")
    author = make.clerk()
    waits = make.waiting(author, [here()], "wildfire")
    assert [m.to for m in Message.objects.filter(template="broadcast_waits")] == [officer.phone]
    sent = approval.break_glass(waits.pk, author, "불이 마을로 내려옵니다.")
    assert sent.published_at
    assert sent.deliveries.count() == 1
    told = Message.objects.get(template="glass_broken")
    assert told.to == officer.phone
    assert "불이 마을로" in told.text
    assert AccessRecord.objects.filter(detail__contains="승인 없이 긴급 발송").exists()
    with pytest.raises(AlreadyDecided):
        approval.break_glass(waits.pk, author, "한 번 더")
    assert sent.deliveries.count() == 1


def test_the_glass_is_broken_by_the_sender_in_a_disaster_only() -> None:
    author = make.clerk()
    for category in ("life", "missing"):
        waits = make.waiting(author, [here()], category)
        with pytest.raises(PermissionDenied, match="재난"):
            approval.break_glass(waits.pk, author, "급합니다.")
    fire = make.waiting(author, [here()], "wildfire")
    with pytest.raises(Broadcast.DoesNotExist):
        approval.break_glass(fire.pk, make.city_operator(), "급합니다.")
    by_hand = "INSERT INTO broadcast_decision (broadcast_id, kind, by_id, at, reason) VALUES (%s, %s, %s, now(), 'x')"
    assert refused_by_the_database(by_hand, fire.pk, "glass_broken", make.city_operator().pk)
    with pytest.raises(Error), transaction.atomic():
        approval.break_glass(fire.pk, author, "")


def test_a_broken_glass_stays_on_the_city_s_list_until_another_has_looked() -> None:
    author, city = make.city_operator(), make.city_operator()
    waits = make.waiting(author, [here()], "wildfire")
    approval.break_glass(waits.pk, author, "급합니다.")
    assert list(approval.unreviewed(city)) == [waits]
    assert not approval.unreviewed(author).exists()
    assert not approval.unreviewed(make.clerk()).exists()
    for nobody in (author, make.clerk()):
        with pytest.raises(Broadcast.DoesNotExist):
            approval.review(waits.pk, nobody, "제가 보기에 옳았습니다.", was_right=True)
    assert approval.review(waits.pk, city, "불이 실제로 번졌습니다.", was_right=True).was_right
    assert not approval.unreviewed(city).exists()
    with pytest.raises(AlreadyDecided):
        approval.review(waits.pk, make.city_operator(), "다시", was_right=False)


def test_the_police_speak_to_all_villages_of_what_is_theirs() -> None:
    here_, there = here(), make.gateway(make.village(make.district("금산면"))).village
    police = make.police()
    assert set(Village.objects.for_user(police)) == {here_, there}
    assert publish(make.draft(police, [here_, there], "phishing").pk, police).published_at
    draft = make.draft(police, [here_], "life")
    with pytest.raises(Refused, match="경찰"):
        publish(draft.pk, police)
    draft.refresh_from_db()
    assert (draft.submitted_at, draft.published_at) == (None, None)


def test_the_police_see_what_the_police_sent() -> None:
    village, police = here(), make.police()
    theirs = publish(make.draft(police, [village], "phishing").pk, police)
    make.published_to([village], make.clerk())
    for each in (police, make.police()):
        assert list(Broadcast.objects.for_user(each)) == [theirs]
    assert Broadcast.objects.for_user(make.city_operator()).count() == 2


def test_one_button_stops_the_police_everywhere() -> None:
    village, police, city = here(), make.police(), make.city_operator()
    waits = make.waiting(police, [village], "phishing")
    SendingRule.objects.all().delete()
    draft = make.draft(police, [village], "phishing")
    stop_police(city, stop=True)
    stop_police(city, stop=True)
    assert police_are_stopped()
    assert AccessRecord.objects.filter(detail__contains="경찰 방송 멈춤").count() == 1
    assert not Village.objects.for_user(police).exists()
    with pytest.raises(Refused, match="멈춰"):
        publish(draft.pk, police)
    with pytest.raises(Refused, match="멈춰"):
        approval.approve(waits.pk, city)
    assert not Broadcast.objects.decidable_by(make.police()).exists()
    stop_police(city, stop=False)
    assert Village.objects.for_user(police).exists()
    assert approval.approve(waits.pk, city).published_at


def test_an_alert_goes_wherever_it_is_for() -> None:
    source = AlertSource.objects.create(name="시험", account=make.user())
    draft = make.draft(source.account, [here()], "wildfire", severity="Extreme")
    with pytest.raises(PermissionDenied):
        publish(draft.pk, source.account)
    assert publish(draft.pk, source.account, sender=Sender.ALERT).published_at


def test_who_lost_the_village_meanwhile_sends_nothing_to_it() -> None:
    village = here()
    chief = make.chief(village)
    waits = make.waiting(chief, [village])
    ChiefPost.objects.filter(user=chief).update(
        revoked_at=timezone.now(), revoked_by=make.user(), revoked_reason="임기 끝"
    )
    with pytest.raises(PermissionDenied):
        approval.approve(waits.pk, make.city_operator())
    assert not waits.decisions.exists()


def test_what_waited_too_long_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = make.waiting(make.clerk(), [here()])
    monkeypatch.setattr(approval, "WAITS", timedelta(0))
    with pytest.raises(Refused, match="사흘"):
        approval.approve(waits.pk, make.city_operator())


def test_what_is_planned_is_agreed_on_once_and_aired_at_its_times() -> None:
    make.sending_rule()
    author, second = make.clerk(), make.city_operator()
    draft = make.draft(author, [here()])
    day = timezone.localdate() + timedelta(days=1)
    plan = make_plan(draft.pk, author, PlanTimes(day, time(9), "daily"))
    copy = make.draft(author, [here()], plan=plan)
    sent = "UPDATE broadcast_broadcast SET published_at = now(), expires_at = now() + interval '1 hour' WHERE id = %s"
    assert refused_by_the_database(sent, copy.pk), "nobody agreed to the plan"
    with pytest.raises(Refused, match="승인"):
        air_planned(Broadcast.objects.get(pk=copy.pk))
    assert approval.approve(draft.pk, second).published_at is None
    assert approval.goes_at(draft) == plan.airings.order_by("due_at").first().due_at
    air_planned(Broadcast.objects.get(pk=copy.pk))
    assert Broadcast.objects.get(pk=copy.pk).published_at
    other = make.draft(author, [here()], plan=plan)
    make.sending_rule(outcome="refuse", order=1, reason="오늘은 쉽니다.")
    with pytest.raises(Refused, match="쉽니다"):
        air_planned(other)


def test_a_voice_is_agreed_on_with_its_words_except_in_a_disaster() -> None:
    for category in ("life", "wildfire"):
        make.sending_rule(category=category)
    clerk, village = make.clerk(), make.gateway().village
    routine, fire = (make.draft(clerk, [village], category) for category in ("life", "wildfire"))
    Broadcast.objects.update(text=NO_TEXT)
    with pytest.raises(Refused, match="글로도 적은 뒤"):
        publish(routine.pk, clerk)
    routine.refresh_from_db()
    assert routine.submitted_at is None
    assert publish(fire.pk, clerk).submitted_at
