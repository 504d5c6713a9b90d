"""manage.py export_ledger FILE.zip: the ledger for whoever checks it; verify_ledger.py does that without the portal."""

import argparse
import os
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from privacy.access import Action, record
from privacy.doors import is_officer
from privacy.ledger.checkpoints import make
from privacy.ledger.export import export


class Command(BaseCommand):
    help = "Writes the ledger with the access records that are kept into a zip file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="who takes it: an id of the privacy officer's team")
        parser.add_argument("--reason", required=True, help="what for")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        users = get_user_model().objects.filter(username__iexact=options["by"], is_active=True)
        by = next((one for one in users if is_officer(one)), None)
        if by is None:
            raise CommandError(f"{options['by']}: 지금 개인정보 담당인 직원의 아이디를 적어 주세요.")
        with transaction.atomic():
            record(None, Action.DOWNLOAD, detail=f"장부 내려받기: {options['reason']}", who=by.get_username())
        make()
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        with os.fdopen(handle, "wb") as out:
            export(out)
        self.stdout.write(f"{file}: {file.stat().st_size} bytes")
