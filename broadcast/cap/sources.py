"""Who sends alerts: made by the city, known by a key of which only the hash is kept."""

import hashlib
import hmac
import secrets

from django.db import transaction

from people.models import User
from privacy.access import Action, record

from ..models import AlertSource


class CannotAdd(ValueError):
    """Its text says in Korean why not."""


@transaction.atomic
def add_source(name: str, *, feed: str, may_send_from: str, reason: str, by: User) -> tuple[AlertSource, str]:
    """The source, and the key to push with ("" for a feed, which is pulled): the only moment at which it is seen.

    Its account is the author of what it sends: without a role, a password or a way to sign in. CannotAdd.
    """
    if AlertSource.objects.filter(name=name).exists():
        raise CannotAdd(f"{name}: 같은 이름의 제공처가 이미 있습니다.")
    account = User(username=f"alert-{secrets.token_hex(6)}", name=name[:50])
    account.set_unusable_password()
    account.save()
    key = "" if feed else secrets.token_urlsafe(32)
    source = AlertSource.objects.create(
        name=name,
        account=account,
        feed=feed,
        key_hash=hash_of(key) if key else "",
        may_send_from=may_send_from,
    )
    record(None, Action.CREATE, [source], f"경보 제공처 만듦: {reason}", who=by.get_username())
    return source, key


@transaction.atomic
def new_key(source: AlertSource, *, reason: str, by: User) -> str:
    """Another key in the place of the old one, which is refused from now on."""
    source = AlertSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if source.feed:
        raise CannotAdd(f"{source}: 주소에서 가져오는 제공처라 열쇠가 없습니다.")
    key = secrets.token_urlsafe(32)
    source.key_hash = hash_of(key)
    source.save(update_fields=["key_hash"])
    record(None, Action.CHANGE, [source], f"경보 제공처 열쇠 바꿈: {reason}", who=by.get_username())
    return key


@transaction.atomic
def set_use(source: AlertSource, in_use: bool, *, reason: str, by: User) -> None:
    """Whether its alerts are taken at all."""
    AlertSource.objects.filter(pk=source.pk).update(is_active=in_use)
    word = "다시 씀" if in_use else "그만 씀"
    record(None, Action.CHANGE, [source], f"경보 제공처 {word}: {reason}", who=by.get_username())


def source_of(key: str) -> AlertSource | None:
    """Whose key it is. All are compared, each in constant time."""
    given, found = hash_of(key), None
    for source in AlertSource.objects.filter(is_active=True).exclude(key_hash="").select_related("account"):
        if hmac.compare_digest(source.key_hash, given):
            found = source
    return found


def hash_of(key: str) -> str:
    """Of 32 random bytes: a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()
