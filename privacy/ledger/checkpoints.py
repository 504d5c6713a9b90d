"""Signing what the tree is. A checkpoint whose tree did not grow out of the last one is never signed."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ..models import Checkpoint, Leaf
from . import notes
from .sequence import alone, sequence
from .signing import private_key, public_keys
from .tree import Tree, TreeBroken, size
from .witnesses.handing import queue_receipts

log = logging.getLogger(__name__)

#: A new one is due so long after the last; some turns of the task may be lost until it is ten minutes.
EVERY = timedelta(minutes=5)
#: Without a new one for so long, somebody should look.
LATE = timedelta(minutes=20)
#: Clocks of two machines may differ by so much.
AHEAD = timedelta(minutes=1)


def latest() -> Checkpoint | None:
    return Checkpoint.objects.first()


def due(now: datetime | None = None) -> bool:
    last = latest()
    # A clock that was ahead for a while, and was put right, must not stop the signing until that time comes.
    return last is None or abs((now or timezone.now()) - last.at) >= EVERY


def said(checkpoint: Checkpoint) -> notes.Checkpoint:
    """What a row's note says, if we signed it. BadNote."""
    return notes.verified(checkpoint.note, *public_keys())


def make(now: datetime | None = None) -> Checkpoint | None:
    """Places what waits, and signs the tree (as of `now`). None while somebody else is at it.

    TreeBroken if the last checkpoint is not ours, or the tree is not what it was then: rows were changed.
    """
    sequence()
    with transaction.atomic():
        if not alone():
            return None
        tree = Tree(size())
        if before := latest():
            _grew_out_of(before, tree)
        at = (now or timezone.now()).replace(microsecond=0)
        checkpoint = notes.Checkpoint(settings.LEDGER_ORIGIN, tree.size, tree.root(), at)
        made = Checkpoint.objects.create(
            at=at,
            size=checkpoint.size,
            root=checkpoint.root,
            note=notes.sign(checkpoint, private_key()),
            key=str(public_keys()[0]),
        )
        queue_receipts(made)
    return made


def _grew_out_of(before: Checkpoint, tree: Tree) -> None:
    try:
        then = said(before)
    except notes.BadNote as error:
        raise TreeBroken(f"checkpoint {before.pk}: {error}") from None
    if then.size > tree.size or Tree(then.size).root() != then.root:
        raise TreeBroken(f"the tree of {tree.size} does not begin with the one of checkpoint {before.pk}")


def health(now: datetime | None = None) -> tuple[bool, str]:
    """(all is well, Korean words for whoever is on duty). No address, no error text."""
    now, last = now or timezone.now(), latest()
    if last is None:
        waits = Leaf.objects.filter(at__lt=now - LATE).exists()
        return not waits, "장부: 아직 확인표가 없습니다."
    if last.at - now > AHEAD:
        return False, "장부: 마지막 확인표의 시각이 지금보다 뒤입니다. 서버의 시계를 봐 주세요."
    if now - last.at > LATE:
        minutes = int((now - last.at).total_seconds() // 60)
        return False, f"장부: {minutes}분째 새 확인표가 없습니다."
    return True, "장부: 확인표가 제때 나옵니다."
