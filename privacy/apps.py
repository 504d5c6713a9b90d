"""Registers what each app holds about people."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "개인정보"

    def ready(self) -> None:
        autodiscover_modules("personal_data", "consent_texts")
        from . import checks  # noqa: F401
