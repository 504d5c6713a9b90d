"""A mailbox of somebody else: each mail holds the signed note, and its server the time."""

from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage

from . import Shown, Witness

WORDS = """{city} 개인정보 기록 장부의 확인표입니다. 지우지 말고 보관해 주세요.
나중에 누군가 장부를 고치면, 이 메일과 맞지 않아 드러납니다.

{note}"""


def show(witness: Witness, shown: Shown) -> str:
    message_id = make_msgid("ledger", domain="portal.invalid")
    EmailMessage(
        subject=f"장부 확인표 {shown.checkpoint.size} ({shown.checkpoint.at:%Y-%m-%d %H:%M} UTC)",
        body=WORDS.format(city=settings.CITY_NAME, note=shown.note),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[witness.address.partition(":")[2]],
        headers={"Message-ID": message_id},
    ).send()
    return message_id
