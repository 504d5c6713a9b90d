"""Plans: when they are due, aired once whatever happens, never at a wrong time."""

import os
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, time, timedelta
from time import sleep

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast import airings, clearance, compose, plans, tasks
from broadcast.airings import air_due
from broadcast.approval import approve
from broadcast.models import Airing, Broadcast, ChiefPost, Delivery, Plan, Recording, SendingRule
from broadcast.personal_data import forget_voices
from broadcast.plan_times import PlanTimes, Slot, clashes, in_the_way, in_words, occurrences
from broadcast.plans import CannotPlan, leave_out, make_ahead, make_plan, stop_plan
from jinju_portal.schedule import SCHEDULE
from people.holidays import holiday_name, holidays_between, is_holiday, is_working_day
from people.models import HolidayOverride, Message, User
from tests import make

NEW_YEAR = {date(2026, 1, 1): "신정연휴"}
WEEKDAYS = 0b0011111

# Times, from, to → days in Seoul on which it is aired (and "x" before those that rest).
TABLE = [
    (PlanTimes(date(2026, 1, 5), time(9)), "2026-01-01", "2026-01-31", "5"),
    (PlanTimes(date(2026, 1, 5), time(9)), "2026-01-06", "2026-01-31", ""),
    (PlanTimes(date(2026, 1, 5), time(9)), "2025-12-01", "2026-01-04", ""),
    (PlanTimes(date(2026, 1, 5), time(9), "daily"), "2026-01-01", "2026-01-08", "5 6 7 8"),
    (
        PlanTimes(date(2026, 1, 5), time(9), "daily", until=date(2026, 1, 6)),
        "2026-01-01",
        "2026-01-31",
        "5 6",
    ),
    (PlanTimes(date(2026, 1, 1), time(9), "weekly", 0b1), "2026-01-01", "2026-01-31", "5 12 19 26"),
    (PlanTimes(date(2026, 1, 1), time(9), "weekly", 0b1000000), "2026-01-01", "2026-01-12", "4 11"),
    (PlanTimes(date(2026, 1, 1), time(9), "weekly", WEEKDAYS), "2026-01-01", "2026-01-06", "1 2 5 6"),
    (
        PlanTimes(date(2026, 1, 1), time(9), "daily", skip_holidays=True),
        "2026-01-01",
        "2026-01-03",
        "x1 2 3",
    ),
    (PlanTimes(date(2026, 1, 1), time(9), skip_holidays=True), "2026-01-01", "2026-01-03", "x1"),
    (PlanTimes(date(2026, 1, 1), time(9), "daily"), "2026-01-01", "2026-01-02", "1 2"),
    (PlanTimes(date(2026, 1, 1), time(9), "daily"), "2026-01-02", "2026-01-01", ""),
]


@pytest.mark.parametrize(("times", "start", "end", "days"), TABLE)
def test_occurrences(times: PlanTimes, start: str, end: str, days: str) -> None:
    found = list(occurrences(times, date.fromisoformat(start), date.fromisoformat(end), NEW_YEAR))
    # 09:00 in Seoul is midnight in UTC, whatever the server's clock is set to.
    assert all(one.due_at == one.due_at.replace(hour=0, minute=0, tzinfo=UTC) for one in found)
    assert " ".join(("x" if one.rests_for else "") + str(one.due_at.day) for one in found) == days


def test_early_morning_is_the_day_before_in_utc() -> None:
    (one,) = occurrences(PlanTimes(date(2026, 3, 1), time(6, 30)), date(2026, 3, 1), date(2026, 3, 1), {})
    assert one.due_at == datetime(2026, 2, 28, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (PlanTimes(date(2026, 3, 2), time(9)), "2026년 3월 2일(월) 오전 9시"),
        (PlanTimes(date(2026, 3, 2), time(0, 5), "daily"), "날마다 오전 12시 5분"),
        (
            PlanTimes(date(2026, 3, 2), time(18, 30), "weekly", 0b101, skip_holidays=True),
            "월·수요일 오후 6시 30분, 공휴일은 쉼",
        ),
    ],
)
def test_in_words(times: PlanTimes, words: str) -> None:
    assert in_words(times) == words


