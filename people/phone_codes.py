"""Showing that a phone is one's own: six digits by text message, good for ten minutes and a few tries.

The same is done for every number, so that nobody learns whose numbers we know.
"""

import hmac
import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from privacy.address import neighbours
from privacy.keys import blind_index
from privacy.masking import masked_phone

from .models import Message, PhoneCode
from .outbox import tell
from .phones import phone_index

logger = logging.getLogger(__name__)

VALID = timedelta(minutes=10)
TRIES = 5


class TooMany(Exception):
    """Too many codes were asked for; its text says in Korean when to try again."""


class WrongCode(Exception):
    """The code does not open; its text says in Korean what to do."""


def _hash(code: PhoneCode, digits: str) -> str:
    # Keyed: six digits would be found from a plain hash at once. With the row: no table serves two codes.
    return blind_index("phone code", f"{code.pk}:{digits}")


@transaction.atomic
def send_code(phone: str, address: str | None) -> PhoneCode:
    """A new code to `phone` (E.164), asked for from `address`. TooMany if there were too many."""
    index = phone_index(phone)
    with connection.cursor() as cursor:  # one at a time for each phone, so that the limits count right
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [index])
    now = timezone.now()
    to_phone = PhoneCode.objects.filter(phone_index=index)
    _refuse_if_too_many(to_phone.filter(address=address), settings.PHONE_CODE_LIMITS)
    try:
        _refuse_if_too_many(to_phone, settings.PHONE_CODE_LIMITS_ANYWHERE)
    except TooMany:
        # Asked for from several addresses: somebody may be keeping the owner out.
        logger.warning("too many sign-in codes for %s from several addresses", masked_phone(phone))
        raise
    if address:
        near = PhoneCode.objects.filter(address__range=neighbours(address))
        _refuse_if_too_many(near, settings.ADDRESS_CODE_LIMITS)
    digits = f"{secrets.randbelow(10**6):06}"
    code = PhoneCode(phone=phone, phone_index=index, address=address, expires_at=now + VALID)
    code.code_hash = _hash(code, digits)
    code.save()
    tell(phone, "sign_in_code", {"code": digits}, key=_message_key(code), expires_at=code.expires_at)
    return code


def _refuse_if_too_many(codes: QuerySet[PhoneCode], limits: list[tuple[int, int]]) -> None:
    for most, seconds in limits:
        if codes.filter(created_at__gt=timezone.now() - timedelta(seconds=seconds)).count() >= most:
            if seconds < 60:
                raise TooMany(f"방금 문자를 보냈습니다. {seconds}초 뒤에 다시 눌러 주세요.")
            when = f"{seconds // 3600}시간" if seconds >= 3600 else f"{seconds // 60}분"
            raise TooMany(f"문자를 너무 여러 번 보냈습니다. {when} 뒤에 다시 해 주세요.")


def _message_key(code: PhoneCode) -> str:
    return f"sign-in-code:{code.pk}"


def check_code(code_id: str, digits: str) -> PhoneCode:
    """The code, used up now. WrongCode if it is wrong, old, used, or was tried too often."""
    live = PhoneCode.objects.filter(pk=code_id, used_at=None)
    # The try is counted before it is looked at: many at once get no more tries than one by one.
    if not live.filter(expires_at__gt=timezone.now(), tries__lt=TRIES).update(tries=F("tries") + 1):
        raise WrongCode("이 인증번호는 더 쓸 수 없습니다. 새 번호를 받아 주세요.")
    code = live.first()
    if code is None or not hmac.compare_digest(code.code_hash, _hash(code, digits)):
        raise WrongCode("인증번호가 맞지 않습니다. 문자로 받은 6자리를 다시 적어 주세요.")
    code.used_at = timezone.now()
    if not live.update(used_at=code.used_at):
        raise WrongCode("이 인증번호는 이미 썼습니다. 새 번호를 받아 주세요.")
    return code


def text_of(code: PhoneCode) -> str:
    """The text message that carried it, for the demo's page."""
    message = Message.objects.filter(key=_message_key(code)).first()
    return message.text if message else ""
