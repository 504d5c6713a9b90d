"""Free repair of computers at home."""

from django.apps import AppConfig


class RepairConfig(AppConfig):
    name = "repair"
    verbose_name = "컴퓨터 무상수리"

    def ready(self) -> None:
        from privacy import reseal

        from . import (
            checks,  # noqa: F401 - registers itself
            papers,
        )

        reseal.others.append(papers.reseal_files)
