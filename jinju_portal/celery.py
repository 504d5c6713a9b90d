"""Celery: carries ids to workers. What must not be lost is a row in PostgreSQL, never a message here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")

app = Celery("jinju_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
