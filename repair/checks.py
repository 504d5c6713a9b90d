"""What `manage.py check --deploy` refuses: files that nobody looks through before staff open them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from .scanners import EXAMPLE
from .scanners.clamd import address_of


@register("scanner", deploy=True)
def files_are_scanned(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PAPER_SCANNER == EXAMPLE:
        hint = "Set PAPER_SCANNER=clamd and CLAMD_ADDRESS."
        return [
            Error("PAPER_SCANNER=example finds nothing", hint=hint, id="repair.E001")
        ] * settings.PRODUCTION
    if settings.PAPER_SCANNER == "clamd":
        try:
            address_of(settings.CLAMD_ADDRESS)
        except ValueError as error:
            hint = "Until it is right no file is scanned, and staff can open none."
            return [Error(str(error), hint=hint, id="repair.E002")]
    return []
