"""manage.py add_staff ID --name 이름 --role city_operator --reason 발령: an account, its password asked for here."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from people.accounts import create_staff
from people.grants import grant
from people.models import District, RoleGrant


class Command(BaseCommand):
    help = "직원 계정을 만들고 역할을 줍니다. 2단계 인증은 처음 로그인할 때 본인이 만듭니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="아이디")
        parser.add_argument("--name", required=True, help="이름")
        parser.add_argument("--role", choices=RoleGrant.Role.values, help="역할")
        parser.add_argument("--district", default="", help="읍면동 이름 (읍면동 직원만)")
        parser.add_argument("--reason", default="명령으로 만듦", help="역할을 주는 까닭")
        parser.add_argument("--admin", action="store_true", help="관리 화면도 씁니다")

    def handle(self, *args: Any, **options: Any) -> None:
        district = None
        if options["district"]:
            district = District.objects.filter(name=options["district"]).first()
            if district is None:
                raise CommandError(f"{options['district']}: 그런 읍면동이 없습니다.")
        if options["role"] == RoleGrant.Role.OFFICE_CLERK and district is None:
            raise CommandError("읍면동 직원은 --district 가 있어야 합니다.")
        password = getpass.getpass("비밀번호: ")
        if getpass.getpass("한 번 더: ") != password:
            raise CommandError("두 비밀번호가 다릅니다.")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        try:
            with transaction.atomic():
                user = create_staff(
                    options["username"], options["name"], password, is_superuser=options["admin"]
                )
                if options["role"]:
                    grant(user, options["role"], district, reason=options["reason"])
        except IntegrityError:
            raise CommandError(f"{options['username']}: 이미 있는 아이디입니다.") from None
        self.stdout.write(f"{user.username} 계정을 만들었습니다.")
