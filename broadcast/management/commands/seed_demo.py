"""manage.py seed_demo: the example city. Refused in production."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadcast.demo_accounts import DEMO_ACCOUNTS
from broadcast.demo_seed import NotAnExampleCity, seed, simulator_keys
from people.demo import PASSWORD


class Command(BaseCommand):
    help = "예시 도시를 만듭니다: 마을 358곳과 장비, 예시 계정. 여러 번 실행해도 같습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--simulator-url", default="http://127.0.0.1:8100", help="where the simulator listens"
        )
        parser.add_argument(
            "--gateways-file", type=Path, help="where to write the keys for the simulator (JSON)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seed(options["simulator_url"])
        except NotAnExampleCity:
            raise CommandError(
                "운영 중인 도시에는 예시를 만들지 않습니다 (PORTAL_MODE=production)."
            ) from None
        if options["gateways_file"]:
            write_private(Path(options["gateways_file"]), json.dumps(simulator_keys(), indent=0))
        self.stdout.write(f"예시 도시가 준비되었습니다. 직원 비밀번호는 모두 {PASSWORD} 입니다.")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.sign_in:<15} {account.name}: {account.may}")


def write_private(file: Path, text: str) -> None:
    """Whole or not at all, readable by the owner only: a device's secret speaks for its village."""
    half = file.with_name(file.name + ".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    half.replace(file)
