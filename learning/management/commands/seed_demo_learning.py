"""manage.py seed_demo_learning: the example 디지털배움터 of an example city. Refused in production."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning.demo import NotAnExampleCity, seed
from learning.demo_accounts import DEMO_ACCOUNTS
from people.demo import PASSWORD


class Command(BaseCommand):
    help = "디지털배움터 예시를 만듭니다: 계정, 배움터, 수업과 신청, 찾아가는 수업, 체험존. 여러 번 실행해도 같습니다."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = seed()
        except NotAnExampleCity:
            raise CommandError(
                "운영 중인 도시에는 예시를 만들지 않습니다 (PORTAL_MODE=production)."
            ) from None
        words = "예시 수업과 신청을 만들었습니다" if made else "이미 배움터가 있어 수업은 그대로 두었습니다"
        self.stdout.write(f"{words}. 직원 비밀번호는 모두 {PASSWORD} 입니다.")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.sign_in:<15} {account.name}: {account.may}")
