"""What the queue carries for 컴퓨터 무상수리: nothing but the wish. What is to be done stands in the rows."""

from celery import shared_task

from . import deadlines, forgetting, paper_scanning, papers, technicians


@shared_task
def scan_papers() -> None:
    """Every 10 seconds, and when a file came: those that nobody has looked through. One run at a time."""
    paper_scanning.scan_waiting()


@shared_task
def follow_holidays() -> None:
    """Every 5 minutes: deadlines move when holidays came or went."""
    deadlines.follow_holidays()


@shared_task
def warn_of_deadlines() -> None:
    """Every hour: whoever is responsible is told of what is due on the next working day, once."""
    deadlines.warn()


@shared_task
def forget() -> None:
    """Every hour: what was kept as long as was promised, files that no row names, and visits whose technician left."""
    forgetting.forget()
    papers.sweep()
    technicians.free_visits_of_nobody()
