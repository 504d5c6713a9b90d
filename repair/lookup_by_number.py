"""진행 상황 보기 by receipt number and phone, without a code: says how it stands and nothing about anybody."""

from django.db.models import Q

from people.phones import phone_index
from privacy import tries
from privacy.address import neighbours

from .models import Case

#: Wrong pairs from one address within an hour; behind it may sit a whole welfare centre.
MOST, WITHIN = 20, 3600


class TooMany(Exception):
    """Its text says in Korean what to do instead."""


def find(number: str, phone: str, address: str | None) -> Case | None:
    """The case with that number, if the phone (E.164) is its applicant's or their helper's. TooMany."""
    near = neighbours(address)[0] if address else ""
    # Counted before anything is looked up, and given back if it was right: many at once gain nothing.
    if tries.count("repair-status", near, WITHIN) > MOST:
        raise TooMany(
            "여러 번 맞지 않아 잠시 멈췄습니다. 한 시간 뒤에 다시 하시거나 아래 번호로 전화해 주세요."
        )
    index = phone_index(phone)
    case = (
        Case.objects.filter(Q(phone_index=index) | Q(helper_phone_index=index), number=number)
        .select_related("rule")
        .first()
    )
    if case is not None:
        tries.count("repair-status", near, WITHIN, by=-1)
    return case
