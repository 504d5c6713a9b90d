"""manage.py forget_second_factor ID --by ID --reason 까닭: for staff who lost their phone; they set up a new one."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from people.accounts import end_sessions
from people.models import User
from privacy.access import Action, record

from ..by_whom import ask_who_and_why, doer


class Command(BaseCommand):
    help = "직원의 2단계 인증을 지웁니다. 본인인지 직접 확인한 뒤에만 하세요."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="아이디")
        ask_who_and_why(parser)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        by = doer(options["by"])
        user = User.objects.filter(username__iexact=options["username"], phone_sign_in=False).first()
        if user is None:
            raise CommandError(f"{options['username']}: 그런 직원이 없습니다.")
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
        record(None, Action.REVOKE, [user], f"2단계 인증 지움: {options['reason']}", who=by.username)
        self.stdout.write(f"{user.username}의 2단계 인증을 지웠습니다. 다음에 로그인할 때 새로 만듭니다.")
