"""Telling the workers. Names and ids only; a deed that calls this has its rows committed already."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def tell(task: str, args: list[object], lane: str) -> None:
    """Put broadcast.tasks.<task> into its lane's queue.

    Redis being away is no error to the person who sends: the sweep finds the rows within seconds.
    """
    try:
        current_app.send_task(f"broadcast.tasks.{task}", args, queue=lane)
    except OperationalError as e:
        log.warning("queue %s is away (%s); the sweep will push", lane, e)