def slot(key: str, minute: int, seconds: int, *villages: int) -> Slot:
    start = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(minutes=minute)
    return Slot(key, start, seconds, frozenset(villages))


@pytest.mark.parametrize(
    ("slots", "pairs"),
    [
        ([slot("a", 0, 61, 1), slot("b", 1, 60, 1)], {"ab", "ba"}),
        ([slot("a", 0, 60, 1), slot("b", 1, 60, 1)], set()),
        ([slot("a", 0, 600, 1), slot("b", 1, 60, 2)], set()),
        ([slot("a", 0, 600, 1, 2), slot("b", 1, 60, 2, 3), slot("c", 2, 60, 3)], {"ab", "ba"}),
        ([slot("c", 5, 60, 1), slot("b", 1, 60, 1), slot("a", 0, 600, 1)], {"ab", "ba", "ac", "ca"}),
        ([slot("a", 0, 30, 1), slot("b", 0, 30, 1)], {"ab", "ba"}),
    ],
)
def test_clashes(slots: list[Slot], pairs: set[str]) -> None:
    found = clashes(slots)
    assert {f"{key}{other.key}" for key, others in found.items() for other in others} == pairs
    for one in slots:
        others = [other for other in slots if other.key != one.key]
        assert {o.key for o in in_the_way(one, others)} == {o.key for o in found.get(one.key, [])}


# ---- holidays

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-02-17", "설날"),
        ("2026-03-02", "삼일절 대체 휴일"),
        ("2026-05-25", "부처님오신날 대체 휴일"),
        ("2026-09-25", "추석"),
        ("2026-10-05", "개천절 대체 휴일"),
        ("2026-10-06", ""),
        ("2026-11-22", ""),
    ],
)
def test_public_holidays(day: str, name: str) -> None:
    assert holiday_name(date.fromisoformat(day), {}) == name


def test_the_city_s_word_goes_before_the_list(django_assert_num_queries) -> None:
    HolidayOverride.objects.create(date="2026-10-09", name="", is_holiday=False)
    HolidayOverride.objects.create(date="2026-10-08", name="진주시 임시 휴일")
    with django_assert_num_queries(1):
        found = holidays_between(date(2026, 10, 5), date(2026, 10, 9))
    assert found == {date(2026, 10, 5): "개천절 대체 휴일", date(2026, 10, 8): "진주시 임시 휴일"}
    assert not is_holiday(date(2026, 10, 9), {date(2026, 10, 9): ""})
    assert is_working_day(date(2026, 10, 9), {date(2026, 10, 9): ""})
    assert not is_working_day(date(2026, 10, 10), {})


# ---- making a plan


def tomorrow(days: int = 1) -> date:
    return timezone.localdate() + timedelta(days=days)


def planned(by: User | None = None, times: PlanTimes | None = None, **fields: object) -> Plan:
    here = make.gateway().village
    by = by or make.chief(here)
    draft = make.draft(by, [here], **fields)
    return make_plan(draft.pk, by, times or PlanTimes(tomorrow(), time(9), "daily"))


def test_a_plan_writes_its_airings_ahead_and_a_second_tap_changes_nothing() -> None:
    plan = planned()
    assert plan.airings.count() == plans.AHEAD.days
    again = make_plan(plan.original_id, plan.original.author, PlanTimes(tomorrow(3), time(9)))
    assert again == plan
    assert make_ahead() == 0
    assert plan.airings.first().due_at == datetime.combine(
        tomorrow(), time(9), timezone.get_default_timezone()
    )


def test_the_weeks_move_on() -> None:
    plan = planned()
    make_ahead(timezone.now() + timedelta(days=2))
    assert plan.airings.count() == plans.AHEAD.days + 2


def test_a_single_time_far_away_is_in_the_calendar_at_once() -> None:
    assert planned(times=PlanTimes(tomorrow(200), time(9))).airings.count() == 1


