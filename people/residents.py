"""Keeping residents, and finding them again though their data are sealed."""

import re
import unicodedata

from django.db import transaction
from django.db.models import QuerySet

from privacy.keys import blind_index

from .models import Resident
from .phones import normalised, phone_index


def name_birth_index(name: str, birth_date: str) -> str:
    """Blind index of who somebody is; spaces and ways to write the same letters do not count."""
    spelled = re.sub(r"\s", "", unicodedata.normalize("NFC", name))
    return blind_index("name and birth date", f"{spelled}|{birth_date}")


@transaction.atomic
def keep_resident(
    resident: Resident | None = None, *, name: str, phone: str = "", birth_date: str = "", address: str = ""
) -> Resident:
    """A new resident, or `resident` with these data. `birth_date`: "YYYY-MM-DD" or "". NotAPhone."""
    resident = resident or Resident()
    resident.name, resident.birth_date, resident.address = name, birth_date, address
    resident.phone = normalised(phone) if phone else ""
    resident.phone_index = phone_index(resident.phone) if phone else ""
    resident.name_birth_index = name_birth_index(name, birth_date) if birth_date else ""
    resident.save()
    return resident


def with_phone(phone: str) -> QuerySet[Resident]:
    """Those with this phone (a family may share one)."""
    return Resident.objects.filter(phone_index=phone_index(normalised(phone)))


def with_name_and_birth(name: str, birth_date: str) -> QuerySet[Resident]:
    return Resident.objects.filter(name_birth_index=name_birth_index(name, birth_date))
