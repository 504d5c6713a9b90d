"""Telling the workers. Names and ids only; a deed that calls this has its rows committed already."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def calls_queue(lane: str) -> str:
    """Where the portal holds the line: minutes long, so in a queue and a worker of its own a lane."""
    return f"calls-{lane}"


def tell(task: str, args: list[object], queue: str) -> None:
    """Put broadcast.tasks.<task> into a queue; each lane has one of its own name.

    Redis being away is no error to the person who sends: the sweep finds the rows within seconds.
    """
    try:
        current_app.send_task(f"broadcast.tasks.{task}", args, queue=queue)
    except OperationalError as e:
        log.warning("queue %s is away (%s); the sweep will push", queue, e)