REFUSED = [
    (PlanTimes(tomorrow(-1), time(9)), {}, plans.PAST),
    (PlanTimes(tomorrow(0), time(0)), {}, plans.PAST),
    (PlanTimes(tomorrow(400), time(9)), {}, plans.TOO_FAR),
    (PlanTimes(tomorrow(), time(9), "daily", until=tomorrow(400)), {}, plans.TOO_FAR),
    (PlanTimes(tomorrow(), time(9), "weekly", 1 << tomorrow().weekday(), tomorrow()), {}, ""),
    (PlanTimes(tomorrow(), time(9), "weekly", 1 << tomorrow(2).weekday(), tomorrow()), {}, plans.NEVER),
    (PlanTimes(tomorrow(), time(9)), {"category": "wildfire"}, plans.URGENT),
    (PlanTimes(tomorrow(), time(9)), {"severity": "Extreme"}, plans.URGENT),
]


@pytest.mark.parametrize(("times", "fields", "why"), REFUSED)
def test_what_cannot_be_planned(times: PlanTimes, fields: dict, why: str) -> None:
    if not why:
        assert planned(times=times, **fields).airings.count() == 1
        return
    with pytest.raises(CannotPlan) as refused:
        planned(times=times, **fields)
    assert str(refused.value) == why
    assert not Plan.objects.exists()


def test_nobody_plans_for_a_village_that_is_not_theirs() -> None:
    chief = make.chief()
    draft = make.draft(chief, [make.village()])
    with pytest.raises(CannotPlan, match="맡은 마을만"):
        make_plan(draft.pk, chief, PlanTimes(tomorrow(), time(9)))
    with pytest.raises(Broadcast.DoesNotExist):
        make_plan(draft.pk, make.city_operator(), PlanTimes(tomorrow(), time(9)))


def test_a_correction_goes_at_once_or_not_at_all() -> None:
    wrong = make.published([])
    with pytest.raises(CannotPlan, match="바로잡는 방송"):
        planned(corrects=wrong)


def test_a_plan_for_which_a_second_person_is_needed_waits_for_them() -> None:
    SendingRule.objects.create(order=0, name="모두", outcome="second_person", reason="둘이 봅니다.")
    plan = planned()
    plan.original.refresh_from_db()
    assert plan.original.submitted_at
    one, two = plan.airings.order_by("due_at")[:2]
    assert air_due(one.due_at) == 0
    one.refresh_from_db()
    assert (one.state, one.why) == (Airing.State.SKIPPED, "승인을 받지 못한 예약이라 보내지 않았습니다.")
    approve(plan.original_id, make.city_operator())
    assert air_due(two.due_at) == 1
    assert Broadcast.objects.filter(plan=plan, published_at__isnull=False).count() == 1
    assert Broadcast.objects.get(pk=plan.original_id).published_at is None


def test_what_the_rules_refuse_is_not_planned_and_no_longer_aired() -> None:
    plan = planned()
    SendingRule.objects.create(order=0, name="모두", outcome="refuse", reason="지금은 쉽니다.")
    with pytest.raises(CannotPlan, match="지금은 쉽니다"):
        planned()
    assert air_due(first(plan).due_at) == 0
    assert first(plan).why == "지금은 쉽니다."
    assert not Broadcast.objects.filter(plan=plan).exists()


def test_a_planned_draft_is_neither_changed_nor_lost() -> None:
    plan = planned()
    author = plan.original.author
    Broadcast.objects.update(created_at=timezone.now() - timedelta(days=9))
    Recording.objects.update(made_at=timezone.now() - timedelta(days=9))
    assert compose.forget_old() == 0
    with pytest.raises(compose.AlreadySent):
        compose.change_draft(plan.original_id, author, "life", "다른 말")
    with pytest.raises(compose.AlreadySent):
        compose.discard(plan.original_id, author)


def test_the_voice_of_a_plan_that_goes_on_is_kept() -> None:
    plan = planned()
    air_due(first(plan).due_at)
    Broadcast.objects.filter(plan=plan).update(
        published_at=timezone.now() - timedelta(days=400), expires_at=timezone.now()
    )
    assert forget_voices() == 0
    stop_plan(plan.pk, plan.original.author)
    assert forget_voices() == 1


# ---- airing


def first(plan: Plan) -> Airing:
    return plan.airings.order_by("due_at")[0]


