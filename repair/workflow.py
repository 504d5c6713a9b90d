"""What an office, the city and the applicant do with a case. Each deed is whole or did not happen.

All take the case's id and who does it, lock the row, and raise states.NotPossible (its text says why) if it does not
fit. Whether that person may see the case at all the views ask (Case.objects.for_office, for_phone).
"""

import uuid
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from people.models import District, User
from privacy.access import Action, record

from . import budget, deadlines
from .actors import Actor
from .history import locked, write
from .models import Case, Evidence, Pause, Programme, Rule, Step
from .notices import notify
from .states import OFFICE, RUNNING, NotPossible, State, check_deed

Deed = Step.Deed
#: 이의신청: within 60 days of being told (민원 처리에 관한 법률 제35조 제1항).
OBJECTION_DAYS = 60


@transaction.atomic
def ask_paper(pk: uuid.UUID, by: Actor, what: str) -> Case:
    """서류를 요청: `what` is read by the applicant."""
    case = locked(pk)
    step = write(case, Deed.ASKED_PAPER, by, what, after=State.PAPERS)
    notify(case, "repair_papers", step.pk)
    return case


@transaction.atomic
def bring_paper(pk: uuid.UUID, by: Actor, why: str = "") -> Case:
    """The paper came: the office looks again."""
    case = locked(pk)
    write(case, Deed.BROUGHT_PAPER, by, why, after=State.RECEIVED)
    return case


@transaction.atomic
def note_evidence(pk: uuid.UUID, by: Actor, about: str, way: str, answer: str, words: str = "") -> Evidence:
    """What was looked up or seen, about the group or the residence."""
    case = locked(pk)
    if case.state not in OFFICE:
        raise NotPossible("자격을 확인하는 동안에만 근거를 더할 수 있습니다.")
    made = Evidence.objects.create(case=case, about=about, way=way, answer=answer, words=words, by=by.user)
    who = by.user.get_username() if by.user and by.request is None else None
    record(
        by.request, Action.CHANGE, [case], f"무상수리 {case.number}: {made.get_about_display()} 근거", who=who
    )
    return made


@transaction.atomic
def confirm(pk: uuid.UUID, by: Actor, why: str = "") -> Case:
    """자격 확인, and of the household. NotPossible while group or residence (an organisation's seat) rests on nothing;
    what the evidence last said counts."""
    case = locked(pk)
    check_deed(Deed.CONFIRMED, case.state)
    if not case.group:
        raise NotPossible("어느 지원 대상인지 먼저 적어 주세요.")
    _check_evidence(case)
    case.household_confirmed_by, case.officer = by.user, case.officer or by.user
    write(
        case,
        Deed.CONFIRMED,
        by,
        why,
        after=State.CONFIRMED,
        fields=["household_confirmed_by", "officer"],
    )
    return case


def _check_evidence(case: Case) -> None:
    if missing := missing_evidence(case):
        labels = ", ".join(Evidence.About(about).label for about in missing)
        raise NotPossible(f"{labels}의 근거가 ‘맞음’이어야 합니다. 조회하거나 서류를 보고 적어 주세요.")


def missing_evidence(case: Case) -> list[str]:
    """What must still be shown before the case can be confirmed; the last word on each counts."""
    last: dict[str, str] = {}
    for row in case.evidence.all():
        last[row.about] = row.answer
    return [about for about in Evidence.About.values if last.get(about) != Evidence.Answer.YES]


def cap_of(case: Case, rule: Rule) -> int:
    """Won: the cap a household, or a device of an organisation."""
    return rule.cap_won * (case.devices.count() if case.is_organisation else 1)


@transaction.atomic
def select(pk: uuid.UUID, by: Actor) -> Case:
    """선정: money is reserved and the deadline promised, by the rule in force today.

    budget.BudgetSpent if less than the cap is left; NotPossible if somebody who waits came earlier, if what was
    confirmed was corrected since and not shown again, or if nobody repairs this year.
    """
    case = locked(pk)
    check_deed(Deed.SELECTED, case.state)
    _check_evidence(case)
    today = timezone.localdate()
    rule = Rule.objects.in_force(case.programme_id, today).first() or case.rule
    if first := first_in_line(case):
        raise NotPossible(f"예산을 먼저 기다린 {first.number}부터 선정해 주세요.")
    contractor = case.programme.contractor
    if contractor is None or not contractor.is_active:
        raise NotPossible(
            "올해의 수리 업체가 아직 없어 찾아갈 기사가 없습니다. 시청 무상수리 담당이 먼저 정해야 합니다."
        )
    _claim_by(case, rule)
    case.rule, case.cap_won, case.contractor = rule, cap_of(case, rule), contractor
    case.officer = case.officer or by.user
    case.selected_on = today
    case.promised_on = case.deadline_on = deadlines.first(rule, today)
    budget.reserve(case, case.cap_won, by.user)
    fields = ["rule", "cap_won", "contractor", "officer", "selected_on", "promised_on", "deadline_on"]
    step = write(case, Deed.SELECTED, by, after=State.SELECTED, fields=fields)
    notify(case, "repair_selected", step.pk, day=case.deadline_on)
    return case


