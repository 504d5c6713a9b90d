"""Moving sealed data to the first key of DATA_KEYS while everybody works: small transactions, each row locked."""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import models, transaction

from .fields import EncryptedTextField, Sealed
from .keys import sealing_key
from .sealing import key_of

#: Functions that reseal what is not in an EncryptedTextField; each returns how many it moved (people/personal_data.py).
others: list[Callable[[], int]] = []


def sealed_fields() -> Iterator[EncryptedTextField]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield field


def is_old(sealed: Sealed | None) -> bool:
    return sealed is not None and key_of(sealed.data) != sealing_key()[0]


def reseal_column(field: EncryptedTextField, batch: int = 500) -> int:
    """Seals with the first key what another key sealed. Returns how many. SealBroken, naming the row, stops it."""
    rows = field.model._base_manager.order_by("pk")
    moved, last = 0, None
    while True:
        page: models.QuerySet = rows.filter(pk__gt=last) if last else rows
        with transaction.atomic():
            chunk = list(page.select_for_update(of=("self",)).values_list("pk", field.attname)[:batch])
            for pk, sealed in chunk:
                if is_old(sealed):
                    again = field.seal(field.open(sealed, pk), pk)
                    rows.filter(pk=pk).update(**{field.attname: again})
                    moved += 1
        if len(chunk) < batch:
            return moved
        last = chunk[-1][0]
