"""Feeds are asked every 30 seconds: with a time limit, a size limit, and no following of redirects."""

import asyncio
import hashlib
import logging
import time
from dataclasses import dataclass

import aiohttp
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.utils import timezone

from ..models import AlertSource
from .entries import Entry, entries_of
from .intake import take
from .reading import MOST_BYTES
from .refused import Refused

log = logging.getLogger(__name__)

#: Seconds: for one answer; for all feeds in one turn, so that one that is slow does not hold a worker for long.
ONE, ALL = aiohttp.ClientTimeout(total=10, sock_connect=4), 60.0
#: How long it is remembered that an entry was read.
REMEMBERED = 7 * 24 * 3600
LOCK = "pull_alerts"


@dataclass(frozen=True)
class Fetched:
    """`body` None: not changed since `etag`."""

    body: bytes | None
    etag: str = ""


class Unreachable(Exception):
    """Its text says in Korean what is wrong."""


def pull_all() -> None:
    """Every feed in use, the longest unasked first. One process at a time, wherever workers run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [LOCK])
        if not cursor.fetchone()[0]:
            return
        try:
            end = time.monotonic() + ALL
            feeds = AlertSource.objects.filter(is_active=True).exclude(feed="").select_related("account")
            for source in feeds.order_by(F("pulled_at").asc(nulls_first=True)):
                if time.monotonic() < end:
                    _pull_or_say(source, end)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [LOCK])


def _pull_or_say(source: AlertSource, end: float) -> None:
    """One feed must never keep the others from being asked, whatever it does to us."""
    try:
        pull(source, end)
    except Exception:
        log.exception("feed of %s", source.pk)
        trouble = "포털이 이 경보를 처리하지 못했습니다. 전산 담당자에게 알려 주세요."
        AlertSource.objects.filter(pk=source.pk).update(pulled_at=timezone.now(), trouble=trouble)


def pull(source: AlertSource, end: float = float("inf")) -> None:
    """One feed; what is wrong stands in `trouble` until it is right. Begins no entry after `end` (monotonic)."""
    known = _key("etag", source, source.feed)
    trouble = ""
    try:
        answer = fetch(source.feed, cache.get(known, ""))
        if answer.body is None:
            AlertSource.objects.filter(pk=source.pk).update(pulled_at=timezone.now())
            return
        trouble = _take_all(source, entries_of(answer.body, source.feed), end)
        if answer.etag and not trouble:
            cache.set(known, answer.etag, REMEMBERED)
    except (Unreachable, Refused) as e:
        trouble = str(e)
    AlertSource.objects.filter(pk=source.pk).update(pulled_at=timezone.now(), trouble=trouble[:200])


def _take_all(source: AlertSource, entries: list[Entry], end: float) -> str:
    """What is wrong with the last one that is; "" if all are settled. Such a one is tried again at the next turn."""
    trouble = ""
    for entry in entries:
        done = _key("entry", source, entry.mark or hashlib.sha256(entry.xml).hexdigest())
        if cache.get(done):
            continue
        if time.monotonic() >= end:
            return trouble or "경보가 많아 다음 차례에 이어서 가져옵니다."
        try:
            take(source, entry.xml or fetch(entry.link).body or b"")
        except (Unreachable, Refused) as e:
            reason = e.english if isinstance(e, Refused) else ""
            log.warning("alert of %s (%s) not taken: %s %s", source.pk, entry.mark[:200], e, reason)
            trouble = f"경보 하나를 받지 못했습니다. {e}"
        else:
            cache.set(done, True, REMEMBERED)
    return trouble


def fetch(url: str, etag: str = "") -> Fetched:
    """Raises Unreachable."""
    return asyncio.run(_fetch(url, etag))


async def _fetch(url: str, etag: str) -> Fetched:
    headers = {
        "Accept": "application/cap+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9"
    }
    if etag:
        headers["If-None-Match"] = etag
    try:
        async with (
            aiohttp.ClientSession(timeout=ONE, auto_decompress=False) as session,
            session.get(
                url, headers=headers | {"Accept-Encoding": "identity"}, allow_redirects=False
            ) as answer,
        ):
            if answer.status == 304 and etag:
                return Fetched(None, etag)
            if answer.status != 200:
                raise Unreachable(f"{answer.status}로 답했습니다. 주소를 확인해 주세요.")
            body = await answer.content.read(MOST_BYTES + 1)
            while len(body) <= MOST_BYTES and (more := await answer.content.read(MOST_BYTES + 1 - len(body))):
                body += more
            if len(body) > MOST_BYTES:
                raise Unreachable(f"답이 너무 큽니다. {MOST_BYTES:,}바이트까지 받습니다.")
            return Fetched(body, answer.headers.get("ETag", "")[:200])
    except (aiohttp.ClientError, OSError, ValueError) as e:  # a time-out is an OSError
        raise Unreachable("답을 받지 못했습니다. 주소와 통신을 확인해 주세요.") from e


def _key(what: str, source: AlertSource, of: str) -> str:
    return f"cap-{what}:{source.pk}:{hashlib.sha256(of.encode()).hexdigest()}"
