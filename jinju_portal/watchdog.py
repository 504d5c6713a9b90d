"""A line from each worker and from beat to Redis, by name: /readyz/ sees at once when its process is gone.

And a worker that stopped listening ends itself, so that whoever supervises it starts it again. Celery workers
have been seen to go silent after Redis came back: connected, idle, and taking nothing. From inside that is plain:
messages wait in its queue, no task runs, none was taken. A busy worker is never ended.
"""

import logging
import os
import threading
from collections.abc import Sequence
from typing import Any

from celery.worker import state
from django.conf import settings
from redis import Redis, RedisError

log = logging.getLogger(__name__)

#: Seconds between two looks, and how many in a row must find it silent.
EVERY, LOOKS = 1.0, 6
#: sysexits.h: a temporary failure; try again.
EX_TEMPFAIL = 75
_over = threading.Event()


def watch_worker(sender: Any, **kwargs: Any) -> None:
    """For worker_ready: the sender knows its name and its queues."""
    _start(sender.hostname.partition("@")[0], list(sender.app.amqp.queues.consume_from))


def watch_beat(**kwargs: Any) -> None:
    """For beat_init."""
    _start("beat", [])


def watch_standby() -> None:
    """For standby.py, which takes nothing from any queue."""
    _start("standby", [])


def stop(**kwargs: Any) -> None:
    """For worker_shutting_down: a worker that finishes its last task takes nothing, and that is right."""
    _over.set()


def _start(name: str, queues: Sequence[str]) -> None:
    _over.clear()
    threading.Thread(target=_watch, args=(name, queues), name="watchdog", daemon=True).start()


def _watch(name: str, queues: Sequence[str]) -> None:
    silent, taken = 0, _taken()
    limits = {"socket_timeout": 2, "socket_connect_timeout": 2}
    with Redis.from_url(settings.CELERY_BROKER_URL, client_name=name, **limits) as redis:
        while True:
            before, taken = taken, _taken()
            waiting = _waiting(redis, queues)
            silent = silent + 1 if waiting and taken == before and not state.active_requests else 0
            if silent > LOOKS:
                log.critical(
                    "messages wait in %s and nothing takes them: ending, to be started again", queues
                )
                # Not sys.exit: the main thread is the one that no longer does anything.
                os._exit(EX_TEMPFAIL)
            if _over.wait(EVERY):
                return


def _taken() -> int:
    return sum(state.total_count.values())


def _waiting(redis: "Redis", queues: Sequence[str]) -> bool:
    """Whether messages wait. False while Redis is away: then there is nothing to take."""
    try:
        redis.ping()
        return any(redis.llen(queue) for queue in queues)
    except (RedisError, OSError):
        return False
