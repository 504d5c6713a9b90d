"""manage.py dismiss_technician ID --by ID --reason 계약 끝: a technician sees and repairs no more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.management.by_whom import ask_who_and_why, doer
from repair.models import TechnicianPost
from repair.technicians import dismiss


class Command(BaseCommand):
    help = "수리 기사를 그만두게 합니다. 맡고 있던 방문은 다른 기사가 맡을 수 있게 됩니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="아이디", help="기사의 아이디")
        ask_who_and_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = doer(options["by"])
        posts = TechnicianPost.objects.select_related("user", "contractor")
        post = posts.filter(user__username__iexact=options["username"], revoked_at=None).first()
        if post is None:
            raise CommandError(f"{options['username']}: 지금 수리 기사인 사람이 아닙니다.")
        freed = dismiss(post, reason=options["reason"], by=by)
        self.stdout.write(f"{post}를 그만두게 했습니다. 내놓은 방문은 {freed}건입니다.")
