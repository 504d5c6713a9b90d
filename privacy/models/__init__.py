from .access import AccessRecord
from .consent import Consent
from .ledger import Checkpoint, Committed, Erasure, Leaf, Tile, WitnessReceipt

__all__ = [
    "AccessRecord",
    "Checkpoint",
    "Committed",
    "Consent",
    "Erasure",
    "Leaf",
    "Tile",
    "WitnessReceipt",
]
