"""What an office, the city and the applicant do with a case. Each deed is whole or did not happen.

All take the case's id and who does it, lock the row, and raise states.NotPossible (its text says why) if it does not
fit. Whether that person may see the case at all the views ask (Case.objects.for_office, for_phone).
"""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from people.models import District, User
from privacy.access import Action, record

from . import budget, deadlines, waiting_line
from .actors import Actor
from .history import locked, write
from .models import Case, Evidence, Rule, Step
from .notices import notify
from .states import OFFICE, RUNNING, NotPossible, State, check_deed

Deed = Step.Deed
#: With the numbers of whoever waits longer than the one that was selected.
PASSED_OVER = "먼저 기다렸으나 남은 예산으로 모자라 차례를 지키는 신청: {}"


@transaction.atomic
def ask_paper(pk: uuid.UUID, by: Actor, what: str) -> Case:
    """서류를 요청: `what` is read by the applicant."""
    case = locked(pk, by)
    step = write(case, Deed.ASKED_PAPER, by, what, after=State.PAPERS)
    notify(case, "repair_papers", step.pk)
    return case


@transaction.atomic
def bring_paper(pk: uuid.UUID, by: Actor, why: str = "") -> Case:
    """The paper came: the office looks again."""
    case = locked(pk, by)
    write(case, Deed.BROUGHT_PAPER, by, why, after=State.RECEIVED)
    return case


@transaction.atomic
def note_evidence(pk: uuid.UUID, by: Actor, about: str, way: str, answer: str, words: str = "") -> Evidence:
    """What was looked up or seen, about the group or the residence."""
    case = locked(pk, by)
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
    case = locked(pk, by)
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


@transaction.atomic
def select(pk: uuid.UUID, by: Actor) -> Case:
    """선정: money is reserved and the deadline promised, by the rule in force today.

    budget.BudgetSpent if less than the cap is left; NotPossible if somebody who waits came earlier and could be paid
    (waiting_line.py), if what was confirmed was corrected since and not shown again, if nobody repairs this year, or if
    the year has not begun.
    """
    case = locked(pk, by)
    check_deed(Deed.SELECTED, case.state)
    _check_evidence(case)
    today = timezone.localdate()
    programme = budget.locked(case.programme_id)
    if today < programme.opens_on:
        raise NotPossible(
            f"{programme} 사업이 시작하는 {programme.opens_on:%Y-%m-%d}부터 선정할 수 있습니다."
        )
    rule = Rule.objects.in_force(programme, today).first() or case.rule
    if first := waiting_line.first_in_line(case, rule, programme.left_won):
        raise NotPossible(f"예산을 먼저 기다린 {first.number}부터 선정해 주세요.")
    passed_over = waiting_line.passed_over(case, rule, programme.left_won)
    contractor = programme.contractor
    if contractor is None or not contractor.is_active:
        raise NotPossible(
            "올해의 수리 업체가 아직 없어 찾아갈 기사가 없습니다. 시청 무상수리 담당이 먼저 정해야 합니다."
        )
    _claim_by(case, rule)
    case.rule, case.cap_won, case.contractor = rule, budget.cap_of(case, rule), contractor
    case.officer = case.officer or by.user
    case.selected_on = today
    case.promised_on = case.deadline_on = case.due_on = deadlines.first(rule, today)
    budget.reserve(case, case.cap_won, by.user)
    fields = [
        "rule",
        "cap_won",
        "contractor",
        "officer",
        "selected_on",
        "promised_on",
        "deadline_on",
        "due_on",
    ]
    why = PASSED_OVER.format(", ".join(passed_over)) if passed_over else ""
    step = write(case, Deed.SELECTED, by, why, after=State.SELECTED, fields=fields)
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


@transaction.atomic
def propose_refusal(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """불가를 올림: a second person decides. `why` is what the applicant will read."""
    case = locked(pk, by)
    write(case, Deed.PROPOSED_REFUSAL, by, why, after=State.REFUSAL)
    return case


def proposal(case: Case) -> Step | None:
    """Who proposed the refusal last, and why."""
    return case.steps.filter(deed=Deed.PROPOSED_REFUSAL).select_related("by").last()


@transaction.atomic
def refuse(pk: uuid.UUID, by: Actor) -> Case:
    """지원 불가, by somebody else than who proposed it (the database refuses it too)."""
    case = locked(pk, by)
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
    case = locked(pk, by)
    write(case, Deed.KEPT_OPEN, by, why, after=State.RECEIVED)
    return case


@transaction.atomic
def withdraw(pk: uuid.UUID, by: Actor, why: str = "") -> Case:
    """철회: what was reserved is free again; a technician who is on the way is told by their list. Where somebody who
    helps them gets the messages, and perhaps took it back for them, the applicant is told too."""
    case = locked(pk, by)
    check_deed(Deed.WITHDREW, case.state)
    if case.state in RUNNING:
        budget.release(case, by.user, "철회")
    for visit in case.visits.filter(ended_at=None):
        visit.ended_at, visit.end = timezone.now(), visit.End.GIVEN_BACK
        visit.save(update_fields=["ended_at", "end"])
    case.due_on = None
    step = write(case, Deed.WITHDREW, by, why, after=State.WITHDRAWN, fields=["due_on"])
    notify(case, "repair_withdrawn", step.pk, also_applicant=True)
    return case


@transaction.atomic
def hand_over(pk: uuid.UUID, by: Actor, to: User, why: str = "") -> Case:
    """To a colleague who works on cases of that district, or to the city's officer. Also: taking it oneself."""
    case = locked(pk, by)
    if not Case.objects.for_office(to).filter(pk=case.pk).exists():
        raise NotPossible("그 직원은 이 읍면동의 신청을 맡을 수 없습니다.")
    case.officer = to
    write(case, Deed.HANDED_OVER, by, why, fields=["officer"])
    return case


@transaction.atomic
def move_district(pk: uuid.UUID, by: Actor, to: District, why: str) -> Case:
    """넘김: it lies in another district. Nobody there has it yet."""
    case = locked(pk, by)
    if case.state not in OFFICE:
        raise NotPossible("선정하기 전에만 다른 읍면동으로 넘길 수 있습니다.")
    case.district, case.officer = to, None
    write(case, Deed.MOVED, by, why, fields=["district", "officer"])
    return case


@transaction.atomic
def make_exception(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """Two households at one address: this case claims no year of its own, because a clerk says why."""
    case = locked(pk, by)
    case.household_exception, case.household_claim, case.household_confirmed_by = why[:200], None, by.user
    fields = ["household_exception", "household_claim", "household_confirmed_by"]
    write(case, Deed.EXCEPTED, by, why, fields=fields)
    return case


@transaction.atomic
def rate(pk: uuid.UUID, by: Actor, points: int, words: str = "") -> Case:
    """만족도: 1 to 5, once the computer was looked at; the last answer counts."""
    case = locked(pk, by)
    if case.state not in (State.DONE, State.SETTLED):
        raise NotPossible("수리가 끝난 뒤에 답하실 수 있습니다.")
    case.satisfaction, case.satisfaction_words = points, words
    write(case, Deed.RATED, by, fields=["satisfaction", "satisfaction_words"])
    return case
