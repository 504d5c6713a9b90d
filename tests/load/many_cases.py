"""10,000 cases of a year for a measurement: rows in bulk, along the transition table; the deeds would take minutes."""

import random
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from people.models import District, Resident
from people.phones import phone_index
from people.residents import name_birth_index
from repair.groups import HOUSEHOLD_GROUPS
from repair.models import BudgetEntry, Case, Device, Programme, Step
from repair.states import State
from tests import make_repair

S = State
#: How a case may have come to where it is, and how many of a hundred did.
WAYS: list[tuple[int, list[State]]] = [
    (8, [S.RECEIVED]),
    (3, [S.RECEIVED, S.PAPERS]),
    (4, [S.RECEIVED, S.CONFIRMED]),
    (3, [S.RECEIVED, S.CONFIRMED, S.WAITING]),
    (1, [S.RECEIVED, S.REFUSAL]),
    (8, [S.RECEIVED, S.REFUSAL, S.REFUSED]),
    (4, [S.RECEIVED, S.WITHDRAWN]),
    (5, [S.RECEIVED, S.CONFIRMED, S.SELECTED]),
    (64, [S.RECEIVED, S.CONFIRMED, S.SELECTED, S.REPAIRING, S.DONE]),
]
CAP = 200_000


def make_them(count: int, officers: list[Any]) -> Programme:
    """`count` cases over this year and all districts; every tenth of 문산읍 is one of `officers`'."""
    year = make_repair.programme(count * CAP)
    rule = year.rules.get()
    chance = random.Random(7)
    districts = list(District.objects.defer("boundary"))
    ways = [way for share, way in WAYS for _ in range(share)]
    plan = [(ways[n % 100], districts[n % len(districts)], officers[n % len(officers)]) for n in range(count)]
    for start in range(0, count, 1000):
        with transaction.atomic():
            _batch(year, rule, chance, plan[start : start + 1000], start)
    return year


def _batch(year: Programme, rule: Any, chance: random.Random, plan: list[tuple], start: int) -> None:
    residents, cases, devices = [], [], []
    today = timezone.localdate()
    first = timezone.make_aware(timezone.datetime(today.year, 1, 2, 9))
    for n, (_, district, officer) in enumerate(plan, start):
        name, phone = f"예시 주민 {n}", f"+82109{n:07}"
        resident = Resident(name=name, phone=phone, birth_date="1950-03-01", address=f"진주시 예시로 {n}")
        resident.phone_index, resident.name_birth_index = (
            phone_index(phone),
            name_birth_index(name, "1950-03-01"),
        )
        residents.append(resident)
        case = Case(
            number=f"{year.year}-{n // 10_000:04}-{n % 10_000:04}",
            once=uuid.uuid4(),
            programme=year,
            rule=rule,
            resident=resident,
            group=chance.choice(HOUSEHOLD_GROUPS).value,
            phone_index=resident.phone_index,
            district=district,
            household_index=f"{n:064}",
            household_claim=f"{n:064}",
            filed_at=first + timedelta(minutes=n * 40),
            officer=officer if n % 10 == 0 else None,
        )
        cases.append(case)
        devices.append(Device(case=case, kind="desktop", trouble="slow", trouble_words="느립니다"))
    Resident.objects.bulk_create(residents)
    Case.objects.bulk_create(cases)
    Device.objects.bulk_create(devices)
    steps = [Step(case=case, deed="filed", after=S.RECEIVED, who="citizen", why="") for case in cases]
    Step.objects.bulk_create(steps)
    for depth in range(1, max(len(way) for way, _, _ in plan)):
        _move(
            year,
            [
                (c, way[depth - 1], way[depth])
                for c, (way, _, _) in zip(cases, plan, strict=True)
                if len(way) > depth
            ],
            today,
        )


DEEDS = {
    S.PAPERS: "asked_paper",
    S.CONFIRMED: "confirmed",
    S.WAITING: "put_in_order",
    S.REFUSAL: "proposed_refusal",
    S.REFUSED: "refused",
    S.WITHDRAWN: "withdrew",
    S.SELECTED: "selected",
    S.REPAIRING: "arrived",
    S.DONE: "finished",
}


def _move(year: Programme, moves: list[tuple[Case, State, State]], today: date) -> None:
    entries: list[BudgetEntry] = []
    deciders = list(_two_clerks())
    for case, _, after in moves:
        case.state = after
        if after in (S.REFUSED, S.WITHDRAWN):
            case.household_claim = None
        if after == S.SELECTED:
            case.selected_on = case.filed_at.date()
            case.deadline_on = case.promised_on = case.due_on = max(
                case.selected_on + timedelta(days=3), today - timedelta(days=1)
            )
            case.cap_won, case.contractor = CAP, year.contractor
            entries.append(
                BudgetEntry(programme=year, case=case, kind="reserved", amount_won=CAP, why="선정")
            )
        if after == S.REPAIRING:
            case.due_on = None
        if after == S.DONE:
            case.arrived_at = case.done_at = case.filed_at + timedelta(days=2)
            case.cost_won, case.own_share_won = 90_000, 0
            entries += [
                BudgetEntry(programme=year, case=case, kind="released", amount_won=CAP, why="마침"),
                BudgetEntry(programme=year, case=case, kind="settled", amount_won=90_000, why="마침"),
            ]
    fields = [
        "state",
        "household_claim",
        "selected_on",
        "deadline_on",
        "promised_on",
        "due_on",
        "cap_won",
        "contractor",
    ]
    fields += ["arrived_at", "done_at", "cost_won", "own_share_won"]
    Case.objects.bulk_update([case for case, _, _ in moves], fields, batch_size=500)
    Step.objects.bulk_create(
        Step(
            case=case,
            deed=DEEDS[after],
            before=before,
            after=after,
            who="staff",
            by=deciders[after == S.REFUSED],
            why="",
        )
        for case, before, after in moves
    )
    BudgetEntry.objects.bulk_create(entries)


def _two_clerks() -> Iterator[Any]:
    from people.models import User
    from tests import make

    for name in ("bench-one", "bench-two"):
        yield User.objects.filter(username=name).first() or make.clerk(username=name)
