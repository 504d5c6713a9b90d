"""Taking what nobody has: several cases at once."""

import uuid
from collections.abc import Iterable

from django.db import transaction

from . import workflow
from .actors import Actor
from .history import locked
from .models import Step
from .states import FROM


def take_free(pks: Iterable[uuid.UUID], by: Actor) -> int:
    """Takes those that nobody has (any more: somebody may have been quicker). Returns how many."""
    taken = 0
    for pk in pks:
        with transaction.atomic():
            case = locked(pk, by)
            if by.user and case.officer_id is None and case.state in FROM[Step.Deed.HANDED_OVER]:
                workflow.hand_over(pk, by, by.user)
                taken += 1
    return taken
