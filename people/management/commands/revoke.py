"""manage.py revoke ROLE ID [--district 문산읍] --by ID --reason 전보: takes a role back from an account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.grants import revoke
from people.models import RoleGrant

from ..by_whom import account, ask_who_and_why, district_named, doer


class Command(BaseCommand):
    help = "역할을 거둡니다. 다음에 누르는 화면부터 쓸 수 없습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=RoleGrant.Role.values, help="역할")
        parser.add_argument("username", help="아이디")
        parser.add_argument("--district", default="", help="읍면동 이름 (읍면동 직원만)")
        ask_who_and_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        user, by = account(options["username"]), doer(options["by"])
        district = district_named(options["district"])
        held = RoleGrant.objects.filter(
            user=user, role=options["role"], district=district, revoked_at=None
        ).first()
        if held is None:
            raise CommandError(f"{user.username}: 그런 역할을 가지고 있지 않습니다.")
        revoke(held, reason=options["reason"], by=by)
        self.stdout.write(f"{user.username}: {held} 역할을 거두었습니다.")