def test_an_airing_sends_a_copy_and_leaves_the_original() -> None:
    plan = planned(text="청소합니다.")
    due_at = first(plan).due_at
    assert air_due(due_at - timedelta(seconds=1)) == 0
    assert air_due(due_at) == 1
    assert air_due(due_at) == 0
    airing, original = first(plan), plan.original
    assert airing.state == Airing.State.AIRED
    copy = airing.broadcast
    assert (copy.plan, copy.recording, copy.text) == (plan, original.recording, "청소합니다.")
    assert list(copy.villages.all()) == list(original.villages.all())
    assert copy.deliveries.count() == 1
    original.refresh_from_db()
    assert original.published_at is None


def test_ten_minutes_late_is_aired_and_later_is_missed_and_told() -> None:
    here = make.gateway().village
    chief = make.chief(here, phone="+821012345678", name="예시")
    plan = make_plan(make.draft(chief, [here]).pk, chief, PlanTimes(tomorrow(), time(9), "daily"))
    due_at = first(plan).due_at
    assert air_due(due_at + plans.LATE) == 1
    second = plan.airings.order_by("due_at")[1]
    assert air_due(second.due_at + plans.LATE + timedelta(seconds=1)) == 0
    second.refresh_from_db()
    assert (second.state, second.why) == (Airing.State.MISSED, airings.MISSED)
    assert second.broadcast is None
    (message,) = Message.objects.all()
    assert "예약 방송이 나가지 않았습니다." in message.text
    assert airings.MISSED in message.text


def _close(plan: Plan) -> str:
    User.objects.filter(pk=plan.original.author_id).update(is_active=False)
    return airings.CLOSED


def _end_post(plan: Plan) -> str:
    ChiefPost.objects.update(revoked_at=timezone.now(), revoked_by=make.user(), revoked_reason="임기 끝")
    return clearance.FOREIGN


def _lose_sound(plan: Plan) -> str:
    Recording.objects.update(file="")
    return airings.NO_SOUND


def _stop(plan: Plan) -> str:
    stop_plan(plan.pk, plan.original.author)
    return plans.STOPPED


@pytest.mark.parametrize("change", [_close, _end_post, _lose_sound, _stop])
def test_what_changed_since_it_was_planned_is_seen_when_it_is_aired(change) -> None:
    plan = planned()
    due_at = first(plan).due_at
    why = change(plan)
    assert air_due(due_at) == 0
    assert (first(plan).state, first(plan).why) == (Airing.State.SKIPPED, why)
    assert not Broadcast.objects.filter(published_at__isnull=False).exists()


def test_one_that_fails_holds_nobody_back(monkeypatch) -> None:
    bad, good = planned(), planned()
    real = airings.air_planned

    def air(broadcast: Broadcast) -> None:
        if broadcast.plan_id == bad.pk:
            raise RuntimeError
        real(broadcast)

    monkeypatch.setattr(airings, "air_planned", air)
    assert air_due(first(good).due_at) == 1
    assert first(bad).state == Airing.State.DUE
    assert Broadcast.objects.filter(plan=bad).count() == 0
    monkeypatch.undo()
    assert air_due(first(bad).due_at) == 1


def test_a_holiday_that_comes_or_goes_moves_what_is_planned() -> None:
    plan = planned(times=PlanTimes(tomorrow(), time(9), "daily", skip_holidays=True))
    day = next(d for n in range(1, 9) if not is_holiday(d := tomorrow(n), {}))
    holiday = HolidayOverride.objects.create(date=day, name="임시공휴일")
    assert make_ahead() == 1
    airing = plan.airings.get(state=Airing.State.SKIPPED, due_at__date=day)
    assert airing.why == "공휴일이라 쉽니다: 임시공휴일"
    holiday.delete()
    make_ahead()
    airing.refresh_from_db()
    assert (airing.state, airing.why) == (Airing.State.DUE, "")


def test_a_holiday_of_which_the_rows_do_not_know_yet_is_kept() -> None:
    plan = planned(times=PlanTimes(tomorrow(), time(9), "daily", skip_holidays=True))
    due = plan.airings.filter(state=Airing.State.DUE).order_by("due_at")[0]
    HolidayOverride.objects.create(date=timezone.localdate(due.due_at), name="임시공휴일")
    assert air_due(due.due_at) == 0
    due.refresh_from_db()
    assert due.state == Airing.State.SKIPPED


