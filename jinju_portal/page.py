"""What every page shows: the city's words, the services that work, and how this person likes to read."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from people.citizen import KEY as CITIZEN

#: Cookie and form field -> the values it may have; the first is how everybody starts.
READING = {"text": ("normal", "large", "larger"), "contrast": ("normal", "high")}


@dataclass(frozen=True)
class Service:
    name: str
    url_name: str

    @property
    def url(self) -> str | None:
        """None as long as the service is not there."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return None


SERVICES = [
    Service("컴퓨터 무상수리", "repair:landing"),
    Service("디지털배움터", "learning:landing"),
    Service("마을방송", "broadcast:landing"),
    Service("개인정보", "privacy:landing"),
]


def city() -> dict[str, Any]:
    """What is known without a request: enough for an error page when all else fails."""
    return {
        "city": settings.CITY_NAME,
        "phone": settings.HELP_PHONE,
        "official": settings.OFFICIAL_SITE,
        "demo": settings.DEMO,
        "text": READING["text"][0],
        "contrast": READING["contrast"][0],
    }


def reading(request: HttpRequest) -> dict[str, str]:
    """{"text": …, "contrast": …}: what the cookies ask for, if it is something that we have."""
    asked = {name: request.COOKIES.get(name, "") for name in READING}
    return {name: asked[name] if asked[name] in values else values[0] for name, values in READING.items()}


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor. One name, `portal`, so that no view's own words are in its way."""
    services = [
        {"name": service.name, "url": url, "here": request.path.startswith(url)}
        for service in SERVICES
        if (url := service.url)
    ]
    # Whoever came by phone code, without an account; a request that failed early has no session yet.
    citizen = CITIZEN in getattr(request, "session", {})
    return {"portal": city() | reading(request) | {"services": services, "citizen": citizen}}
