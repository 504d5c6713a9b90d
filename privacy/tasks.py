"""What the queue carries for the ledger: nothing but the wish."""

import logging

from celery import shared_task

from .ledger import checkpoints, expiry
from .ledger.sequence import sequence
from .ledger.witnesses.handing import hand_out

log = logging.getLogger(__name__)


@shared_task
def place_entries() -> None:
    """Every 10 seconds: what was written since gets its place in the tree."""
    sequence()


@shared_task
def make_checkpoint() -> None:
    """Every 5 minutes: the tree is signed, and shown to witnesses."""
    checkpoints.make()
    hand_out()


@shared_task
def show_witnesses() -> None:
    """Every minute: witnesses who did not answer are asked again."""
    hand_out()


@shared_task
def forget() -> None:
    """Every hour: access records that were kept long enough."""
    sequence()
    expiry.forget()