def test_left_out_once_and_taken_back() -> None:
    plan = planned()
    chief, airing = plan.original.author, first(plan)
    assert leave_out(airing.pk, chief, leave=True).state == Airing.State.SKIPPED
    assert make_ahead() == 0
    assert leave_out(airing.pk, chief, leave=False).state == Airing.State.DUE
    with pytest.raises(Airing.DoesNotExist):
        leave_out(airing.pk, make.chief(), leave=True)
    with pytest.raises(Plan.DoesNotExist):
        stop_plan(plan.pk, make.clerk())
    assert stop_plan(plan.pk, make.city_operator()).stopped_by is not None


def test_making_ahead_asks_the_same_number_of_questions_for_any_number_of_plans() -> None:
    counts = []
    for many in (1, 3, 10):
        while Plan.objects.count() < many:
            planned()
        Airing.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            make_ahead()
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


# ---- two at once, and the killed


@pytest.mark.django_db(transaction=True)
def test_two_clocks_air_it_once() -> None:
    made = [planned() for _ in range(4)]
    now = first(made[0]).due_at
    gate, counts = threading.Barrier(4), []

    def run() -> None:
        gate.wait()
        counts.append(air_due(now))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 4
    assert Airing.objects.filter(state=Airing.State.AIRED).count() == 4
    assert Delivery.objects.count() == 4


def test_the_database_itself_never_sends_an_original() -> None:
    plan = planned()
    now = timezone.now()
    with pytest.raises(DatabaseError, match="the original of a plan"), transaction.atomic():
        Broadcast.objects.filter(pk=plan.original_id).update(
            published_at=now, expires_at=now + timedelta(hours=1)
        )
    sent = make.published([])
    with pytest.raises(DatabaseError, match="the original of a plan"), transaction.atomic():
        Plan.objects.create(original=sent, first_on=tomorrow(), at=time(9))


AIR = """
import django
django.setup()
from datetime import datetime
from broadcast.airings import air_due
print("ready", flush=True)
air_due(datetime.fromisoformat("{now}"))
"""


@pytest.mark.django_db(transaction=True)
def test_workers_that_are_killed_lose_nothing_and_air_nothing_twice() -> None:
    here = make.gateway().village
    chief, day = make.chief(here), PlanTimes(tomorrow(), time(9))
    for _ in range(30):
        make_plan(make.draft(chief, [here]).pk, chief, day)
    now = Airing.objects.all()[0].due_at
    there = connection.settings_dict
    address = (
        f"postgresql://{there['USER']}:{there['PASSWORD']}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
    )
    environment = {**os.environ, "DATABASE_URL": address}
    command = [sys.executable, "-c", AIR.format(now=now.isoformat())]
    aired = Airing.objects.filter(state=Airing.State.AIRED)
    workers = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == b"ready\n"
    while aired.count() < 5 and any(worker.poll() is None for worker in workers):
        sleep(0.01)
    for worker in workers:
        worker.kill()
        worker.wait()
        worker.stdout.close()  # type: ignore[union-attr]
    # What a killed one held is free as soon as the database has noticed.
    while Airing.objects.filter(state=Airing.State.DUE).exists():
        air_due(now)
    assert aired.count() == 30
    assert aired.values("broadcast").distinct().count() == 30
    assert Broadcast.objects.filter(published_at__isnull=False).count() == 30
    assert Delivery.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_while_airing_leaves_it_due() -> None:
    plan = planned()
    airing = first(plan)

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        assert air_due(airing.due_at) == 1
        raise Killed
    assert first(plan).state == Airing.State.DUE
    assert not Delivery.objects.exists()
    assert air_due(airing.due_at) == 1
    assert Delivery.objects.count() == 1


def test_what_the_clock_asks_for_is_there() -> None:
    regularly = {entry["task"] for entry in SCHEDULE.values()}
    assert {"broadcast.tasks.air_planned", "broadcast.tasks.plan_ahead"} <= regularly
    tasks.plan_ahead()
    tasks.air_planned()
