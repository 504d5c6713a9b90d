"""Telling the workers. Names and ids only; a deed that calls this has its rows committed already."""

import logging
from concurrent.futures import ThreadPoolExecutor

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

PATIENCE = 0.5
_TELLERS = ThreadPoolExecutor(4, thread_name_prefix="tell")


def calls_queue(lane: str) -> str:
    """Where the portal holds the line: minutes long, so in a queue and a worker of its own a lane."""
    return f"calls-{lane}"


def tell(task: str, args: list[object], queue: str) -> None:
    """Put broadcast.tasks.<task> into a queue; each lane has one of its own name.

    Redis being away, or silent, is no error to the person who sends and costs them no more than PATIENCE seconds:
    the sweep or the standby find the rows within seconds.
    """
    try:
        _TELLERS.submit(current_app.send_task, f"broadcast.tasks.{task}", args, queue=queue).result(PATIENCE)
    except (OperationalError, TimeoutError) as e:
        log.warning("queue %s is away (%s); the sweep or the standby will push", queue, e or "silent")
