"""manage.py seed_demo_repair: the example programme of an example city. Refused in production."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people.demo import PASSWORD
from repair.demo import NotAnExampleCity, seed
from repair.demo_accounts import DEMO_ACCOUNTS


class Command(BaseCommand):
    help = "무상수리 예시를 만듭니다: 예시 계정, 올해와 지난해 사업, 모든 상태의 접수 건. 여러 번 실행해도 같습니다."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = seed()
        except NotAnExampleCity:
            raise CommandError(
                "운영 중인 도시에는 예시를 만들지 않습니다 (PORTAL_MODE=production)."
            ) from None
        words = "예시 접수 건을 만들었습니다" if made else "이미 사업이 있어 접수 건은 그대로 두었습니다"
        self.stdout.write(f"{words}. 직원 비밀번호는 모두 {PASSWORD} 입니다.")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.sign_in:<15} {account.name}: {account.may}")
