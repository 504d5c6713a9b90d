"""Data for tests of 컴퓨터 무상수리, as tests/make.py makes the rest. Every case goes the way of the real deeds."""

import itertools
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from people.demo_clock import clock_at
from people.models import RoleGrant, User
from repair import budget, filing, visits, workflow
from repair.actors import Actor
from repair.groups import Group
from repair.models import (
    Case,
    Contractor,
    Device,
    Evidence,
    PriceItem,
    Programme,
    Rule,
    Step,
    TechnicianPost,
    Visit,
)

from . import make

_count = itertools.count(1)
#: Agreed to everything that is needed.
AGREED = {"repair.personal": True, "repair.sensitive": True}
CITIZEN = Actor(Step.Who.CITIZEN)


def staff(user: User) -> Actor:
    return Actor(Step.Who.STAFF, user)


def technician_actor(user: User) -> Actor:
    return Actor(Step.Who.TECHNICIAN, user)


def repair_officer(**fields: Any) -> User:
    made = make.user(**fields)
    RoleGrant.objects.create(user=made, role=RoleGrant.Role.REPAIR_OFFICER, reason="시험")
    return made


def contractor(name: str = "") -> Contractor:
    return Contractor.objects.create(name=name or f"시험 업체 {next(_count)}")


def technician(of: Contractor, **fields: Any) -> User:
    made = make.user(**fields)
    TechnicianPost.objects.create(user=made, contractor=of, reason="시험")
    return made


def rule(programme: Programme, **fields: Any) -> Rule:
    given = {
        "groups": [group.value for group in Group],
        "valid_from": programme.opens_on,
        "source": "시험 공고",
    }
    return Rule.objects.create(programme=programme, **{**given, **fields})


def programme(won: int = 10_000_000, *, rules: dict[str, Any] | None = None, **fields: Any) -> Programme:
    """This year's, open today, with a budget, a rule, a contractor and three prices."""
    today = timezone.localdate()
    made = Programme.objects.create(
        **{
            "year": today.year,
            # Tests look some weeks back, in January too.
            "opens_on": min(date(today.year, 1, 1), today - timedelta(days=60)),
            "closes_on": date(today.year, 12, 31),
            "contractor": contractor(),
            **fields,
        }
    )
    rule(made, **(rules or {}))
    if won:
        budget.change_budget(made.year, won, "시험", repair_officer())
    for kind, name, price in (
        ("work", "점검", 30_000),
        ("part", "SSD 256GB", 60_000),
        ("part", "그래픽 카드", 150_000),
    ):
        PriceItem.objects.create(programme=made, kind=kind, name=name, price_won=price)
    made.refresh_from_db()
    return made


def filed(**fields: Any) -> filing.Filed:
    """A household of its own in 문산읍 with a slow desktop."""
    n = next(_count)
    given: dict[str, Any] = {
        "name": f"예시 주민 {n}",
        "phone": f"010-9999-{n % 10_000:04}",
        "birth_date": "1950-03-01",
        "district": fields.pop("district", None) or make.district(),
        "address": f"경상남도 진주시 문산읍 동부로 {n}",
        "group": Group.BASIC_LIVING,
        "devices": [
            filing.DeviceFiled(Device.Kind.DESKTOP, Device.Trouble.SLOW, words="켜는 데 오래 걸립니다")
        ],
        "consents": AGREED,
    }
    return filing.Filed(**{**given, **fields})


def case(by: Actor = CITIZEN, **fields: Any) -> Case:
    """Received. The year must be there (`programme`)."""
    return filing.file(filed(**fields), by, once=uuid.uuid4())


def evidence(of: Case, by: User) -> None:
    for about in Evidence.About.values:
        workflow.note_evidence(of.pk, staff(by), about, Evidence.Way.SEEN, Evidence.Answer.YES, "증명서를 봄")


def confirmed(by: User | None = None, **fields: Any) -> Case:
    made = case(**fields)
    by = by or make.clerk(made.district)
    evidence(made, by)
    return workflow.confirm(made.pk, staff(by))


def selected(by: User | None = None, **fields: Any) -> Case:
    made = confirmed(by, **fields)
    return workflow.select(made.pk, staff(by or make.clerk(made.district)))


def refused(proposer: User | None = None, decider: User | None = None, **fields: Any) -> Case:
    made = case(**fields)
    proposer, decider = proposer or make.clerk(made.district), decider or make.clerk(made.district)
    workflow.propose_refusal(made.pk, staff(proposer), "지원 대상이 아닙니다.")
    return workflow.refuse(made.pk, staff(decider))


def visit(of: Case | None = None, by: User | None = None, *, arrived: bool = True) -> Visit:
    """Taken by a technician of the case's contractor, who has arrived."""
    of = of or selected()
    assert of.contractor
    by = by or technician(of.contractor)
    made = visits.take(of.pk, technician_actor(by))
    return visits.arrive(made.pk, technician_actor(by)) if arrived else made


def lines(of: Visit, names: Sequence[str] = ("점검",)) -> None:
    """Priced lines on the case's first device."""
    device = of.case.devices.first()
    assert device
    for name in names:
        item = PriceItem.objects.get(programme=of.case.programme_id, name=name)
        visits.add_line(of.pk, technician_actor(of.technician), device.pk, item.pk, 1)


def done(of: Case | None = None, names: Sequence[str] = ("점검", "SSD 256GB")) -> Case:
    """Repaired for what `names` cost."""
    made = visit(of)
    lines(made, names)
    outcomes = {device.pk: ("Fixed", "") for device in made.case.devices.all()}
    visits.finish(made.pk, technician_actor(made.technician), outcomes, "예시 가족")
    return Case.objects.get(pk=made.case_id)


def days_ago(days: int) -> AbstractContextManager[None]:
    """`with days_ago(20):` what is done meanwhile was done then, and is dated so."""
    return clock_at(timezone.now() - timedelta(days=days))