def _claim_by(case: Case, rule: Rule) -> None:
    """Filed while the rule knew no limit, selected under one that does: it claims its household's year now."""
    if not rule.once_a_year or case.is_organisation or case.household_exception or case.household_claim:
        return
    case.household_claim = case.household_index
    try:
        with transaction.atomic():
            case.save(update_fields=["household_claim"])
    except IntegrityError as error:
        if "one_live_case" not in str(error):
            raise
        raise NotPossible(
            "지금 기준으로는 한 가구에 한 해 한 번인데, 같은 가구의 다른 신청이 있습니다."
            " 다른 가구이면 ‘같은 가구 예외’를 먼저 적어 주세요."
        ) from None


def first_in_line(case: Case) -> Case | None:
    """Somebody else who waits for money and filed before: they come first."""
    waiting = Case.objects.filter(
        programme=case.programme_id, state=State.WAITING, filed_at__lt=case.filed_at
    )
    return waiting.exclude(pk=case.pk).order_by("filed_at").first()


@transaction.atomic
def put_in_order(pk: uuid.UUID, by: Actor) -> Case:
    """예산 대기: where the year says that applicants wait when money is spent."""
    case = locked(pk, "programme")
    if case.programme.when_spent != Programme.WhenSpent.WAIT:
        raise NotPossible("올해는 예산이 다하면 접수를 마칩니다. 기다리게 하지 않고 지원 불가로 올려 주세요.")
    step = write(case, Deed.PUT_IN_ORDER, by, after=State.WAITING)
    notify(case, "repair_waiting", step.pk)
    return case


