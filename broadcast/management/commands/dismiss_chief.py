"""manage.py dismiss_chief 010-… VILLAGE_CODE --by ID --reason 임기 끝: a chief speaks to a village no more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadcast.chiefs import dismiss
from broadcast.models import ChiefPost
from people.accounts import phone_user
from people.management.by_whom import ask_who_and_why, doer
from people.phones import NotAPhone


class Command(BaseCommand):
    help = "이장을 그만두게 합니다. 맡은 마을이 더 없으면 계정도 닫습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phone", help="이장의 휴대전화 번호")
        parser.add_argument("village", help="마을 코드")
        ask_who_and_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = doer(options["by"])
        try:
            user = phone_user(options["phone"])
        except NotAPhone as error:
            raise CommandError(str(error)) from None
        posts = ChiefPost.objects.select_related("user", "village__district")
        post = posts.filter(user=user, village__code=options["village"], revoked_at=None).first()
        if user is None or post is None:
            raise CommandError(
                "이 번호로 그 마을의 이장을 맡은 사람이 없습니다. 번호와 마을 코드를 확인해 주세요."
            )
        closed = dismiss(post, reason=options["reason"], by=by)
        more = "맡은 마을이 더 없어 계정도 닫았습니다." if closed else "다른 마을은 그대로 맡습니다."
        self.stdout.write(f"{post}을 그만두게 했습니다. {more}")
