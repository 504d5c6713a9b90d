"""Telling the workers. Names and ids only; a deed that calls this has its rows committed already."""

import logging
from concurrent.futures import ThreadPoolExecutor

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

PATIENCE = 0.5
_TELLERS = ThreadPoolExecutor(4, thread_name_prefix="tell")


def tell(task: str, args: list[object], queue: str) -> None:
    """Put a task ("broadcast.tasks.push_due") into a queue.

    Redis being away, or silent, is no error to the person who waits and costs them no more than PATIENCE seconds:
    whatever is to be done is in rows that a sweep finds.
    """
    try:
        _TELLERS.submit(current_app.send_task, task, args, queue=queue).result(PATIENCE)
    except (OperationalError, OSError) as e:
        log.warning("queue %s is away (%s); what was to be done is found by a sweep", queue, e or "silent")
