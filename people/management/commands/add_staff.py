"""manage.py add_staff ID --name 이름 --role city_operator --by ID --reason 발령: an account, its password asked for.

Only the very first account has nobody to say `--by`.
"""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from people.accounts import create_staff
from people.grants import CannotGrant, grant
from people.models import RoleGrant, User
from privacy.access import Action, record

from ..by_whom import ask_who_and_why, district_named, doer


class Command(BaseCommand):
    help = "직원 계정을 만들고 역할을 줍니다. 2단계 인증은 처음 로그인할 때 본인이 만듭니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="아이디")
        parser.add_argument("--name", required=True, help="이름")
        parser.add_argument("--role", choices=RoleGrant.Role.values, help="역할")
        parser.add_argument("--district", default="", help="읍면동 이름 (읍면동 직원만)")
        ask_who_and_why(parser, by_required=False)
        parser.add_argument("--admin", action="store_true", help="관리 화면도 씁니다")

    def handle(self, *args: Any, **options: Any) -> None:
        by = doer(options["by"]) if options["by"] else None
        if by is None and User.objects.filter(phone_sign_in=False, is_active=True).exists():
            raise CommandError("--by 가 있어야 합니다. 맨 처음 계정만 없이 만들 수 있습니다.")
        district = district_named(options["district"])
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
                rights = ", 관리 화면의 모든 권한" if options["admin"] else ""
                record(
                    None,
                    Action.GRANT if options["admin"] else Action.CREATE,
                    [user],
                    f"직원 계정 만듦{rights}: {options['reason']}",
                    who=by.username if by else None,
                )
                if options["role"]:
                    grant(user, options["role"], district, reason=options["reason"], by=by)
        except CannotGrant as error:
            raise CommandError(str(error)) from None
        except IntegrityError:
            raise CommandError(f"{options['username']}: 이미 있는 아이디입니다.") from None
        self.stdout.write(f"{user.username} 계정을 만들었습니다.")
