"""What `manage.py check --deploy` refuses: example people in a real city, and messages that go nowhere."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import Error as DatabaseError

from .models import User


@register("example_people", deploy=True)
def no_example_people(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        count = User.objects.filter(is_demo=True).count()
    except DatabaseError:
        return [Warning("The database cannot be asked whether it holds example people", id="people.W001")]
    if count:
        hint = "They cannot sign in in production; a real city starts from an empty database."
        return [Error(f"The database holds {count} example people", hint=hint, id="people.E001")]
    return []


@register("channels", deploy=True)
def messages_are_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and "recorded" in settings.MESSAGE_CHANNELS:
        return [Error("MESSAGE_CHANNELS has 'recorded', which sends nothing", id="people.E002")]
    if "solapi" in settings.MESSAGE_CHANNELS and not (settings.SOLAPI_KEY and settings.SOLAPI_SENDER):
        return [Warning("SOLAPI_KEY, SOLAPI_SECRET and SOLAPI_SENDER are not set", id="people.W002")]
    return []
