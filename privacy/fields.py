"""Text that is sealed in the database: a column of bytes that opens only in its own row, column and table.

Bytes that were changed or moved from elsewhere, and plain text in the column, raise `SealBroken` (sealing.py).

A value is opened when it is first read, so that a list which does not show it never decrypts it. The primary key must
be known before the row is written: models with such a field have a UUID key.
"""

import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from .keys import blind_index
from .sealing import SealBroken, place, seal, unseal

__all__ = ["BlindIndexField", "EncryptedTextField", "SealBroken", "Sealed", "opened"]


class Sealed:
    """Bytes as stored; says nothing about what is in them."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __repr__(self) -> str:
        return "<sealed>"


class SealedAttribute(DeferredAttribute):
    """Opens the value on first reading and keeps the text in the instance."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname, self)
        if value is self:  # deferred
            value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.open(value, instance.pk)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field):
    """Text, or None if null=True. Cannot be filtered or updated by a queryset: use a blind index, and save()."""

    descriptor_class = SealedAttribute
    description = "Text, sealed at rest"

    def get_internal_type(self) -> str:
        return "BinaryField"

    @cached_property
    def _column_place(self) -> bytes:
        return place(self.model._meta.db_table, str(self.column))

    def _place(self, pk: Any) -> bytes:
        if not isinstance(pk, uuid.UUID):
            pk = self.model._meta.pk.to_python(pk)
        if pk is None:
            raise ValueError(f"{self} needs the primary key before it can be sealed")
        return self._column_place + str(pk).encode()

    def seal(self, text: str, pk: Any) -> Sealed:
        """Sealed for the row `pk` of this column. TypeError if it is not text."""
        if not isinstance(text, str):
            raise TypeError(f"{self} holds text, not {type(text).__name__}")
        return Sealed(seal(text, self._place(pk)))

    def open(self, sealed: Sealed, pk: Any) -> str:
        """The text. SealBroken if it was not sealed for this row and column."""
        return self._open(sealed.data, self._place(pk), pk)

    def open_read(self, data: bytes, key: str) -> str:
        """`open`, of bytes and a key (as text) that come from the driver: for a whole city's rows."""
        return self._open(data, self._column_place + key.encode(), key)

    def _open(self, data: bytes, where: bytes, pk: Any) -> str:
        try:
            return unseal(data, where)
        except SealBroken as broken:
            raise SealBroken(f"{self} of {pk}: {broken}") from None

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str | Sealed) else str(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Sealed) and not add:
            return value  # never opened, so unchanged
        value = getattr(model_instance, self.attname)
        return None if value is None else self.seal(value, model_instance.pk)

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(
                f"{self} cannot be written by a queryset, which does not know the row: use save()"
            )
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value.data)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self} is sealed: look it up by a blind index, not by {lookup_name}")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self} is not written to fixtures")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"max_length": self.max_length, **kwargs})

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = super().check(**kwargs)
        pk = self.model._meta.pk
        if self.primary_key or self.unique or getattr(self, "db_index", False):
            errors.append(
                checks.Error("A sealed column cannot be a key or indexed", obj=self, id="privacy.E001")
            )
        elif not pk.has_default() and not pk.remote_field:
            errors.append(
                checks.Error("Its model needs a UUID primary key with a default", obj=self, id="privacy.E002")
            )
        return errors


class BlindIndexField(models.CharField):
    """The blind index (keys.blind_index) of the sealed field `of` of its row, written with it; "" if that is empty.

    `purpose`: values of one purpose can be compared, whatever column they stand in. Found by an index.
    """

    def __init__(self, *args: Any, of: str = "", purpose: str = "", **kwargs: Any) -> None:
        self.of, self.purpose = of, purpose
        fixed = {"max_length": 64, "blank": True, "editable": False, "db_index": True, "default": ""}
        super().__init__(*args, **{**kwargs, **fixed})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "purpose": self.purpose}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = getattr(model_instance, self.of)
        index = blind_index(self.purpose, value) if value else ""
        setattr(model_instance, self.attname, index)
        return index


def opened(queryset: models.QuerySet, name: str, *others: str) -> Iterator[tuple]:
    """(primary key, text of the sealed field `name`, *others) of each row, without making models: for many rows."""
    field = queryset.model._meta.get_field(name)
    for pk, sealed, *rest in queryset.values_list("pk", name, *others):
        yield (pk, None if sealed is None else field.open(sealed, pk), *rest)
