"""Celery: carries ids to workers. What must not be lost is a row in PostgreSQL, never a message here."""

import gc
import os
import resource
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_process_init, worker_ready, worker_shutting_down

from .schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")

#: Open files that a worker may have: every push is a connection, and many systems begin with 1,024.
FILES = 65536

app = Celery("jinju_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@celeryd_init.connect
def _worker_begins(options: dict[str, Any], **kwargs: Any) -> None:
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if files != resource.RLIM_INFINITY and files < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    # Thousands of routine pushes keep no processor from an urgent broadcast.
    if options.get("queues") in ("routine", ["routine"]):
        os.nice(10)


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
