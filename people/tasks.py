"""Sending what waits in the outbox. Any number of workers: each claims a row, sends, writes how it went.

A worker that dies between sending and writing makes the message go out again: twice is better than never.
"""

import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any, cast

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from privacy import destruction

from .channels import ChannelTrouble, Hears, channel, channels_for
from .models import Call, Message, PhoneCode, User
from .personal_data import ERASED, erase_user

State = Message.State

#: A claim that was not ended after this was lost with its worker. Longer than any channel takes.
LEASE = timedelta(seconds=60)
#: Waits between tries; after the last one it has failed.
BACK_OFF = [timedelta(seconds=s) for s in (5, 30, 120, 600, 1800)]
#: How many one run sends, and for how long, before it lets other tasks have the worker.
AT_ONCE = 500
#: Sent at the same time: a provider answers within tenths of a second, and a warning may be for thousands.
TOGETHER = 8
BUDGET = timedelta(seconds=20)
#: Whether it arrived is asked this long afterwards, and no longer than that.
ASKED_AFTER, HEARD_WITHIN = timedelta(minutes=2), timedelta(hours=6)
ASKED_AT_ONCE = 50
#: Sign-in codes and what was sent with them are kept this long, to answer "I got no code".
KEEP_CODES = timedelta(days=1)
#: As personal_data.py promises.
KEEP_MESSAGES = timedelta(days=365)
KEEP_CLOSED_ACCOUNTS = timedelta(days=3 * 365)


