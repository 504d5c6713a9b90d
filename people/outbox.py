"""Telling somebody something: a row first, then a channel (tasks.py)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from . import queue
from .models import Message
from .tasks import send_messages

#: Rows a statement, when many are told.
BATCH = 500


def words(template: str, context: dict[str, Any]) -> str:
    """templates/messages/<template>.txt, filled in."""
    return render_to_string(f"messages/{template}.txt", {"city": settings.CITY_NAME, **context}).strip()


def tell(
    to: str,
    template: str,
    context: dict[str, Any],
    *,
    key: str,
    expires_at: datetime | None = None,
    turn: Message.Turn = Message.Turn.AT_ONCE,
    calls: bool = False,
) -> Message:
    """Queues templates/messages/<template>.txt for `to` (E.164 or e-mail).

    A second call with the same key changes nothing. In the transaction that is open: nothing is told of what did
    not happen. `expires_at`: of no use after that. `calls`: if no channel reaches them, somebody of the staff calls.
    """
    text = words(template, context)
    message, new = Message.objects.get_or_create(
        key=key,
        defaults={
            "template": template,
            "to": to,
            "text": text,
            "turn": turn,
            "calls": calls,
            "due_at": timezone.now(),
            "expires_at": expires_at,
        },
    )
    if new and turn == Message.Turn.AT_ONCE:
        transaction.on_commit(lambda: wake(message))
    return message


def tell_many(
    template: str,
    people: Iterable[tuple[str, str, dict[str, Any]]],
    *,
    turn: Message.Turn,
    due_at: datetime,
    expires_at: datetime,
    calls: bool = False,
) -> int:
    """Like `tell` for thousands: (key, to, context) of each. Returns how many were looked at.

    In small transactions of its own, and woken by nobody: the sweep sends them in their turn, after whatever
    somebody is waiting for.
    """
    words = get_template(f"messages/{template}.txt")
    count, batch = 0, []
    for key, to, context in people:
        text = words.render({"city": settings.CITY_NAME, **context}).strip()
        batch.append(
            Message(
                key=key,
                template=template,
                to=to,
                text=text,
                turn=turn,
                calls=calls,
                due_at=due_at,
                expires_at=expires_at,
            )
        )
        count += 1
        if len(batch) == BATCH:
            Message.objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    Message.objects.bulk_create(batch, ignore_conflicts=True)
    return count


def wake(message: Message) -> None:
    """Sends it now rather than at the next sweep."""
    queue.tell(send_messages.name, [str(message.pk)], "routine")
