"""manage.py reseal: moves sealed data to the first key of DATA_KEYS; afterwards the old key may be taken out."""

from typing import Any

from django.core.management.base import BaseCommand

from privacy.reseal import others, reseal_column, sealed_fields


class Command(BaseCommand):
    help = "Seals everything again that was not sealed with the first key of DATA_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        for field in sealed_fields():
            self.stdout.write(f"{field}: {reseal_column(field)}")
        for other in others:
            self.stdout.write(f"{other.__name__}: {other()}")
