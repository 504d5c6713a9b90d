from .access import AccessRecord
from .breach import Breach, BreachNotice, BreachStep
from .consent import Consent
from .erasing import Destruction, ErasurePlan, KeptApart
from .evidence import EvidenceSnapshot, Indicator
from .ledger import Checkpoint, Committed, Erasure, Leaf, Tile, WitnessReceipt
from .notice import ConsentWording, NoticeVersion, Processor, Supervision
from .request import Request, RequestStep
from .review import DownloadCheck, Finding, Review
from .rotation import Rotation, RotationColumn

__all__ = [
    "AccessRecord",
    "Breach",
    "BreachNotice",
    "BreachStep",
    "Checkpoint",
    "Committed",
    "Consent",
    "ConsentWording",
    "Destruction",
    "DownloadCheck",
    "Erasure",
    "ErasurePlan",
    "EvidenceSnapshot",
    "Finding",
    "Indicator",
    "KeptApart",
    "Leaf",
    "NoticeVersion",
    "Processor",
    "Request",
    "RequestStep",
    "Review",
    "Rotation",
    "RotationColumn",
    "Supervision",
    "Tile",
    "WitnessReceipt",
]
