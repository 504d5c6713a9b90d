"""What the queue carries for 디지털배움터: nothing but the wish. What is to be done stands in the rows."""

from celery import shared_task
from django.utils import timezone

from . import forgetting, notices, visits_reminders, waiting

#: Nobody is reminded at night (local hours).
REMINDS_FROM, REMINDS_UNTIL = 9, 20


@shared_task
def tell() -> None:
    """Every 2 seconds: the messages of what happened."""
    notices.tell_steps()


@shared_task
def keep_lines_moving() -> None:
    """Every 10 seconds: offers whose time is over go to the next; lines end when their class begins."""
    waiting.expire_offers()
    waiting.offer_what_was_missed()
    waiting.end_lines()


@shared_task
def remind() -> None:
    """Every 10 minutes, by day: tomorrow's classes and visits."""
    if REMINDS_FROM <= timezone.localtime().hour < REMINDS_UNTIL:
        notices.remind()
        visits_reminders.remind()


@shared_task
def forget() -> None:
    """Every hour: what was kept as long as was promised."""
    forgetting.forget()
