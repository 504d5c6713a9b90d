"""manage.py appoint_chief 010-… 이름 VILLAGE_CODE --by ID --reason 위촉: who speaks to a village."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadcast.chiefs import CannotAppoint, appoint
from broadcast.models import Village
from people.management.by_whom import ask_who_and_why, doer
from people.phones import NotAPhone


class Command(BaseCommand):
    help = "이장을 위촉합니다. 이 번호로 로그인하면 그 마을에 방송할 수 있습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phone", help="이장의 휴대전화 번호")
        parser.add_argument("name", help="이장의 이름")
        parser.add_argument("village", help="마을 코드 (마을 목록의 것)")
        ask_who_and_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = doer(options["by"])
        village = Village.objects.select_related("district").filter(code=options["village"]).first()
        if village is None:
            raise CommandError(f"{options['village']}: 그런 마을 코드가 없습니다.")
        try:
            post = appoint(options["phone"], options["name"], village, reason=options["reason"], by=by)
        except (NotAPhone, CannotAppoint) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{post}으로 위촉했습니다. 이 번호로 로그인하면 바로 방송할 수 있습니다.")
