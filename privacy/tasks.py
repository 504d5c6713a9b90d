"""What the queue carries for the ledger: nothing but the wish."""

from celery import shared_task

from . import erasing, requesting, rotation
from .evidence import pack
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
    """Every hour: what was kept long enough: access records, requests, and what a law kept of whoever asked to be
    erased."""
    sequence()
    expiry.forget()
    requesting.forget_answered()
    erasing.settle()
    erasing.erase_what_was_kept()
    pack.keep_monthly()


@shared_task
def rotate() -> None:
    """Every 5 seconds: goes on with moving sealed data to another key, if somebody asked for it."""
    rotation.step()
