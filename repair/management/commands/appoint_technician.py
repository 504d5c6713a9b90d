"""manage.py appoint_technician ID 업체 --by ID --reason 계약: who repairs for which contractor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.grants import CannotGrant
from people.management.by_whom import ask_who_and_why, doer
from repair.models import Contractor
from repair.technicians import appoint


class Command(BaseCommand):
    help = "수리 기사를 정합니다. 이 아이디로 로그인하면 그 업체가 맡은 방문을 볼 수 있습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="아이디", help="기사의 아이디")
        parser.add_argument("contractor", metavar="업체", help="업체의 이름")
        ask_who_and_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = doer(options["by"])
        contractor = Contractor.objects.filter(name=options["contractor"]).first()
        if contractor is None:
            raise CommandError(
                f"{options['contractor']}: 그런 업체가 없습니다. 사업연도 화면에서 더해 주세요."
            )
        try:
            post = appoint(options["username"], contractor, reason=options["reason"], by=by)
        except CannotGrant as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{post}로 정했습니다. 이 아이디로 로그인하면 바로 방문을 맡을 수 있습니다.")
