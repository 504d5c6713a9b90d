"""manage.py end_waiting: after a restore, before workers start (docs/operations.md)."""

from typing import Any

from django.core.management.base import BaseCommand

from broadcast.restoring import end_waiting


class Command(BaseCommand):
    help = "아직 마을에 닿지 않은 방송을 모두 끝냅니다. 백업을 되살린 뒤, 작업자를 켜기 전에 실행하세요."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"보내지 않은 {end_waiting()}건을 끝냈습니다. 필요한 방송은 다시 보내 주세요.")
