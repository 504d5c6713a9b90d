"""manage.py ledger_key: the public keys that the ledger's checkpoints are signed by, for whoever checks them."""

from typing import Any

from django.core.management.base import BaseCommand

from privacy.ledger.signing import public_keys


class Command(BaseCommand):
    help = "Prints the public keys of the ledger; the first is the one of today."

    def handle(self, *args: Any, **options: Any) -> None:
        for key in public_keys():
            self.stdout.write(str(key))