@transaction.atomic
def propose_refusal(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """불가를 올림: a second person decides. `why` is what the applicant will read."""
    case = locked(pk)
    write(case, Deed.PROPOSED_REFUSAL, by, why, after=State.REFUSAL)
    return case


def proposal(case: Case) -> Step | None:
    """Who proposed the refusal last, and why."""
    return case.steps.filter(deed=Deed.PROPOSED_REFUSAL).select_related("by").last()


@transaction.atomic
def refuse(pk: uuid.UUID, by: Actor) -> Case:
    """지원 불가, by somebody else than who proposed it (the database refuses it too)."""
    case = locked(pk)
    check_deed(Deed.REFUSED, case.state)
    proposed = proposal(case)
    if proposed is None or (by.user and proposed.by_id == by.user.pk):
        raise NotPossible("불가를 올린 사람은 스스로 정할 수 없습니다. 다른 담당자가 정해 주세요.")
    step = write(case, Deed.REFUSED, by, proposed.why or "", after=State.REFUSED)
    notify(case, "repair_refused", step.pk)
    return case


@transaction.atomic
def keep_open(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """불가를 돌려보냄: the office looks again."""
    case = locked(pk)
    write(case, Deed.KEPT_OPEN, by, why, after=State.RECEIVED)
    return case


@transaction.atomic
def withdraw(pk: uuid.UUID, by: Actor, why: str = "") -> Case:
    """철회: what was reserved is free again; a technician who is on the way is told by their list."""
    case = locked(pk)
    check_deed(Deed.WITHDREW, case.state)
    if case.state in RUNNING:
        budget.release(case, by.user, "철회")
    for visit in case.visits.filter(ended_at=None):
        visit.ended_at, visit.end = timezone.now(), visit.End.GIVEN_BACK
        visit.save(update_fields=["ended_at", "end"])
    step = write(case, Deed.WITHDREW, by, why, after=State.WITHDRAWN)
    notify(case, "repair_withdrawn", step.pk)
    return case


def may_object_until(case: Case) -> date | None:
    """The last day for an objection to a refusal; None if it was not refused."""
    if case.state != State.REFUSED:
        return None
    refused = case.steps.filter(deed__in=[Deed.REFUSED, Deed.UPHELD]).last()
    return None if refused is None else timezone.localdate(refused.at) + timedelta(days=OBJECTION_DAYS)


@transaction.atomic
def object_to(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """이의신청, within 60 days and once. The household claims its year again."""
    case = locked(pk)
    check_deed(Deed.OBJECTED, case.state)
    until = may_object_until(case)
    if until is not None and timezone.localdate() > until:
        raise NotPossible(
            f"이의신청은 {until.month}월 {until.day}일까지 하실 수 있었습니다. 아래 번호로 물어봐 주세요."
        )
    if case.steps.filter(deed=Deed.OBJECTED).exists():
        raise NotPossible("이의신청은 한 번 하실 수 있습니다. 더 다투실 방법은 아래 번호로 물어봐 주세요.")
    if case.rule.once_a_year and not case.is_organisation and not case.household_exception:
        case.household_claim = case.household_index
    try:
        with transaction.atomic():
            write(case, Deed.OBJECTED, by, why, after=State.OBJECTED, fields=["household_claim"])
    except IntegrityError as error:
        if "one_live_case" not in str(error):
            raise
        raise NotPossible(
            "그 사이에 같은 가구의 다른 신청이 접수되었습니다. 아래 번호로 전화해 주세요."
        ) from None
    return case


@transaction.atomic
def reopen(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """이의를 받아들임: the office looks again."""
    case = locked(pk)
    step = write(case, Deed.REOPENED, by, why, after=State.RECEIVED)
    notify(case, "repair_reopened", step.pk)
    return case


@transaction.atomic
def uphold(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """이의를 받아들이지 않음, by somebody who neither proposed nor decided the refusal (as the database holds too)."""
    case = locked(pk)
    check_deed(Deed.UPHELD, case.state)
    before = case.steps.filter(deed__in=[Deed.PROPOSED_REFUSAL, Deed.REFUSED])
    if by.user and before.filter(by=by.user).exists():
        raise NotPossible("불가를 올리거나 정한 사람은 이의를 판단할 수 없습니다. 다른 담당자가 정해 주세요.")
    step = write(case, Deed.UPHELD, by, why, after=State.REFUSED)
    notify(case, "repair_upheld", step.pk)
    return case


@transaction.atomic
def hand_over(pk: uuid.UUID, by: Actor, to: User, why: str = "") -> Case:
    """To a colleague who works on cases of that district, or to the city's officer. Also: taking it oneself."""
    case = locked(pk)
    if not Case.objects.for_office(to).filter(pk=case.pk).exists():
        raise NotPossible("그 직원은 이 읍면동의 신청을 맡을 수 없습니다.")
    case.officer = to
    write(case, Deed.HANDED_OVER, by, why, fields=["officer"])
    return case


@transaction.atomic
def move_district(pk: uuid.UUID, by: Actor, to: District, why: str) -> Case:
    """넘김: it lies in another district. Nobody there has it yet."""
    case = locked(pk)
    if case.state not in OFFICE:
        raise NotPossible("선정하기 전에만 다른 읍면동으로 넘길 수 있습니다.")
    case.district, case.officer = to, None
    write(case, Deed.MOVED, by, why, fields=["district", "officer"])
    return case


@transaction.atomic
def make_exception(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """Two households at one address: this case claims no year of its own, because a clerk says why."""
    case = locked(pk)
    case.household_exception, case.household_claim, case.household_confirmed_by = why[:200], None, by.user
    fields = ["household_exception", "household_claim", "household_confirmed_by"]
    write(case, Deed.EXCEPTED, by, why, fields=fields)
    return case


@transaction.atomic
def pause(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """기한을 멈춤: from today on no day counts. Only before anybody came, and with a reason."""
    case = locked(pk)
    if case.state not in RUNNING or case.arrived_at:
        raise NotPossible("방문을 기다리는 동안에만 기한을 멈출 수 있습니다.")
    if case.pauses.filter(until_on=None).exists():
        raise NotPossible("이미 멈춰 있습니다.")
    Pause.objects.create(case=case, from_on=timezone.localdate(), why=why, by=by.user)
    write(case, Deed.PAUSED, by, why)
    return case


@transaction.atomic
def resume(pk: uuid.UUID, by: Actor) -> Case:
    """기한을 다시 셈, from today on."""
    case = locked(pk)
    if not deadlines.count_again(case, timezone.localdate(), "멈췄다가 다시 셈"):
        raise NotPossible("멈춘 기한이 없습니다.")
    write(case, Deed.RESUMED, by)
    return case


@transaction.atomic
def rate(pk: uuid.UUID, by: Actor, points: int, words: str = "") -> Case:
    """만족도: 1 to 5, once the computer was looked at; the last answer counts."""
    case = locked(pk)
    if case.state not in (State.DONE, State.SETTLED):
        raise NotPossible("수리가 끝난 뒤에 답하실 수 있습니다.")
    case.satisfaction, case.satisfaction_words = points, words
    write(case, Deed.RATED, by, fields=["satisfaction", "satisfaction_words"])
    return case
