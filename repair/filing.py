"""Filing an application (접수): by the citizen on the web, or by a clerk for somebody who came or called."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from people.models import District
from people.phones import normalised, phone_index
from people.residents import keep_resident
from privacy.access import Action, record
from privacy.consents import Consents, keep_consents
from privacy.keys import blind_index
from privacy.one_query import Rows, point, read

from . import household
from .actors import Actor
from .history import write
from .models import Case, Device, Draft, Paper, Programme, Rule, Step
from .notices import notify


class NotOpen(ValueError):
    """No applications are taken; its text says in Korean until when and what to do."""


class AlreadyFiled(ValueError):
    """The household has a live case this year. `case` is it; show it only to whom it belongs."""

    def __init__(self, case: Case | None) -> None:
        super().__init__(
            "같은 주소로 올해 이미 접수된 신청이 있습니다. 잘못된 것 같으면 아래 번호로 전화해 주세요."
            " 적으신 내용은 그대로 남아 있습니다."
        )
        self.case = case


@dataclass(frozen=True)
class DeviceFiled:
    kind: str
    trouble: str
    brand: str = ""
    bought_in: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Filed:
    """What is filed, checked by a form. `phone`, `helper_phone`: as typed; `helper_*` "" if nobody helps."""

    name: str
    phone: str
    district: District
    address: str
    group: str
    devices: Sequence[DeviceFiled]
    consents: Consents
    birth_date: str = ""
    unit: str = ""
    organisation: str = ""
    helper_name: str = ""
    helper_phone: str = ""
    tells: str = Case.Tells.APPLICANT
    way: str = Case.Way.WEB
    wishes: str = ""
    is_example: bool = field(default=False, kw_only=True)
    #: Why this is another household than the one that lives there by the index; by a clerk.
    exception: str = field(default="", kw_only=True)


#: The year that takes applications on a day and has a rule by then; of two that run the later. The day, three times.
_RUNNING = """(SELECT max(year) FROM repair_programme JOIN repair_rule ON programme_id = year
    WHERE opens_on <= %s AND closes_on >= %s AND valid_from <= %s)"""


def programme_of(on: date) -> tuple[Programme, Rule]:
    """The year that takes applications on that day, and the rule in force. NotOpen if there is none."""
    days = [on, on, on]
    rules, programmes = read(
        Rows(Rule, f"programme_id = {_RUNNING} AND valid_from <= %s", [*days, on], most=1),
        Rows(Programme, f"year = {_RUNNING}", days),
    )
    rule = next(iter(rules), None)
    if rule is None:
        raise NotOpen("지금은 접수 기간이 아닙니다. 다음 접수 때를 아래 번호로 물어보실 수 있습니다.")
    point(rules, "programme", programmes)
    programme = rule.programme
    spent = programme.left_won < rule.cap_won
    if spent and programme.when_spent == Programme.WhenSpent.CLOSE:
        raise NotOpen(
            "올해 예산을 모두 써서 접수를 마쳤습니다. 내년 접수 때를 아래 번호로 물어보실 수 있습니다."
        )
    return programme, rule


def household_index(address: str, unit: str) -> str:
    """Blind index of one household, however its address is written (household.py)."""
    return blind_index("repair household", household.normalised(address, unit))


def new_number(year: int) -> str:
    """2026-1234-5678: eight random digits, so that nobody finds another's by counting."""
    digits = f"{secrets.randbelow(10**8):08}"
    return f"{year}-{digits[:4]}-{digits[4:]}"


def file(filed: Filed, by: Actor, *, once: uuid.UUID, draft: Draft | None = None) -> Case:
    """The case, received. `once`: the draft's or the form's id; a second call with it returns the first one's.

    NotOpen, AlreadyFiled (nothing is lost: the draft stays), NotAPhone.
    """
    index = household_index(filed.address, filed.unit)
    with transaction.atomic():
        with connection.cursor() as cursor:  # one at a time a household: who comes second is told, not failed
            for lock in (f"repair {once}", f"repair {index}"):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])
        if filed_before := Case.objects.filter(once=once).first():
            return filed_before
        programme, rule = programme_of(timezone.localdate())
        claims = rule.once_a_year and not filed.organisation and not filed.exception
        if claims and (live := Case.objects.filter(programme=programme, household_claim=index).first()):
            raise AlreadyFiled(live)
        try:
            with transaction.atomic():
                return _write(filed, by, programme, rule, index, claims=claims, once=once, draft=draft)
        except IntegrityError as error:
            if "one_live_case_a_household_and_year" in str(error):
                raise AlreadyFiled(None) from error
            raise


def _write(
    filed: Filed,
    by: Actor,
    programme: Programme,
    rule: Rule,
    index: str,
    *,
    claims: bool,
    once: uuid.UUID,
    draft: Draft | None,
) -> Case:
    if draft is not None:  # whoever adds a paper to it meanwhile waits, and finds that it is filed
        Draft.objects.select_for_update().filter(pk=draft.pk).first()
    resident = keep_resident(
        name=filed.name, phone=filed.phone, birth_date=filed.birth_date, address=filed.address
    )
    helper = normalised(filed.helper_phone) if filed.helper_phone else ""
    case = Case.objects.create(
        number=new_number(programme.year),
        once=once,
        programme=programme,
        rule=rule,
        kind=Case.Kind.ORGANISATION if filed.organisation else Case.Kind.HOUSEHOLD,
        is_example=filed.is_example,
        resident=resident,
        organisation=filed.organisation,
        group=filed.group,
        phone_index=resident.phone_index,
        helper_name=filed.helper_name,
        helper_phone=helper,
        helper_phone_index=phone_index(helper) if helper else "",
        tells=filed.tells,
        entered_by=by.user,
        way=filed.way,
        district=filed.district,
        unit=filed.unit,
        household_index=index,
        household_claim=index if claims else None,
        household_exception=filed.exception[:200] or None,
        household_confirmed_by=by.user if filed.exception else None,
        wishes=filed.wishes,
        filed_at=timezone.now(),
    )
    for device in filed.devices:
        Device.objects.create(
            case=case,
            kind=device.kind,
            brand=device.brand,
            bought_in=device.bought_in,
            trouble=device.trouble,
            trouble_words=device.words,
        )
    who = by.user.get_username() if by.user and by.request is None else None
    step = Step.objects.create(case=case, deed=Step.Deed.FILED, after=case.state, who=by.who, by=by.user)
    record(by.request, Action.CREATE, [case], f"무상수리 {case.number}: 접수", who=who)
    if filed.exception:
        write(case, Step.Deed.EXCEPTED, by, filed.exception)
    keep_consents(resident, filed.consents, by.request, who=who)
    if draft is not None:
        Paper.objects.filter(draft=draft).update(draft=None, case=case)
        draft.delete()
    notify(case, "repair_filed", step.pk)
    return case
