"""Phone numbers in one spelling. Pure but for the index key."""

import phonenumbers
from phonenumbers import PhoneNumberType

from privacy.keys import blind_index


class NotAPhone(ValueError):
    """Not a Korean phone number; its text says in Korean what to type."""


def normalised(text: str) -> str:
    """E.164 of a Korean number however it was typed. NotAPhone if it is none."""
    try:
        number = phonenumbers.parse(text, "KR")
    except phonenumbers.NumberParseException:
        raise NotAPhone("전화번호를 다시 확인해 주세요. 예: 010-1234-5678") from None
    if number.country_code != 82 or not phonenumbers.is_valid_number(number):
        raise NotAPhone("전화번호를 다시 확인해 주세요. 예: 010-1234-5678")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mobile(text: str) -> str:
    """Like `normalised`, and one that can get a text message. NotAPhone if it cannot."""
    phone = normalised(text)
    if phonenumbers.number_type(phonenumbers.parse(phone)) != PhoneNumberType.MOBILE:
        raise NotAPhone("집 전화로는 문자를 받을 수 없습니다. 휴대전화 번호를 적어 주세요.")
    return phone


def is_mobile(phone: str) -> bool:
    """Whether an E.164 number can get a text message."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(phone)) == PhoneNumberType.MOBILE
    except phonenumbers.NumberParseException:
        return False


def phone_index(phone: str) -> str:
    """Blind index of an E.164 number: the same for users, residents and codes."""
    return blind_index("phone", phone)


def national(phone: str) -> str:
    """+821012345678 → 010-1234-5678, as people write it."""
    return phonenumbers.format_number(phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.NATIONAL)
