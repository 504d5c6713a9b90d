"""Calls that staff make because no channel reached whoever had to be told: a landline, or a message that failed.

Who may see which calls the pages say; the words and the number are personal data (privacy.access.reveal).
"""

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from privacy.access import Action, record

from .models import Call, User

#: After so many tries without an answer nobody calls any more.
MOST_TRIES = 3


def open_calls(*services: str) -> QuerySet[Call]:
    """Those still to be made, the oldest first. `services`: how their templates begin ("learning_"); none: all."""
    calls = Call.objects.filter(state=Call.State.OPEN).select_related("message").order_by("made_at")
    if not services:
        return calls
    return calls.filter(message__template__regex=f"^({'|'.join(services)})")


@transaction.atomic
def note(pk: uuid.UUID, *, reached: bool, by: User, request: HttpRequest | None = None) -> Call:
    """What came of a call. Not reached: it stays open until MOST_TRIES. Twice does nothing more. Call.DoesNotExist."""
    call = Call.objects.select_for_update(of=("self",)).select_related("message").get(pk=pk)
    if call.state != Call.State.OPEN:
        return call
    call.tries, call.tried_at, call.by = call.tries + 1, timezone.now(), by
    if reached:
        call.state = Call.State.REACHED
    elif call.tries >= MOST_TRIES:
        call.state = Call.State.GIVEN_UP
    call.save()
    words = f"전화로 알림 ({call.message.template}): {'알려 드림' if reached else '받지 않음'}"
    record(request, Action.CHANGE, [call.message], words, who=by.get_username() if request is None else None)
    return call
