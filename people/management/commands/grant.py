"""manage.py grant ROLE ID [--district 문산읍] --by ID --reason 발령: gives an account a role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.grants import CannotGrant, grant
from people.models import RoleGrant

from ..by_whom import account, ask_who_and_why, district_named, doer


class Command(BaseCommand):
    help = "이미 있는 계정에 역할을 줍니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=RoleGrant.Role.values, help="역할")
        parser.add_argument("username", help="아이디")
        parser.add_argument("--district", default="", help="읍면동 이름 (읍면동 직원만)")
        ask_who_and_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        user, by = account(options["username"]), doer(options["by"])
        district = district_named(options["district"])
        try:
            given = grant(user, options["role"], district, reason=options["reason"], by=by)
        except CannotGrant as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.username}: {given} 역할을 줍니다. 바로 쓸 수 있습니다.")
