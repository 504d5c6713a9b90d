"""The technician's deeds at the household. Money beyond the cap waits for the household's word.

All raise states.NotPossible if they do not fit; Visit.DoesNotExist if the visit is not this technician's open one.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from people.models import User
from privacy.access import Action, record

from . import budget, deadlines, papers
from .actors import Actor, contractor_of
from .history import locked, write
from .models import Agreement, Device, Line, Paper, PriceItem, Step, Visit
from .notices import falls_through, notify
from .states import NotPossible, State
from .visit_lists import open_visits
from .visit_sums import sums

Deed = Step.Deed
#: On one visit; twenty of the dearest fifty times over still fit the columns.
MOST_LINES = 50
#: Why a pause ended that nobody ended.
CAME = "멈춘 동안 방문함"


def mine(visit_id: uuid.UUID, user: User) -> Visit:
    """Their open visit, its case locked first. Visit.DoesNotExist."""
    found = open_visits(user).get(pk=visit_id)
    case = locked(found.case_id)
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id, technician=user, ended_at=None)
    visit.case = case
    return visit


def _note(visit: Visit, by: Actor, words: str) -> None:
    """On record, though the case went no step further."""
    who = by.user.get_username() if by.user and by.request is None else None
    record(by.request, Action.CHANGE, [visit.case], f"무상수리 {visit.case.number}: {words}", who=who)


def _user(by: Actor) -> User:
    if by.user is None:
        raise NotPossible("기사로 로그인해 주세요.")
    return by.user


@transaction.atomic
def take(case_id: uuid.UUID, by: Actor, planned_at: datetime | None = None) -> Visit:
    """방문을 맡음: the first technician of the contractor who presses. Returns theirs if they have it already."""
    user = _user(by)
    case = locked(case_id)
    if case.state != State.SELECTED or case.contractor_id is None or contractor_of(user) != case.contractor:
        raise NotPossible("맡을 수 있는 방문이 아닙니다. 목록을 새로 고쳐 주세요.")
    held = case.visits.filter(ended_at=None).first()
    if held is not None:
        if held.technician_id == user.pk:
            return held
        raise NotPossible("다른 기사가 먼저 맡았습니다.")
    visit = Visit.objects.create(case=case, technician=user, planned_at=planned_at)
    write(case, Deed.TOOK, by)
    return visit


@transaction.atomic
def plan(visit_id: uuid.UUID, by: Actor, planned_at: datetime) -> Visit:
    """방문 약속: the applicant is told when, of each change. The same time twice is once."""
    visit = mine(visit_id, _user(by))
    if visit.arrived_at:
        raise NotPossible("이미 방문했습니다.")
    if visit.planned_at == planned_at:
        return visit
    visit.planned_at = planned_at
    visit.save(update_fields=["planned_at"])
    _note(visit, by, "방문을 약속함")
    # By itself, not by the time: whoever goes back to an hour that was said before says it again.
    notify(visit.case, "repair_planned", uuid.uuid4(), when=planned_at)
    return visit


@transaction.atomic
def give_back(visit_id: uuid.UUID, by: Actor, why: str) -> Visit:
    """방문을 내놓음, before arriving: another technician takes it."""
    visit = mine(visit_id, _user(by))
    if visit.arrived_at:
        raise NotPossible("방문한 뒤에는 내놓을 수 없습니다. ‘마치지 못함’을 눌러 주세요.")
    _end(visit, Visit.End.GIVEN_BACK, why)
    write(visit.case, Deed.GAVE_BACK, by, why)
    falls_through(visit)
    return visit


@transaction.atomic
def arrive(visit_id: uuid.UUID, by: Actor, at: datetime | None = None) -> Visit:
    """방문함, at the time by the phone's clock. The deadline is met or missed by the first arrival, which ends a pause
    that nobody ended. Twice is once."""
    visit = mine(visit_id, _user(by))
    if visit.arrived_at:
        return visit
    visit.arrived_at = at or timezone.now()
    visit.save(update_fields=["arrived_at"])
    if deadlines.count_again(visit.case, timezone.localdate(visit.arrived_at), CAME, tells=False):
        write(visit.case, Deed.RESUMED, by, CAME)
    visit.case.arrived_at, visit.case.due_on = visit.case.arrived_at or visit.arrived_at, None
    write(visit.case, Deed.ARRIVED, by, after=State.REPAIRING, fields=["arrived_at", "due_on"])
    return visit


@transaction.atomic
def diagnose(visit_id: uuid.UUID, by: Actor, words: str) -> Visit:
    visit = at_work(visit_id, by)
    visit.diagnosis = words
    visit.save(update_fields=["diagnosis"])
    _note(visit, by, "진단을 적음")
    return visit


def at_work(visit_id: uuid.UUID, by: Actor) -> Visit:
    """While the household looks at the sum it stays as it is."""
    visit = mine(visit_id, _user(by))
    if visit.case.state == State.CONSENT:
        raise NotPossible("본인 부담을 여쭙는 중입니다. 먼저 답을 받아 주세요.")
    if visit.case.state != State.REPAIRING:
        raise NotPossible("먼저 ‘방문함’을 눌러 주세요.")
    return visit


@transaction.atomic
def add_line(
    visit_id: uuid.UUID,
    by: Actor,
    device_id: uuid.UUID,
    item_id: int,
    count: int,
    line_id: uuid.UUID | None = None,
) -> Line:
    """A part or work from the price list. `line_id`: made by the phone; the same line twice is one."""
    visit = at_work(visit_id, by)
    if line_id and (kept := Line.objects.filter(pk=line_id).first()):
        if kept.visit_id != visit.pk:
            raise NotPossible("다른 방문의 내역입니다. 화면을 새로 고쳐 주세요.")
        return kept
    if visit.lines.count() >= MOST_LINES:
        raise NotPossible(f"한 방문에는 {MOST_LINES}줄까지 적을 수 있습니다. 개수를 늘려 적어 주세요.")
    item = PriceItem.objects.filter(pk=item_id, programme=visit.case.programme_id, is_active=True).first()
    device = visit.case.devices.filter(pk=device_id).first()
    if item is None or device is None or not 1 <= count <= 20:
        raise NotPossible("단가표에 있는 것을 1개에서 20개까지 골라 주세요.")
    line = Line(
        visit=visit,
        device=device,
        item=item,
        name=item.name,
        kind=item.kind,
        price_won=item.price_won,
        count=count,
    )
    line.pk = line_id or line.pk
    line.save(force_insert=True)
    _note(visit, by, "수리 내역을 더함")
    return line


@transaction.atomic
def remove_line(visit_id: uuid.UUID, by: Actor, line_id: uuid.UUID) -> None:
    """Twice is once."""
    visit = at_work(visit_id, by)
    if visit.lines.filter(pk=line_id).delete()[0]:
        _note(visit, by, "수리 내역을 뺌")


@transaction.atomic
def add_photos(visit_id: uuid.UUID, by: Actor, files: Sequence[UploadedFile], kind: str) -> list[Paper]:
    """Before the repair, and after. papers.NotAPaper if one of them is no photo, or there are too many."""
    visit = at_work(visit_id, by)
    return papers.take_in(files, kind, case=visit.case, by=by)


@transaction.atomic
def ask_consent(visit_id: uuid.UUID, by: Actor) -> Visit:
    """본인 부담을 여쭘: work stops until the household says so on the screen. Twice is once."""
    visit = mine(visit_id, _user(by))
    if visit.case.state == State.CONSENT:
        return visit
    if not sums(visit).needs_agreement:
        raise NotPossible("지원 한도 안입니다. 여쭙지 않아도 됩니다.")
    write(visit.case, Deed.ASKED_CONSENT, by, after=State.CONSENT)
    return visit


@transaction.atomic
def answer_consent(
    visit_id: uuid.UUID, by: Actor, *, agreed: bool, name: str, own_won: int | None = None
) -> Visit:
    """What the household says: yes, they pay the rest; no, nothing beyond the cap is done.

    `own_won`: what the screen showed them. If that is not the rest, they said nothing about it.
    """
    visit = mine(visit_id, _user(by))
    if visit.case.state != State.CONSENT:
        raise NotPossible("지금은 여쭐 것이 없습니다.")
    if not name.strip():
        raise NotPossible("답하시는 분의 이름을 적어 주세요.")
    asked = sums(visit)
    if own_won not in (None, asked.own):
        raise NotPossible(f"본인 부담이 {asked.own:,}원으로 달라졌습니다. 가구에 다시 여쭈어 주세요.")
    Agreement.objects.create(
        visit=visit,
        about=Agreement.About.OWN_SHARE,
        agreed=agreed,
        total_won=asked.total,
        own_share_won=asked.own,
        name=name,
    )
    write(visit.case, Deed.AGREED if agreed else Deed.DECLINED, by, after=State.REPAIRING)
    return visit


@transaction.atomic
def break_off(visit_id: uuid.UUID, by: Actor, why: str) -> Visit:
    """마치지 못함: nobody home, a part must be fetched. The case waits for another visit by a new deadline, and the
    applicant is told of it. Its money stays reserved.

    What was listed stays with the broken-off visit and is not paid.
    """
    visit = mine(visit_id, _user(by))
    if visit.case.state == State.CONSENT:
        raise NotPossible("본인 부담을 여쭙는 중입니다. 먼저 답을 받아 주세요.")
    if visit.case.state == State.SELECTED:
        raise NotPossible("먼저 ‘방문함’을 눌러 주세요.")
    _end(visit, Visit.End.BROKEN_OFF, why)
    day = deadlines.again(visit.case)
    step = write(visit.case, Deed.BROKE_OFF, by, why, after=State.SELECTED, fields=["due_on"])
    notify(visit.case, "repair_again", step.pk, day=day)
    return visit


@transaction.atomic
def finish(
    visit_id: uuid.UUID,
    by: Actor,
    outcomes: Mapping[uuid.UUID, tuple[str, str]],
    name: str,
    at: datetime | None = None,
    total_won: int | None = None,
) -> Visit:
    """수리를 마침: the household (`name`) confirms on the screen. `outcomes`: device → (outcome, barrier).

    The city pays the lines up to the cap; more only as far as the household agreed to pay it. `total_won`: what the
    screen showed them; if the lines say otherwise, they confirmed something else.
    """
    visit = at_work(visit_id, by)
    case = visit.case
    money = sums(visit)
    if total_won not in (None, money.total):
        raise NotPossible(f"수리비가 {money.total:,}원으로 달라졌습니다. 가구에 다시 보여 드려 주세요.")
    if money.needs_agreement:
        raise NotPossible(
            f"지원 한도를 {money.own:,}원 넘습니다. 먼저 본인 부담을 여쭙거나 내역을 줄여 주세요."
        )
    devices = list(case.devices.all())
    if {device.pk for device in devices} != set(outcomes):
        raise NotPossible("기기마다 결과를 골라 주세요.")
    for device in devices:
        device.outcome, device.barrier = outcomes[device.pk]
        if device.outcome not in Device.Outcome.values or device.barrier not in Device.Barrier.values:
            raise NotPossible("기기마다 결과를 골라 주세요.")
        if device.outcome == Device.Outcome.FIXED:
            device.barrier = Device.Barrier.NONE
        device.save(update_fields=["outcome", "barrier"])
    if not name.strip():
        raise NotPossible("수리를 확인하시는 분의 이름을 적어 주세요.")
    Agreement.objects.create(
        visit=visit,
        about=Agreement.About.WORK_DONE,
        agreed=True,
        total_won=money.total,
        own_share_won=money.own,
        name=name,
    )
    _end(visit, Visit.End.DONE, "")
    ended = max(at or timezone.now(), visit.arrived_at or visit.taken_at)
    case.cost_won, case.own_share_won, case.done_at = money.city, money.own, ended
    budget.spend(case, money.city, by.user)
    step = write(case, Deed.FINISHED, by, after=State.DONE, fields=["cost_won", "own_share_won", "done_at"])
    notify(case, "repair_done", step.pk)
    return visit


def _end(visit: Visit, end: str, why: str) -> None:
    visit.ended_at, visit.end, visit.end_words = timezone.now(), end, why
    visit.save(update_fields=["ended_at", "end", "end_words"])
