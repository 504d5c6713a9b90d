"""The project: settings, addresses, queue, home page and health checks. Knows every app, known by none."""

from .celery import app as celery_app

__all__ = ["celery_app"]
