"""What decides, besides the state, which deeds fit a case for whom; and why not."""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from people.models import User

from . import budget, looking_up, objections, waiting_line, workflow
from .models import Case, Evidence, Step
from .plain_words import day_words
from .states import State
from .whole_case import Whole

Deed = Step.Deed


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
    #: The year of its money, into which it was carried over, has not begun.
    early: bool
    may_object: bool
    #: The applicant lets the register be asked.
    agreed: bool
    may_look_up: bool


def facts(whole: Whole, user: User) -> Facts:
    case = whole.case
    steps = list(case.steps.all())
    proposals = [step.by_id for step in steps if step.deed == Deed.PROPOSED_REFUSAL]
    deciding = case.state in (State.CONFIRMED, State.WAITING)
    left = case.programme.left_won
    until = objections.may_object_until(case) if case.state == State.REFUSED else None
    return Facts(
        user=user,
        missing=workflow.missing_evidence(case),
        paused=any(pause.until_on is None for pause in case.pauses.all()),
        proposed_by=proposals[-1] if proposals else None,
        had_part=frozenset(s.by_id for s in steps if s.deed in (Deed.PROPOSED_REFUSAL, Deed.REFUSED)),
        waits_before=waiting_line.first_in_line(case, case.rule, left) if deciding else None,
        short=deciding and left < budget.cap_of(case, case.rule),
        early=deciding and timezone.localdate() < case.programme.opens_on,
        may_object=bool(until and until >= timezone.localdate())
        and not any(step.deed == Deed.OBJECTED for step in steps),
        agreed=whole.agreed,
        may_look_up=whole.agreed and looking_up.is_place(case),
    )


def hindered(case: Case, known: Facts) -> list[str]:
    """Why what one would do next cannot be done (by this person), and until when it must be."""
    said = []
    if case.state == State.OBJECTED and case.due_on:
        late = " 그날이 지났으니 바로 판단해 주세요." if timezone.localdate() > case.due_on else ""
        said.append(f"이의신청은 {day_words(case.due_on)}까지 판단해야 합니다(받은 날부터 10일).{late}")
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
    if known.early:
        said.append(
            f"{case.programme} 사업이 시작하는 {day_words(case.programme.opens_on)}부터 선정할 수 있습니다."
        )
    elif known.waits_before:
        said.append(f"예산을 먼저 기다린 {known.waits_before.number}부터 선정해야 합니다.")
    elif known.short:
        said.append(f"올해 예산이 {case.programme.left_won:,}원 남아 선정할 수 없습니다.")
        if case.state == State.WAITING and case.is_organisation:
            said.append(
                "남은 예산이 이 신청에는 모자라, 뒤에 접수한 작은 신청이 먼저 선정될 수 있습니다. 차례는 그대로입니다."
            )
    return said
