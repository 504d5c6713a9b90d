"""Is the portal alive (/healthz/), and is all of it well (/readyz/)? For machines and for whoever is on duty.

Open to all, so it says how things are but never where: no address, no version, no error text.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from broadcast.models import Gateway, Heartbeat
from privacy.ledger import checkpoints
from repair.scanners import scanner

log = logging.getLogger(__name__)

#: A sign of life older than this means that something stands still. They come every 1 to 2 s.
STALE = timedelta(seconds=10)
#: Seconds that one part may take to answer.
PATIENCE = 2
BEATS = {
    "worker-urgent": "긴급 방송 작업자",
    "worker-routine": "일반 작업자",
    "worker-calls-urgent": "긴급 전화 방송 작업자",
    "worker-calls-routine": "일반 전화 방송 작업자",
    "beat": "시계(예약 실행)",
    "standby": "대기자",
}
Part = dict[str, Any]


@login_not_required
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """The web process answers. Nothing else is touched: a restart shall be asked for only if it helps."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """{"ok": bool, "parts": {name: {"ok": bool, "words": Korean, …}}}; 200 when all is well, else 503."""
    queue, lines = _queue()
    parts = _from_database(_database, ["database"]) | {"queue": queue}
    if parts["database"]["ok"]:
        parts |= _from_database(lambda: _workers(lines), BEATS)
        parts |= _from_database(lambda: _gateways() | _ledger(), ["gateways", "ledger"])
    else:
        parts |= {
            name: _part(False, "데이터베이스가 답하지 않아 알 수 없습니다.")
            for name in [*BEATS, "gateways", "ledger"]
        }
    parts["scanner"] = _scanner()
    ok = all(part["ok"] for part in parts.values())
    return JsonResponse(
        {"ok": ok, "parts": parts}, status=200 if ok else 503, json_dumps_params={"ensure_ascii": False}
    )


def _part(ok: bool, words: str, **more: Any) -> Part:
    return {"ok": ok, "words": words, **more}


def _scanner() -> Part:
    """A word, and no reason to be unwell: what people send waits for it, and nothing else does."""
    answers = scanner().answers()
    words = (
        "파일 검사기가 답합니다."
        if answers
        else "파일 검사기가 답하지 않습니다. 받은 파일은 검사할 때까지 잠가 둡니다."
    )
    return _part(True, words, answers=answers)


def _from_database(ask: Callable[[], dict[str, Part]], names: Iterable[str]) -> dict[str, Part]:
    """What `ask` finds there within PATIENCE, or that it could not. For connecting see settings.py."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE * 1000])
            return ask()
    except Error as e:
        log.warning("health: database: %s", e)
        return {name: _part(False, "데이터베이스가 답하지 않습니다.") for name in names}


def _database() -> dict[str, Part]:
    return {"database": _part(True, "데이터베이스가 답합니다.")}


def _queue() -> tuple[Part, set[str]]:
    """How Redis is, and who keeps a line to it by name (watchdog.py): those processes are there."""
    limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    try:
        with Redis.from_url(settings.CELERY_BROKER_URL, retry=Retry(NoBackoff(), 0), **limits) as server:
            lines = {client["name"] for client in server.client_list()}
    except (RedisError, OSError) as e:
        log.warning("health: queue: %s", e)
        return _part(False, "대기열(Redis)이 답하지 않습니다."), set()
    return _part(True, "대기열(Redis)이 답합니다."), lines


def _workers(lines: set[str]) -> dict[str, Part]:
    seen = dict(Heartbeat.objects.filter(name__in=BEATS).values_list("name", "seen_at"))
    now = timezone.now()
    return {name: _worker(label, name in lines, seen.get(name), now) for name, label in BEATS.items()}


def _worker(label: str, is_there: bool, seen: datetime | None, now: datetime) -> Part:
    """Well when its process is there and something went through it lately."""
    age = None if seen is None else max(now - seen, timedelta(0))
    age_s = None if age is None else round(age.total_seconds(), 1)
    if not is_there:
        return _part(False, f"{label}: 멈췄거나 시작하는 중입니다.", age_s=age_s)
    if age is None or age > STALE:
        return _part(False, f"{label}: 켜져 있으나 일한 소식이 없습니다.", age_s=age_s)
    return _part(True, f"{label}: 일하고 있습니다.", age_s=age_s)


def _gateways() -> dict[str, Part]:
    """Not well when fewer than half report: one box is its village's trouble, half are the portal's."""
    total = Gateway.objects.filter(is_active=True).count()
    online = Gateway.objects.online().count()
    words = f"마을 장비 {total}대 가운데 {online}대가 연결되어 있습니다."
    return {"gateways": _part(2 * online >= total, words, total=total, online=online)}


def _ledger() -> dict[str, Part]:
    """Not well when the ledger is not signed any more. Witnesses who are away are told of on its page."""
    ok, words = checkpoints.health()
    return {"ledger": _part(ok, words)}
