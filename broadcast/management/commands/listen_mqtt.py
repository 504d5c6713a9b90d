"""manage.py listen_mqtt: runs beside the workers wherever MQTT_URL is set; exactly one (docs/operations.md)."""

import signal
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from broadcast.gateways.mqtt import broker
from broadcast.mqtt_listener import Listener


class Command(BaseCommand):
    help = "MQTT 중계 서버에서 장비들의 소식(수신 결과, 상태)을 받아 기록합니다. 끌 때까지 돕니다."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            at = broker()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        if at is None:
            raise CommandError("MQTT_URL이 비어 있습니다. .env에 중계 서버의 주소를 적어 주세요.")
        listener = Listener(at)
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: listener.stop())
        listener.run()
