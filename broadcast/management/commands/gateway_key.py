"""manage.py gateway_key CODE --by ID [--next | --retire N]: the keys of a box; a secret is shown once, when made."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from broadcast.gateway_keys import CannotChangeKey, next_key, retire_key
from broadcast.models import Gateway, GatewayKey
from people.management.by_whom import doer


def when(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "아직 없음"


class Command(BaseCommand):
    help = "장비의 열쇠를 보여 주고, 새로 만들고, 거둡니다. 비밀 값은 만들 때 한 번만 보입니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="장비 번호, 보기: JJ-0001")
        parser.add_argument("--by", required=True, metavar="아이디", help="누가 하는지: 직원의 아이디")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--next", action="store_true", help="다음 번호의 열쇠를 만듭니다")
        what.add_argument("--retire", type=int, metavar="N", help="N번 열쇠를 거둡니다")

    def handle(self, *args: Any, **options: Any) -> None:
        by = doer(options["by"])
        gateway = Gateway.objects.select_related("village__district").filter(code=options["code"]).first()
        if gateway is None:
            raise CommandError(f"{options['code']}: 그런 장비가 없습니다.")
        try:
            if options["next"]:
                self._tell_secret(next_key(gateway, by=by))
            elif options["retire"] is not None:
                retire_key(gateway, options["retire"], by=by)
                self.stdout.write(f"{options['retire']}번 열쇠를 거두었습니다. 이제 이 열쇠는 거절합니다.")
        except CannotChangeKey as error:
            raise CommandError(str(error)) from None
        self._tell_state(gateway)

    def _tell_secret(self, key: GatewayKey) -> None:
        self.stdout.write(f"열쇠 이름: {key.gateway}.{key.number}")
        self.stdout.write(f"비밀 값:   {key.secret}")
        self.stdout.write("비밀 값은 다시 볼 수 없습니다. 지금 장비에 넣어 주세요. 잃으면 새로 만듭니다.")

    def _tell_state(self, gateway: Gateway) -> None:
        self.stdout.write(f"{gateway} {gateway.village}, 주소 {gateway.address}")
        self.stdout.write(f"마지막 보고: {when(gateway.seen_at)}")
        for key in gateway.keys.filter(retired_at=None).order_by("number"):
            self.stdout.write(
                f"{key.number}번 열쇠: 만든 때 {when(key.created_at)}, 처음 쓴 때 {when(key.used_at)}"
            )
