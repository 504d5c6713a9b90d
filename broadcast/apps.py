"""Village broadcasts."""

from django.apps import AppConfig


class BroadcastConfig(AppConfig):
    name = "broadcast"
    verbose_name = "마을방송"

    def ready(self) -> None:
        from .gateway_api import described  # noqa: F401 - tells OpenAPI how gateways sign
