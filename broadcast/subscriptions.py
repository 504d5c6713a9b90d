"""문자 구독: a village's broadcasts as text messages, to whoever showed that the phone is theirs, until they stop it.

Nobody is written down before they typed the code that went to their phone: a stranger's number is never kept.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest, Now
from django.urls import reverse
from django.utils import timezone

from people.models import Message
from people.outbox import BATCH, tell, tell_many
from people.phone_codes import check_code
from privacy.destruction import time_is_over

from .compose import NO_TEXT
from .listeners import HIDDEN
from .models import Broadcast, Subscription, Village
from .text_news import MOST_BYTES, ROUTINE_LASTS, cut, due_at, size

#: How long it is known who stopped, to answer "I stopped it and it still came".
STOPPED_KEPT = timedelta(days=30)
#: What went to somebody of one broadcast: a message each, whatever is tried again. One that was only a voice is told
#: of once more when its words are written down.
KEY = "news:{broadcast}:{part}{phone}"
SPOKEN = "목소리로 한 방송입니다. 아래 주소에서 들으실 수 있습니다."


def confirm(code_id: str, digits: str, village: Village, *, urgent_only: bool) -> Subscription:
    """The subscription of the phone to which the code went. Once more is the same one, with what is wished now.

    Raises people.phone_codes.WrongCode, whose text says what to do.
    """
    used = check_code(code_id, digits)
    with transaction.atomic():
        subscription, new = Subscription.objects.get_or_create(
            village=village,
            phone_index=used.phone_index,
            stopped_at=None,
            defaults={
                "phone": used.phone,
                "urgent_only": urgent_only,
                "confirmed_at": timezone.now(),
            },
        )
        if not new:
            subscription.urgent_only = urgent_only
            subscription.save(update_fields=["urgent_only"])
        key = f"subscribed:{subscription.pk}:{used.pk}"
        tell(used.phone, "subscribed", _addresses(subscription) | {"urgent_only": urgent_only}, key=key)
    return subscription


def with_token(token: str) -> Subscription:
    """Live or stopped. Raises Subscription.DoesNotExist."""
    known = Subscription.objects.select_related("village__district").defer("village__district__boundary")
    return known.get(token=token)


def others_of(subscription: Subscription) -> "QuerySet[Subscription]":
    """What else the same phone gets."""
    same = Subscription.objects.filter(phone_index=subscription.phone_index, stopped_at=None)
    return same.exclude(pk=subscription.pk)


def stop(subscription: Subscription, *, everywhere: bool) -> None:
    """No more text messages of this village, or of any. What waits to go out does not go any more."""
    with transaction.atomic():
        wanted = Q(pk=subscription.pk)
        if everywhere:
            wanted |= Q(phone_index=subscription.phone_index)
        Subscription.objects.filter(wanted, stopped_at=None).update(stopped_at=Now())
        if not others_of(subscription).exists():
            waiting = Message.objects.filter(template="news", state=Message.State.WAITING)
            waiting.filter(key__endswith=subscription.phone_index).update(expires_at=Now())


def tell_all() -> int:
    """Writes the text messages of every broadcast that its listeners do not know of yet. Returns of how many.

    One run at a time. A run that dies is done again by the next: the keys keep anybody from getting two.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('tell_listeners', 0))")
        if not cursor.fetchone()[0]:
            return 0
        try:
            # Urgent ones first: "urgent" stands behind "routine" in the alphabet.
            return sum(map(_tell, _unknown_to_listeners().order_by("-lane", "published_at")))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('tell_listeners', 0))")


def _unknown_to_listeners() -> "QuerySet[Broadcast]":
    untold = Q(told_at=None) | Q(cancelled_at__gt=F("told_at"))
    return Broadcast.objects.filter(untold, published_at__isnull=False)


