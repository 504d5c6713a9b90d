"""What the ledger is made of (privacy/ledger/): commitments, their places, what was signed and who saw it."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from ..ledger import entries


class Committed(models.Model):
    """Contract of a kind of entry: rows whose commitment is in the ledger from the moment in which they are written.

    An app that wants its rows in the ledger derives its model from this one, calls `seal()` before it saves a new
    row, and has in a migration `*in_ledger(table, kind)` (ledger/table.py), which refuses rows without commitment.
    """

    #: Short ASCII, unique; never changed later.
    ledger_kind: ClassVar[str]
    #: When it was written (DateTimeField); part of the leaf.
    at: Any

    salt = models.BinaryField("소금", max_length=entries.SALT_BYTES, null=True, editable=False)
    commitment = models.BinaryField("봉인", max_length=32, null=True, editable=False)

    class Meta:
        abstract = True

    def ledger_said(self) -> list[tuple[str, entries.Said]]:
        """What the commitment is over besides `at`: (name, value), "subject" for each person; never changes later."""
        raise TypeError(f"{type(self).__name__} does not say what of it is in the ledger")

    @classmethod
    def ledger_keeps(cls) -> timedelta | None:
        """How long a row is kept; None: for ever."""
        return None

    def ledger_items(self) -> list[str]:
        """The items as they are hashed (ledger/entries.py)."""
        said = [("at", entries.moment(self.at)), *self.ledger_said()]
        return [entries.item(name, value) for name, value in said]

    def seal(self, kind: str = "") -> None:
        """Gives a new row its salt and commitment."""
        self.salt = entries.new_salt()
        digests = entries.digests(self.salt, self.ledger_items())
        self.commitment = entries.commitment(kind or self.ledger_kind, digests)


class Leaf(models.Model):
    """An entry's place. Written by a trigger together with its entry; the sequencer fills in `position`, once."""

    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    commitment = models.BinaryField(max_length=32)
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(position__isnull=True), name="leaf_waiting"),
            models.Index(fields=["commitment"], name="leaf_by_commitment"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"


class Tile(models.Model):
    """256 hashes side by side at a level of the tree (0: of leaves; 1: of tiles of level 0; …), and the one over them.
    Append-only. What does not fill a tile yet stands in the leaves, or in the tiles below."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_tile")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """확인표: what the tree was at a time, signed (ledger/notes.py). Append-only."""

    at = models.DateTimeField("만든 때", db_index=True)
    size = models.BigIntegerField("항목 수", db_index=True)
    root = models.BinaryField("뿌리 해시", max_length=32)
    note = models.TextField("서명한 글")
    key = models.CharField("열쇠", max_length=300)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "확인표"

    def __str__(self) -> str:
        return f"{self.size} {self.at:%Y-%m-%d %H:%M}"


class WitnessReceipt(models.Model):
    """A checkpoint that is to be shown to a witness, or what the witness answered."""

    class State(models.TextChoices):
        WAITING = "waiting", "보내는 중"
        SEEN = "seen", "맡김"
        COVERED = "covered", "더 새 확인표로 맡김"

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="receipts", verbose_name="확인표")
    witness = models.CharField("증인", max_length=100)
    kind = models.CharField("방법", max_length=20)
    state = models.CharField("상태", max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    trouble = models.CharField(max_length=300, blank=True)
    receipt = models.TextField("받은 것", blank=True)
    seen_at = models.DateTimeField("맡긴 때", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="one_receipt")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="receipt_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.witness} {self.state}"


class Erasure(Committed):
    """That personal data were erased from an entry before its time, and on which ground. Itself in the ledger."""

    ledger_kind = "erasure"

    at = models.DateTimeField("지운 때", default=timezone.now)
    identifier = models.CharField("누가", max_length=150)
    erased = models.BinaryField("지운 항목의 봉인", max_length=32)
    ground = models.CharField("근거", max_length=300)
    left = models.JSONField(
        default=dict,
        help_text='{"digests": of all items, "salts": {number: of an item that stays}}; proved by the commitment',
    )

    class Meta:
        verbose_name = verbose_name_plural = "지움"
        indexes = [models.Index(fields=["erased"], name="erasure_of")]

    def __str__(self) -> str:
        return f"{self.ground} {self.at:%Y-%m-%d}"

    def ledger_said(self) -> list[tuple[str, entries.Said]]:
        erased = bytes(self.erased).hex()
        return [("identifier", self.identifier), ("erased", erased), ("ground", self.ground)]
