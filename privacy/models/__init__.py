from .access import AccessRecord
from .consent import Consent
from .ledger import Checkpoint, Committed, Erasure, Leaf, Tile, WitnessReceipt
from .request import Request, RequestStep

__all__ = [
    "AccessRecord",
    "Checkpoint",
    "Committed",
    "Consent",
    "Erasure",
    "Leaf",
    "Request",
    "RequestStep",
    "Tile",
    "WitnessReceipt",
]
