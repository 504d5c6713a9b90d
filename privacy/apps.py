"""Registers what each app holds about people."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "개인정보"

    def ready(self) -> None:
        autodiscover_modules("personal_data", "consent_texts", "for_privacy")
        from . import checks, consents, erasing  # noqa: F401 - checks registers itself

        # A restored backup is followed by `migrate`, which every start of the portal asks for: who was erased since
        # is erased again before anybody can look.
        def when_migrated(**kwargs: Any) -> None:
            executor = MigrationExecutor(connections[kwargs["using"]])
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return  # on the way to an older or half a database: what follows needs all of it
            erasing.replay()
            consents.keep_wordings()

        post_migrate.connect(when_migrated, sender=self, weak=False)
