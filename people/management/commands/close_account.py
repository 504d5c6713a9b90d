"""manage.py close_account ID --by ID --reason 퇴직: whoever leaves can do nothing from that moment on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.accounts import close_account

from ..by_whom import account, ask_who_and_why, doer


class Command(BaseCommand):
    help = "계정을 닫습니다: 역할을 모두 거두고, 로그인한 곳을 모두 끊습니다. 다시 열 수 없습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="아이디")
        ask_who_and_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        user, by = account(options["username"]), doer(options["by"])
        if user.closed_at is not None:
            raise CommandError(f"{user.username}: 이미 닫은 계정입니다.")
        close_account(user, reason=options["reason"], by=by)
        self.stdout.write(f"{user.username} 계정을 닫았습니다.")
