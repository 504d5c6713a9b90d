"""소음 민원: kept where it comes in, answered once by an office that answers for the village."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from people.models import User
from people.outbox import tell
from privacy import tries
from privacy.address import neighbours
from privacy.destruction import time_is_over

from .models import NoiseComplaint, Village

#: From one address within an hour; behind it may sit a whole welfare centre.
MOST, WITHIN = 20, 3600
#: As personal_data.py promises.
ANSWERED_KEPT = timedelta(days=365)


class TooMany(Exception):
    """Its text says in Korean what to do instead."""


class AlreadyAnswered(Exception):
    """An answer stands: somebody may have read it."""


def leave(village: Village, said: str, phone: str, address: str | None) -> NoiseComplaint:
    """What somebody wrote on the page. `phone`: E.164 or "". Raises TooMany."""
    near = neighbours(address)[0] if address else ""
    if tries.count("noise", near, WITHIN) > MOST:
        raise TooMany("한 시간 뒤에 다시 적어 주세요. 급하시면 아래 번호로 전화해 주세요.")
    return NoiseComplaint.objects.create(village=village, said=said, phone=phone)


def take(village: Village, said: str, phone: str, by: User) -> NoiseComplaint:
    """What somebody told an office. The village is one for which `by` answers: the form sees to that."""
    return NoiseComplaint.objects.create(village=village, said=said, phone=phone, taken_by=by)


def answer(complaint_id: uuid.UUID, by: User, words: str) -> NoiseComplaint:
    """Written down and, if a phone was left, sent there. Raises NoiseComplaint.DoesNotExist, AlreadyAnswered."""
    with transaction.atomic():
        mine = NoiseComplaint.objects.for_user(by).select_related("village__district")
        complaint = mine.select_for_update(of=("self",)).get(pk=complaint_id)
        if complaint.answered_at:
            raise AlreadyAnswered
        complaint.answer, complaint.answered_by, complaint.answered_at = words, by, timezone.now()
        complaint.save(update_fields=["answer", "answered_by", "answered_at"])
        if complaint.phone:
            said = {"village": str(complaint.village), "answer": words}
            tell(complaint.phone, "noise_answer", said, key=f"noise:{complaint.pk}")
    return complaint


def forget_answered() -> int:
    """Deletes what was answered longer than ANSWERED_KEPT ago. Returns how many."""
    with transaction.atomic():
        old = NoiseComplaint.objects.select_for_update(of=("self",)).filter(
            answered_at__lt=timezone.now() - ANSWERED_KEPT
        )
        time_is_over(old, "방송 소음 민원", "답한 지 1년이 지남")
        return old.delete()[0]
