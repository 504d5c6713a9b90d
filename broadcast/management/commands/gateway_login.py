"""manage.py gateway_login CODE NAME --by ID: how the portal signs in to a device; the password is asked for."""

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadcast.gateway_logins import NotALogin, set_login
from broadcast.models import Gateway
from people.management.by_whom import doer


class Command(BaseCommand):
    help = "포털이 장비에 로그인할 아이디와 비밀번호를 정합니다. 비밀번호는 물어보며, 다시 볼 수 없습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="장비 번호, 보기: JJ-0001")
        parser.add_argument("name", help="장비에 만든 포털의 아이디")
        parser.add_argument("--by", required=True, metavar="아이디", help="누가 하는지: 직원의 아이디")

    def handle(self, *args: Any, **options: Any) -> None:
        by = doer(options["by"])
        gateway = Gateway.objects.filter(code=options["code"]).first()
        if gateway is None:
            raise CommandError(f"{options['code']}: 그런 장비가 없습니다.")
        # Never on the command line, where others on the machine could read it.
        password = getpass("비밀번호: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            set_login(gateway, options["name"], password, by=by)
        except NotALogin as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{gateway} 장비의 로그인을 정했습니다.")