def _tell(broadcast: Broadcast) -> int:
    now = timezone.now()
    if broadcast.cancelled_at:
        _take_back(broadcast, now)
    elif is_news(broadcast, now):
        due = due_at(broadcast.is_urgent, now)
        turn = Message.Turn.URGENT_NEWS if broadcast.is_urgent else Message.Turn.NEWS
        until = broadcast.expires_at if broadcast.is_urgent else due + ROUTINE_LASTS
        tell_many("news", _news(broadcast), turn=turn, due_at=due, expires_at=until or due)
    # Who took it back in the meantime makes this miss; the next run tells of that.
    as_it_was = Broadcast.objects.filter(pk=broadcast.pk, cancelled_at=broadcast.cancelled_at)
    return as_it_was.update(told_at=Greatest(Now(), "cancelled_at"))


def is_news(broadcast: Broadcast, now: datetime) -> bool:
    """Whether it is for everybody, and still of use. Pure."""
    sent, ends = broadcast.published_at, broadcast.expires_at
    if broadcast.category in HIDDEN or sent is None or ends is None:
        return False
    return now < (ends if broadcast.is_urgent else sent + ROUTINE_LASTS)


def _news(broadcast: Broadcast) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(key, phone, words) of each who wants it; one for a phone, however many of its villages are meant."""
    wanting = Subscription.objects.filter(
        village__broadcasts=broadcast, confirmed_at__isnull=False, stopped_at=None
    )
    if not broadcast.is_urgent:
        wanting = wanting.filter(urgent_only=False)
    rows = wanting.select_related("village__district").defer("village__district__boundary")
    said, part = (SPOKEN, "voice:") if broadcast.text == NO_TEXT else (broadcast.text, "")
    words = {
        "category": broadcast.get_category_display(),
        "urgent": broadcast.is_urgent,
        "corrects": broadcast.corrects_id is not None,
    }
    for row in rows.order_by("phone_index", "confirmed_at").distinct("phone_index").iterator(BATCH):
        around = _addresses(row)
        room = MOST_BYTES - sum(size(str(value)) for value in around.values())
        key = KEY.format(broadcast=broadcast.pk, part=part, phone=row.phone_index)
        yield key, row.phone, words | around | {"text": cut(said, room)}


def _take_back(broadcast: Broadcast, now: datetime) -> None:
    """What was not sent yet is sent no more; who has it is told that it holds no longer."""
    theirs = Message.objects.filter(key__startswith=KEY.format(broadcast=broadcast.pk, part="", phone=""))
    theirs.filter(state=Message.State.WAITING).update(expires_at=now)
    words = {"category": broadcast.get_category_display(), "at": broadcast.published_at}
    perhaps_sent = theirs.filter(state__in=[Message.State.SENT, Message.State.SENDING])
    told = (
        (f"taken-back:{broadcast.pk}:{row.key.rpartition(':')[2]}", row.to, words)
        for row in perhaps_sent.iterator(BATCH)
    )
    turn = Message.Turn.URGENT_NEWS if broadcast.is_urgent else Message.Turn.NEWS
    due = due_at(broadcast.is_urgent, now)
    tell_many("news_taken_back", told, turn=turn, due_at=due, expires_at=due + ROUTINE_LASTS)


def _addresses(subscription: Subscription) -> dict[str, Any]:
    village = subscription.village
    return {
        "village": str(village),
        "page": settings.PORTAL_URL + reverse("broadcast:village", args=[village.pk]),
        "stop": settings.PORTAL_URL + reverse("stop_texts", args=[subscription.token]),
    }


def forget_stopped() -> int:
    """Deletes who stopped longer than STOPPED_KEPT ago. Returns how many."""
    with transaction.atomic():
        old = Subscription.objects.select_for_update(of=("self",)).filter(
            stopped_at__lt=timezone.now() - STOPPED_KEPT
        )
        time_is_over(old, "방송 문자를 받는 전화번호", f"그만 받은 지 {STOPPED_KEPT.days}일이 지남")
        return old.delete()[0]
