"""고치기: what an applicant corrects themselves after filing, and what an office finds out for them."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from people.phones import normalised, phone_index
from people.residents import keep_resident

from .actors import Actor
from .filing import household_index
from .groups import GROUP_LABELS, Group
from .history import locked, write
from .models import Case, Evidence, Step
from .states import OFFICE, NotPossible, State

#: Nobody has confirmed yet where they live: afterwards a new address is the office's to look at.
ADDRESS_OPEN = frozenset({State.RECEIVED, State.PAPERS})
#: Somebody still comes or writes.
OPEN = frozenset({*OFFICE, State.SELECTED})


class SameHousehold(NotPossible):
    """Somebody at that address has a live case this year."""


@dataclass(frozen=True)
class Corrected:
    """Phones as typed. `phone`, `address` and `unit`: None leaves them as they are."""

    wishes: str
    helper_name: str
    helper_phone: str
    tells: str
    phone: str | None = None
    address: str | None = None
    unit: str | None = None


@transaction.atomic
def correct(pk: uuid.UUID, by: Actor, new: Corrected) -> Case:
    """NotPossible once the visit has begun, for the address once it was confirmed (an office corrects it, and shows it
    again), and if the new one's household has a live case already; NotAPhone."""
    case = locked(pk, by)
    if case.state not in OPEN:
        raise NotPossible("이제는 여기에서 고칠 수 없습니다. 아래 번호로 전화해 주세요.")
    resident = case.resident
    address = resident.address if new.address is None else new.address
    unit = case.unit if new.unit is None else new.unit
    if (address, unit) != (resident.address, case.unit):
        if case.state not in ADDRESS_OPEN and by.who != Step.Who.STAFF:
            raise NotPossible("주소를 이미 확인했습니다. 이사하셨으면 아래 번호로 전화해 주세요.")
        case.unit, case.household_index = unit, household_index(address, unit)
        if case.household_claim is not None:
            case.household_claim = case.household_index
        _unclear(case, by, Evidence.About.RESIDENCE, "주소가 바뀜")
    keep_resident(
        resident,
        name=resident.name,
        birth_date=resident.birth_date,
        phone=resident.phone if new.phone is None else new.phone,
        address=address,
    )
    case.phone_index = resident.phone_index
    case.helper_name = new.helper_name
    case.helper_phone = normalised(new.helper_phone) if new.helper_phone else ""
    case.helper_phone_index = phone_index(case.helper_phone) if case.helper_phone else ""
    case.tells, case.wishes = new.tells, new.wishes
    fields = ["unit", "household_index", "household_claim", "phone_index", "helper_name", "helper_phone"]
    fields += ["helper_phone_index", "tells", "wishes"]
    try:
        with transaction.atomic():
            write(case, Step.Deed.CORRECTED, by, fields=fields)
    except IntegrityError as error:
        if "one_live_case" not in str(error):
            raise
        raise SameHousehold(
            "그 주소로 올해 이미 접수된 신청이 있습니다. 아래 번호로 전화해 주세요."
        ) from None
    return case


@transaction.atomic
def name_group(pk: uuid.UUID, by: Actor, group: Group) -> Case:
    """지원 대상: by an office, where the applicant did not know it or was wrong; what was shown for another group shows
    nothing for this one. NotPossible after the decision."""
    case = locked(pk, by)
    if case.state not in OFFICE or case.is_organisation or group is Group.ORGANISATION:
        raise NotPossible("선정하기 전, 가구의 신청에서만 지원 대상을 고칠 수 있습니다.")
    if case.group != group.value:
        _unclear(case, by, Evidence.About.GROUP, "지원 대상을 고쳐 다시 확인해야 합니다.")
    case.group = group.value
    write(case, Step.Deed.CORRECTED, by, f"지원 대상: {GROUP_LABELS[group]}", fields=["group"])
    return case


def _unclear(case: Case, by: Actor, about: Evidence.About, words: str) -> None:
    """What was seen was about something else."""
    if case.evidence.filter(about=about).exists():
        way, answer = Evidence.Way.SEEN, Evidence.Answer.UNCLEAR
        Evidence.objects.create(case=case, about=about, way=way, answer=answer, words=words, by=by.user)
