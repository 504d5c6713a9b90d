"""What the queue carries for the ledger: nothing but the wish."""

from celery import shared_task

from .ledger import checkpoints, expiry
from .ledger.sequence import sequence
from .ledger.witnesses.handing import hand_out


@shared_task
def keep_ledger() -> None:
    """Every 10 seconds: what was written since gets its place in the tree; every 5 minutes the tree is signed.

    TreeBroken, in the worker's log each time, if rows of the tree were changed: nothing is signed any more.
    """
    sequence()
    if checkpoints.due():
        checkpoints.make()


@shared_task
def show_witnesses() -> None:
    """Every 20 seconds: checkpoints go to those witnesses whose turn it is."""
    hand_out()


@shared_task
def forget() -> None:
    """Every hour: access records that were kept long enough."""
    sequence()
    expiry.forget()
