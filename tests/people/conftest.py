"""Passwords are hashed fast here, and nobody is locked out by the test before."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nobody_is_locked_out(db) -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def files_without_a_manifest(settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
