"""Sending what waits in the outbox. Any number of workers: each claims a row, sends, writes how it went.

A worker that dies between sending and writing makes the message go out again: twice is better than never.
"""

import uuid
from datetime import datetime, timedelta

from celery import shared_task
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .channels import ChannelTrouble, channels_for
from .models import Message, PhoneCode

State = Message.State

#: A claim that was not ended after this was lost with its worker. Longer than any channel takes.
LEASE = timedelta(seconds=60)
#: Waits between tries; after the last one it has failed.
BACK_OFF = [timedelta(seconds=s) for s in (5, 30, 120, 600, 1800)]
#: How many one run sends before it lets other tasks have the worker.
AT_ONCE = 50
#: Sign-in codes and what was sent with them are kept this long, to answer "I got no code".
KEEP_CODES = timedelta(days=1)
#: As personal_data.py promises.
KEEP_MESSAGES = timedelta(days=365)


@shared_task
def send_messages(message_id: str | None = None) -> int:
    """Sends that message, or all that are due. Returns how many were tried."""
    tried = 0
    while tried < AT_ONCE:
        message = claim(message_id)
        if message is None:
            break
        attempt(message)
        tried += 1
        if message_id:
            break
    return tried


def claim(message_id: str | None = None) -> Message | None:
    """Takes the message that has waited longest, or whose lease ran out. None if nothing is due."""
    now = timezone.now()
    due = Message.objects.filter(
        Q(state=State.WAITING, due_at__lte=now) | Q(state=State.SENDING, lease_until__lt=now)
    )
    if message_id:
        due = due.filter(pk=message_id)
    with transaction.atomic():
        message = due.select_for_update(skip_locked=True).order_by("due_at").first()
        if message is None:
            return None
        message.state, message.claim, message.lease_until = State.SENDING, uuid.uuid4(), now + LEASE
        message.attempts += 1
        message.save(update_fields=["state", "claim", "lease_until", "attempts"])
    return message


def attempt(message: Message) -> None:
    """Tries each channel in turn and writes how it went."""
    if message.expires_at and message.expires_at < timezone.now():
        finish(message, state=State.FAILED, trouble="too late", ended_at=timezone.now())
        return
    troubles: list[str] = []
    again = False
    for name, way in channels_for(message.to):
        try:
            reference = way.send(message.to, message.text, message.key)
        except ChannelTrouble as error:
            troubles.append(f"{name}: {error}")
            again = again or not error.permanent
        else:
            finish(message, state=State.SENT, channel=name, reference=reference, ended_at=timezone.now())
            return
    trouble = "; ".join(troubles)[:200] or "no channel reaches this address"
    if again and message.attempts <= len(BACK_OFF):
        due = timezone.now() + BACK_OFF[message.attempts - 1]
        finish(message, state=State.WAITING, trouble=trouble, due_at=due)
    else:
        finish(message, state=State.FAILED, trouble=trouble, ended_at=timezone.now())


def finish(message: Message, **written: str | datetime) -> None:
    """Written only by whoever still holds the claim."""
    Message.objects.filter(pk=message.pk, claim=message.claim).update(claim=None, lease_until=None, **written)


@shared_task
def forget() -> None:
    """Destroys what is of no use any more: codes with the texts that held them, old messages, ended sessions."""
    now = timezone.now()
    PhoneCode.objects.filter(created_at__lt=now - KEEP_CODES).delete()
    Message.objects.filter(template="sign_in_code", created_at__lt=now - KEEP_CODES).delete()
    Message.objects.filter(ended_at__lt=now - KEEP_MESSAGES).delete()
    call_command("clearsessions")
