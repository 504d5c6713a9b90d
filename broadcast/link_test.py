"""연결 점검: at night a second of silence goes to every speaker, the whole way that a warning would take."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import cast

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from people.models import User

from .categories import lane_of
from .compose import keep
from .models import Broadcast, Recording, Village
from .publish import air
from .voice.sound import Sound

CATEGORY = "test"
ACCOUNT = "link-test"
TEXT = "스피커마다 연결을 점검합니다. 소리는 나지 않습니다."
#: Missed by more (the portal was away), it waits for its next day: nobody is called at noon for a test.
LATE = timedelta(hours=1)


def is_due(now: datetime, last: datetime | None, at: time, days: Collection[int]) -> bool:
    """Whether it is time for one. `now`: in Seoul; `last`: when the last one went out; `days`: Monday is 0. Pure."""
    wanted = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return now.weekday() in days and wanted <= now < wanted + LATE and (last is None or last < wanted)


def run_if_due(now: datetime | None = None) -> Broadcast | None:
    """By LINK_TEST_AT and LINK_TEST_DAYS; without a time, never."""
    if not settings.LINK_TEST_AT:
        return None
    at, days = time.fromisoformat(settings.LINK_TEST_AT), settings.LINK_TEST_DAYS
    now = timezone.localtime(now)
    if not is_due(now, _last_at(), at, days):
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('link test', 0))")
        return run() if is_due(now, _last_at(), at, days) else None


def run() -> Broadcast:
    """To every gateway that is in use."""
    author = _account()
    with transaction.atomic():
        broadcast = Broadcast.objects.create(
            author=author,
            category=CATEGORY,
            lane=lane_of(CATEGORY),
            text=TEXT,
            recording=_silence(author),
        )
        broadcast.villages.set(Village.objects.filter(is_active=True, gateways__is_active=True).distinct())
        air(broadcast)
    return broadcast


def last() -> Broadcast | None:
    """The one that went out last."""
    sent = Broadcast.objects.filter(category=CATEGORY, published_at__isnull=False)
    return sent.order_by("-published_at").first()


def _last_at() -> datetime | None:
    sent = last()
    return sent.published_at if sent else None


def _account() -> User:
    """Nobody signs in with it."""
    found = User.objects.filter(username=ACCOUNT).first()
    return found or User.objects.create_user(ACCOUNT, None, name="자동 연결 점검", is_active=False)


def _silence(by: User) -> Recording:
    kept = (
        Recording.objects.filter(source=Recording.Source.SILENCE)
        .exclude(file="")
        .order_by("-made_at")
        .first()
    )
    if kept and kept.file.storage.exists(str(kept.file.name)):
        return kept
    # Here, since no other task of the worker needs a codec.
    from .voice.evening import RATE, SAMPLE, as_mp3

    sound = Sound(as_mp3(bytes(RATE * SAMPLE)), duration=1.0, loudness=-70.0)
    return keep(sound, cast(str, Recording.Source.SILENCE), by)
