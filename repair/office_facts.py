"""What decides, besides the state, which deeds fit a case for whom; and why not."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from people.models import User

from . import looking_up, workflow
from .models import Case, Evidence, Step
from .plain_words import day_words
from .states import State

Deed = Step.Deed
#: An objection is decided within 10 days (민원 처리에 관한 법률 제35조 제2항). All days are counted: whichever days the
#: law means, that is in time.
DECIDED_WITHIN = timedelta(days=10)


@dataclass(frozen=True)
class Facts:
    """Read once a page."""

    user: User
    missing: list[str]
    paused: bool
    proposed_by: uuid.UUID | None
    had_part: frozenset[uuid.UUID | None]
    waits_before: Case | None
    short: bool
    may_object: bool
    #: The applicant lets the register be asked.
    agreed: bool
    may_look_up: bool


def facts(case: Case, user: User) -> Facts:
    """Of a case with its steps, evidence and pauses prefetched."""
    steps = list(case.steps.all())
    proposals = [step.by_id for step in steps if step.deed == Deed.PROPOSED_REFUSAL]
    deciding = case.state in (State.CONFIRMED, State.WAITING)
    agreed = looking_up.agreed(case)
    until = workflow.may_object_until(case) if case.state == State.REFUSED else None
    return Facts(
        user=user,
        missing=workflow.missing_evidence(case),
        paused=any(pause.until_on is None for pause in case.pauses.all()),
        proposed_by=proposals[-1] if proposals else None,
        had_part=frozenset(s.by_id for s in steps if s.deed in (Deed.PROPOSED_REFUSAL, Deed.REFUSED)),
        waits_before=workflow.first_in_line(case) if deciding else None,
        short=deciding and case.programme.left_won < workflow.cap_of(case, case.rule),
        may_object=bool(until and until >= timezone.localdate())
        and not any(step.deed == Deed.OBJECTED for step in steps),
        agreed=agreed,
        may_look_up=agreed and looking_up.is_place(case),
    )


def decide_by(case: Case) -> date | None:
    """The last day on which to decide on the objection; None if there is none. Takes the prefetched steps."""
    objected = [step.at for step in case.steps.all() if step.deed == Deed.OBJECTED]
    if case.state != State.OBJECTED or not objected:
        return None
    return timezone.localdate(objected[-1]) + DECIDED_WITHIN


def hindered(case: Case, known: Facts) -> list[str]:
    """Why what one would do next cannot be done (by this person), and until when it must be."""
    said = []
    if due := decide_by(case):
        late = " 그날이 지났으니 바로 판단해 주세요." if timezone.localdate() > due else ""
        said.append(f"이의신청은 {day_words(due)}까지 판단해야 합니다(받은 날부터 10일).{late}")
    if case.state == State.RECEIVED and not case.group:
        said.append("어느 지원 대상인지 모릅니다. ‘지원 대상 고치기’에서 먼저 골라 주세요.")
    deciding = case.state in (State.CONFIRMED, State.WAITING)
    if (case.state == State.RECEIVED or deciding) and known.missing:
        labels = ", ".join(Evidence.About(about).label for about in known.missing)
        what = "선정하려면" if deciding else "자격을 확인하려면"
        said.append(f"{what} {labels}의 근거가 ‘맞음’이어야 합니다.")
    if deciding and case.programme.contractor_id is None:
        said.append("올해의 수리 업체가 없어 선정할 수 없습니다. 시청 무상수리 담당이 먼저 정해야 합니다.")
    if case.state == State.REFUSAL and known.proposed_by == known.user.pk:
        said.append("불가를 올리신 분은 스스로 정할 수 없습니다. 다른 담당자가 정할 때까지 기다려 주세요.")
    if case.state == State.OBJECTED and known.user.pk in known.had_part:
        said.append("불가를 올리거나 정하신 분은 이의를 물리칠 수 없습니다. 다른 담당자가 판단해 주세요.")
    if known.waits_before:
        said.append(f"예산을 먼저 기다린 {known.waits_before.number}부터 선정해야 합니다.")
    elif known.short:
        said.append(f"올해 예산이 {case.programme.left_won:,}원 남아 선정할 수 없습니다.")
    return said
