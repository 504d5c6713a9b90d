"""People."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "사람"

    def ready(self) -> None:
        from . import checks, for_privacy, sign_in_record  # noqa: F401 - checks registers itself

        sign_in_record.connect()
        for_privacy.connect()
