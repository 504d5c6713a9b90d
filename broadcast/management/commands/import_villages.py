"""manage.py import_villages FILE.csv [--dry-run] [--deactivate-missing]: docs/villages-csv.md."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadcast.village_list import MOST_BYTES, NotAList
from broadcast.villages import Report, import_villages

#: More lines than this help nobody; the rest is counted.
SHOWN = 100


class Command(BaseCommand):
    help = "시의 마을 목록(CSV)을 읽습니다. 한 줄이라도 잘못되면 아무것도 바꾸지 않습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument(
            "--deactivate-missing",
            action="store_true",
            help="switch off villages and devices not in the file",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            raise CommandError(
                f"{options['file']} 파일을 열 수 없습니다. 이름과 자리를 확인해 주세요."
            ) from None
        deactivate = options["deactivate_missing"]
        try:
            report = import_villages(data, dry_run=options["dry_run"], deactivate_missing=deactivate)
        except NotAList as error:
            raise CommandError(str(error)) from None
        if report.ignored_columns:
            self.stdout.write(f"읽지 않은 칸: {', '.join(report.ignored_columns)}")
        if report.problems:
            self._list("고칠 곳", report.problems)
            raise CommandError("아무것도 바꾸지 않았습니다. 위의 줄을 고쳐서 다시 실행해 주세요.")
        self._tell(report, options["dry_run"], deactivate)

    def _tell(self, report: Report, dry_run: bool, deactivate: bool) -> None:
        self._list("새 마을", report.new_villages)
        self._list("새 장비", report.new_devices)
        self._list("바뀌는 마을", report.changed_villages)
        self._list("바뀌는 장비", report.changed_devices)
        fate = "사용을 멈춤" if deactivate else "그대로 둠 (--deactivate-missing 을 쓰면 사용을 멈춤)"
        self._list(f"파일에 없는 마을, {fate}", report.missing_villages)
        self._list(f"파일에 없는 장비, {fate}", report.missing_devices)
        self.stdout.write(
            "연습입니다. 아무것도 바꾸지 않았습니다." if dry_run else "마을 목록을 반영했습니다."
        )

    def _list(self, title: str, rows: Sequence[Any]) -> None:
        self.stdout.write(f"{title} {len(rows)}건")
        for row in rows[:SHOWN]:
            self.stdout.write(f"  {row}")
        if len(rows) > SHOWN:
            self.stdout.write(f"  … 그 밖에 {len(rows) - SHOWN}건")
