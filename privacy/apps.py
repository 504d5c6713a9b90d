"""Registers what each app holds about people."""

from django.apps import AppConfig
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
        post_migrate.connect(lambda **kwargs: erasing.replay(), sender=self, weak=False)
        post_migrate.connect(lambda **kwargs: consents.keep_wordings(), sender=self, weak=False)
