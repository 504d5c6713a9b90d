"""Numbers as Korean says them: Sino-Korean (일, 이), native before some counters (한, 두), digit by digit."""

DIGITS = "영일이삼사오육칠팔구"
PLACES = ["", "십", "백", "천"]
MYRIADS = ["", "만", "억", "조", "경"]
TENS = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
# The shape before a counter: 한 명, 두 명, 스무 명.
ONES = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]


def sino(number: str) -> str:
    """1500 → 천오백, 3.5 → 삼 점 오, 0 → 영. Digit by digit when too long for a name, or starting with 0."""
    whole, _, fraction = number.partition(".")
    if (len(whole) > 1 and whole[0] == "0") or len(whole) > 4 * len(MYRIADS):
        name = by_digit(whole)
    else:
        name = whole_number(int(whole))
    return f"{name} 점 {by_digit(fraction, zero='영')}" if fraction else name


def whole_number(number: int) -> str:
    parts = []
    for myriad in MYRIADS:
        number, four = divmod(number, 10_000)
        if four:
            name = four_digits(four)
            # 10,000 is 만, yet 100,000,000 is 일억.
            parts.append("만" if (name, myriad, number) == ("일", "만", 0) else name + myriad)
    return "".join(reversed(parts)) or DIGITS[0]


def four_digits(number: int) -> str:
    """1 to 9,999. One ten is 십, not 일십."""
    name = ""
    for place, digit in zip(reversed(PLACES), f"{number:04}", strict=True):
        if digit != "0":
            name += ("" if digit == "1" and place else DIGITS[int(digit)]) + place
    return name


def native(number: int) -> str:
    """1 to 99 as said before a counter: 1 → 한, 20 → 스무, 21 → 스물한."""
    tens, ones = divmod(number, 10)
    return "스무" if number == 20 else TENS[tens] + ONES[ones]


def by_digit(digits: str, zero: str = "공") -> str:
    """ "119" → "일일구", "055" → "공오오"."""
    return "".join(zero if d == "0" else DIGITS[int(d)] for d in digits)
