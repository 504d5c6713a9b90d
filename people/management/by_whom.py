"""Who does it, to whom, and why: what every command about accounts asks for."""

from django.core.management.base import CommandError, CommandParser

from people.backends import may_sign_in
from people.models import District, User


def ask_who_and_why(parser: CommandParser, *, by_required: bool = True) -> None:
    parser.add_argument("--by", required=by_required, metavar="아이디", help="누가 하는지: 직원의 아이디")
    parser.add_argument("--reason", required=True, metavar="까닭", help="기록에 남길 까닭")


def doer(username: str) -> User:
    """The member of staff who does it, for the record. CommandError if they could not sign in themselves."""
    user = User.objects.filter(username__iexact=username, phone_sign_in=False).first()
    if user is None or not may_sign_in(user):
        raise CommandError(f"{username}: --by 에는 지금 쓰는 직원 계정의 아이디를 적어 주세요.")
    return user


def account(username: str) -> User:
    """An account by its id, in any case. CommandError if there is none."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise CommandError(f"{username}: 그런 아이디가 없습니다.")
    return user


def district_named(name: str) -> District | None:
    """None for no name. CommandError if the city has no such district."""
    if not name:
        return None
    district = District.objects.filter(name=name).first()
    if district is None:
        raise CommandError(f"{name}: 그런 읍면동이 없습니다.")
    return district
