"""manage.py staff_phone ID 010-… --by ID --reason 당직: where alarms and requests for approval reach a member of staff.

Without a number it is taken away. It is no way to sign in.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from people.phones import NotAPhone, mobile, phone_index
from privacy.access import Action, record

from ..by_whom import account, ask_who_and_why, doer


class Command(BaseCommand):
    help = "직원이 경보와 승인 부탁을 문자로 받을 휴대전화를 적습니다. 번호가 없으면 지웁니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="아이디")
        parser.add_argument("phone", nargs="?", default="", help="휴대전화; 없으면 지웁니다")
        ask_who_and_why(parser)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        by, user = doer(options["by"]), account(options["username"])
        if user.phone_sign_in:
            raise CommandError(
                "이장의 번호는 로그인하는 번호입니다. dismiss_chief 와 appoint_chief 로 바꿔 주세요."
            )
        try:
            user.phone = mobile(options["phone"]) if options["phone"] else ""
        except NotAPhone as error:
            raise CommandError(str(error)) from None
        user.phone_index = phone_index(user.phone) if user.phone else None
        user.save(update_fields=["phone", "phone_index"])
        what = "적음" if user.phone else "지움"
        record(
            None, Action.CHANGE, [user], f"알림 받을 휴대전화 {what}: {options['reason']}", who=by.username
        )
        self.stdout.write(f"{user.username}의 알림 받을 휴대전화를 {'적었' if user.phone else '지웠'}습니다.")
