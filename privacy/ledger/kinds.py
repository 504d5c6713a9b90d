"""Which kinds of entries there are: each model that keeps the contract of models.Committed."""

from django.apps import apps

from ..models import Committed
from .entries import BEFORE


def kinds() -> dict[str, type[Committed]]:
    """Kind → model. ValueError if two models claim one."""
    found: dict[str, type[Committed]] = {}
    for model in apps.get_models():
        if issubclass(model, Committed):
            if model.ledger_kind in found:
                raise ValueError(f"{model.ledger_kind} is registered twice")
            found[model.ledger_kind] = model
    return found


def plain(kind: str) -> str:
    """A kind without the mark of what was written before the ledger."""
    return kind.removesuffix(BEFORE)
