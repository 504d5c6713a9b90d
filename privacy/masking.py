"""How personal data looks to those who need only to recognise it. Pure."""

import re

STAR = "*"


def masked_name(name: str) -> str:
    """홍길동 → 홍*동, 이영 → 이*, 남궁은하수 → 남***수. The number of letters stays."""
    if len(name) <= 1:
        return STAR * len(name)
    if len(name) == 2:
        return name[0] + STAR
    return name[0] + STAR * (len(name) - 2) + name[-1]


def masked_phone(phone: str) -> str:
    """010-1234-5678 and +821012345678 → 010-****-5678. Only the last four digits and the kind of number stay."""
    digits = re.sub(r"\D", "", phone)
    if phone.strip().startswith("+82"):
        digits = "0" + digits[2:]
    if len(digits) < 8:
        return STAR * len(digits)
    area = 2 if digits.startswith("02") else 3
    return f"{digits[:area]}-{STAR * (len(digits) - area - 4)}-{digits[-4:]}"


def masked_address(address: str) -> str:
    """경상남도 진주시 문산읍 동부로 12, 101호 → 경상남도 진주시 문산읍 ***. What is narrower than a 읍면동 goes."""
    kept = []
    for word in address.split():
        if re.search(r"[가-힣](로|길|리)$|\d", word):
            break
        kept.append(word)
        if re.search(r"[가-힣](읍|면|동)$", word):
            break
    return " ".join([*kept[:4], STAR * 3]) if address.strip() else ""


def masked_birth_date(birth_date: str) -> str:
    """1950-03-01 → 1950-**-**."""
    return (
        f"{birth_date[:4]}-**-**" if re.fullmatch(r"\d{4}-\d\d-\d\d", birth_date) else STAR * len(birth_date)
    )
