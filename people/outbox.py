"""Telling somebody something: a row first, then a channel (tasks.py)."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from kombu.exceptions import OperationalError

from .models import Message
from .tasks import send_messages

logger = logging.getLogger(__name__)


def tell(
    to: str, template: str, context: dict[str, Any], *, key: str, expires_at: datetime | None = None
) -> Message:
    """Queues templates/messages/<template>.txt for `to` (E.164 or e-mail).

    A second call with the same key changes nothing. In the transaction that is open: nothing is told of what did
    not happen. `expires_at`: of no use after that.
    """
    text = render_to_string(f"messages/{template}.txt", {"city": settings.CITY_NAME, **context}).strip()
    message, new = Message.objects.get_or_create(
        key=key,
        defaults={
            "template": template,
            "to": to,
            "text": text,
            "due_at": timezone.now(),
            "expires_at": expires_at,
        },
    )
    if new:
        transaction.on_commit(lambda: wake(message))
    return message


def wake(message: Message) -> None:
    """Sends it now rather than at the next sweep. Redis being away is no error: the row waits for the sweep."""
    try:
        send_messages.delay(str(message.pk))
    except (OperationalError, OSError) as error:
        logger.warning("message %s waits for the sweep: %s", message.pk, error)
