"""manage.py add_alert_source 이름 [--feed URL] [--send-from Severe] --by ID --reason 까닭; --new-key, --stop, --use.

docs/cap.md says how alerts are sent with the key.
"""

from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadcast.cap.sources import CannotAdd, add_source, new_key, set_use
from broadcast.categories import Severity
from broadcast.models import AlertSource
from people.management.by_whom import ask_who_and_why, doer


class Command(BaseCommand):
    help = "재난 경보(CAP)를 보내오는 곳을 만듭니다. 열쇠는 만들 때 한 번만 보입니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="제공처 이름, 보기: 산림청")
        parser.add_argument("--feed", default="", help="가져올 주소(Atom, RSS). 없으면 그쪽에서 보냅니다")
        parser.add_argument(
            "--send-from",
            default="",
            choices=["", *Severity.values],
            help="이 심각도부터 바로 보냅니다. 없으면 언제나 초안만 만듭니다",
        )
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--new-key", action="store_true", help="있는 제공처의 열쇠를 바꿉니다")
        what.add_argument("--stop", action="store_true", help="있는 제공처를 그만 씁니다")
        what.add_argument("--use", action="store_true", help="그만 쓰던 제공처를 다시 씁니다")
        ask_who_and_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by, name, reason = doer(options["by"]), options["name"].strip(), options["reason"]
        try:
            if options["new_key"]:
                self._tell_key(new_key(self._there(name), reason=reason, by=by))
            elif options["stop"] or options["use"]:
                set_use(self._there(name), options["use"], reason=reason, by=by)
                self.stdout.write(f"{name}: {'다시 씁니다' if options['use'] else '이제 받지 않습니다'}.")
            else:
                self._add(name, options, reason, by)
        except CannotAdd as error:
            raise CommandError(str(error)) from None

    def _add(self, name: str, options: dict[str, Any], reason: str, by: Any) -> None:
        feed = options["feed"]
        if not 0 < len(name) <= 60:
            raise CommandError("이름은 한 자부터 60자까지입니다.")
        if feed and (urlsplit(feed).scheme not in ("http", "https") or not urlsplit(feed).hostname):
            raise CommandError(f"{feed}: http:// 또는 https:// 로 시작하는 주소를 적어 주세요.")
        if len(feed) > 200:
            raise CommandError("주소는 200자까지입니다.")
        source, key = add_source(name, feed=feed, may_send_from=options["send_from"], reason=reason, by=by)
        rule = f"{source.get_may_send_from_display()}부터 바로 보냅니다" if source.may_send_from else "초안만"
        self.stdout.write(f"{source}: 만들었습니다. {rule}.")
        if key:
            self._tell_key(key)

    def _there(self, name: str) -> AlertSource:
        source = AlertSource.objects.filter(name=name).first()
        if source is None:
            raise CommandError(f"{name}: 그런 제공처가 없습니다.")
        return source

    def _tell_key(self, key: str) -> None:
        self.stdout.write(f"열쇠: {key}")
        self.stdout.write("열쇠는 다시 볼 수 없습니다. 지금 그쪽 담당자에게 안전하게 건네 주세요.")
