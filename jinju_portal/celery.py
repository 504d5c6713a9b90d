"""Celery: carries ids to workers. What must not be lost is a row in PostgreSQL, never a message here."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_process_init, worker_ready, worker_shutting_down

from .schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")

app = Celery("jinju_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@worker_process_init.connect
def _worker_process(**kwargs: Any) -> None:
    # What was imported lives as long as the process: not looked through again in the middle of a push.
    gc.freeze()


@worker_ready.connect
def _worker(**kwargs: Any) -> None:
    from .watchdog import watch_worker

    watch_worker(**kwargs)


@worker_shutting_down.connect
def _worker_ends(**kwargs: Any) -> None:
    from .watchdog import stop

    stop()


@beat_init.connect
def _beat(**kwargs: Any) -> None:
    from .watchdog import watch_beat

    watch_beat()