@shared_task
def send_messages(message_id: str | None = None) -> int:
    """Sends that message, or all that are due. Returns how many were tried.

    One run at a time, which ends after BUDGET and the messages it is at: a slow provider takes no more than one
    process from the broadcasts. What another run leaves waits for the sweep.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('send_messages', 0))")
        if not cursor.fetchone()[0]:
            return 0
        try:
            return send_one(message_id) if message_id else send_due()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('send_messages', 0))")


def send_one(message_id: str) -> int:
    message = claim(message_id)
    if message is not None:
        attempt(message)
    return int(message is not None)


def send_due() -> int:
    tried, until = 0, monotonic() + BUDGET.total_seconds()
    with ThreadPoolExecutor(TOGETHER) as senders:
        while tried < AT_ONCE and monotonic() < until and (messages := claim_some(TOGETHER)):
            ways = [senders.submit(outcome, message) for message in messages]
            wait(ways)
            for message, way in zip(messages, ways, strict=True):
                if way.exception() is None:
                    finish(message, **way.result())
            tried += len(messages)
            for way in ways:
                way.result()  # what nobody foresaw ends this run, once the others are written down
    return tried


def claim_some(most: int) -> list[Message]:
    return list(islice(iter(claim, None), most))


def claim(message_id: str | None = None) -> Message | None:
    """Takes one whose lease ran out, or the first in turn that has waited longest. None if nothing is due."""
    now = timezone.now()
    lost = Message.objects.filter(state=State.SENDING, lease_until__lt=now).order_by("lease_until")
    due = Message.objects.filter(state=State.WAITING, due_at__lte=now).order_by("turn", "due_at")
    with transaction.atomic():
        for rows in (lost, due):  # one at a time: each has an index in its own order
            wanted = rows.filter(pk=message_id) if message_id else rows
            message = wanted.select_for_update(skip_locked=True).first()
            if message is not None:
                break
        else:
            return None
        message.state, message.claim, message.lease_until = State.SENDING, uuid.uuid4(), now + LEASE
        message.attempts += 1
        message.save(update_fields=["state", "claim", "lease_until", "attempts"])
    return message


def attempt(message: Message) -> None:
    """Sends it and writes how it went."""
    finish(message, **outcome(message))


def outcome(message: Message) -> dict[str, str | datetime]:
    """Tries each channel in turn; what is to be written of it. Asks no database: it runs in a thread."""
    now = timezone.now()
    if message.expires_at and message.expires_at < now:
        return {"state": State.FAILED, "trouble": "too late", "ended_at": now}
    troubles: list[str] = []
    again = False
    for name, way in channels_for(message.to, message.template):
        try:
            reference = way.send(message.to, message.text, message.key, message.template)
        except ChannelTrouble as error:
            troubles.append(f"{name}: {error}")
            again = again or not error.permanent
        else:
            done = {"state": State.SENT, "channel": name, "reference": reference}
            return done | {"ended_at": timezone.now()}
    trouble = "; ".join(troubles)[:200] or "no channel reaches this address"
    if again and message.attempts <= len(BACK_OFF):
        due = timezone.now() + BACK_OFF[message.attempts - 1]
        return {"state": State.WAITING, "trouble": trouble, "due_at": due}
    return {"state": State.FAILED, "trouble": trouble, "ended_at": timezone.now()}


def finish(message: Message, **written: str | datetime) -> None:
    """Written only by whoever still holds the claim. What reached nobody, and asked for it, becomes a call."""
    with transaction.atomic():
        mine = Message.objects.filter(pk=message.pk, claim=message.claim)
        held = mine.update(claim=None, lease_until=None, **written)
        if held and message.calls and written["state"] == State.FAILED:
            Call.objects.get_or_create(message=message)


@shared_task
def ask_what_arrived() -> int:
    """Every minute: of messages about which somebody would call, whether they reached the phone. Returns how many were
    asked about. What has not arrived becomes a call; what nobody knows after HEARD_WITHIN is not asked again."""
    now = timezone.now()
    waiting = Message.objects.filter(state=State.SENT, calls=True, arrived=None)
    due = waiting.filter(ended_at__range=(now - HEARD_WITHIN, now - ASKED_AFTER)).order_by("ended_at")
    asked = 0
    for message in due[:ASKED_AT_ONCE]:
        way = channel(message.channel)
        if not hasattr(way, "arrived"):
            continue
        asked += 1
        try:
            arrived = cast(Hears, way).arrived(message.reference)
        except ChannelTrouble:
            break  # the provider is away: the next minute
        if arrived is None:
            continue
        with transaction.atomic():
            new = Message.objects.filter(pk=message.pk, arrived=None).update(arrived=arrived)
            if new and not arrived:
                Call.objects.get_or_create(message=message)
    return asked


@shared_task
def forget() -> None:
    """Keeps the promises of personal_data.py: codes with the texts that held them, old messages, ended sessions,
    and those who left three years ago."""
    now = timezone.now()
    _forget(PhoneCode.objects.filter(created_at__lt=now - KEEP_CODES), "휴대전화 확인 번호", "하루가 지남")
    codes = Message.objects.filter(template="sign_in_code", created_at__lt=now - KEEP_CODES)
    _forget(codes, "보낸 인증번호", "하루가 지남")
    _forget(Message.objects.filter(ended_at__lt=now - KEEP_MESSAGES), "보낸 알림", "보낸 지 1년이 지남")
    call_command("clearsessions")
    ended = UserSession.objects.filter(created_at__lt=now - timedelta(hours=1))
    gone = ended.exclude(session_key__in=Session.objects.values("session_key"))
    _forget(gone, "로그인한 기기", "로그인이 끝남")
    left = User.objects.filter(closed_at__lt=now - KEEP_CLOSED_ACCOUNTS)
    for user in left.exclude(username__startswith=ERASED):
        with transaction.atomic():
            erase_user(user)
            destruction.time_is_over([user], "직원과 이장 계정", "닫은 지 3년이 지남")


@transaction.atomic
def _forget(rows: QuerySet[Any], label: str, why: str) -> None:
    """By their number alone: nobody is to be found by keys of rows that are gone."""
    if count := rows.delete()[1].get(rows.model._meta.label, 0):
        destruction.register(label, [], why, count=count)
