"""Text as Korean reads it aloud: what is typed short is written out, for a voice that knows no more.

For the ear only; the text that people see stays as it was typed. A table of rules, from top to bottom:
what an earlier one has written out, a later one no longer sees.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from re import Match

from broadcast.voice.numerals import by_digit, native, sino
from broadcast.voice.sounds import JOINED, as_heard
from broadcast.voice.written import (
    ABBREVIATIONS,
    AFTER_COUNTER,
    DAYS,
    EMERGENCY,
    LETTERS,
    MONTHS,
    NATIVE_COUNTERS,
    NET_ENDS,
    NET_SIGNS,
    RATES,
    UNITS,
)


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of them, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


NUMBER = r"(?<!\d)(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
UNIT = one_of(UNITS)
RATE = one_of(RATES)
COUNTER = one_of(NATIVE_COUNTERS)
ABBREVIATION = one_of(ABBREVIATIONS)
YEAR, MONTH, DAY = r"(\d{4}|'\d{2})", r"(1[0-2]|0?[1-9])", r"(3[01]|[12]\d|0?[1-9])"
MARKS = "○●◎◦□■◇◆▶▷►◀◁※★☆✔❍→⇒"


def as_read(text: str) -> str:
    """What a person says who reads `text` aloud, in Hangul, as it is heard (합니다 → 함니다); Latin words that are no
    abbreviation stay."""
    return re.sub(" +", " ", as_heard(_in_letters(text))).strip()


def spelled_out(text: str) -> str:
    """The same before sounds change, for a person to look at: numbers and signs as they will be said (3시 → 세 시)."""
    return re.sub(" +", " ", _in_letters(text).replace(JOINED, " ")).strip()


def _in_letters(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    for pattern, said in RULES:
        text = pattern.sub(said, text)
    return text


def phone(m: Match[str]) -> str:
    """055-749-2114 → 공오오, 칠사구에 이일일사: a breath after the area, 에 before the last four."""
    area, middle, last = m["area"], m["middle"], m["last"]
    start = f"{by_digit(area)}, " if area else ""
    return f" {start}{by_digit(middle)}에 {by_digit(last)}"


def date(m: Match[str]) -> str:
    """Year (or none), month, day in figures."""
    *year, month, day = m.groups()
    said = [f"{sino(year[0].strip(chr(39)))}년"] if year and year[0] else []
    return " ".join([*said, month_name(month), f"{sino(str(int(day)))}일"]) + " "


def month_name(month: str) -> str:
    return MONTHS.get(int(month)) or f"{sino(str(int(month)))}월"


def clock(m: Match[str]) -> str:
    """15:30 → 십오 시 삼십 분, 9:00 → 아홉 시."""
    hour, minute = m.groups()
    return counted(str(int(hour)), "시") + (f" {sino(str(int(minute)))}{JOINED}분" if int(minute) else "")


def spread(m: Match[str]) -> str:
    """1~2시 → 1시에서 2시: the unit is said twice, so that each number is read as its unit wants."""
    return f"{m[1]}{m[3]}에서 {m[2]}{m[3]}"


def counted(number: str, counter: str) -> str:
    """Native numerals up to where people still use them with this counter, Sino-Korean beyond."""
    number = number.replace(",", "")
    if number.isdigit() and 1 <= int(number) <= NATIVE_COUNTERS[counter]:
        return ("첫" if (number, counter) == ("1", "번째") else native(int(number))) + JOINED + counter
    return sino(number) + JOINED + counter


def often(m: Match[str]) -> str:
    """하루 3번 → 하루 세 번, where 3번 출구 is 삼 번."""
    number = int(m[2])
    return f"{m[1]} {native(number) if 1 <= number <= 20 else sino(m[2])}{JOINED}번".lstrip()


def myriads(m: Match[str]) -> str:
    """3만원 → 삼만 원, 1천원 → 천 원, but 1억 → 일억."""
    number = "" if m[1] == "1" and m[2] not in ("억", "조") else plain(m[1])
    return number + m[2] + JOINED


def net_address(m: Match[str]) -> str:
    """www.jinju.go.kr/a → 더블유더블유더블유 점 jinju 점 지오 점 케이알 슬래시 a."""
    words = [
        NET_ENDS.get(word.lower(), NET_SIGNS.get(word, word))
        for word in re.split(r"([./-])", m[0].rstrip("/."))
    ]
    return " ".join(words)


def plain(number: str) -> str:
    return sino(number.replace(",", ""))


# One line of the table: what is typed, and how it is said.
Rule = tuple[re.Pattern[str], Callable[[Match[str]], str] | str]


def rule(pattern: str, said: Callable[[Match[str]], str] | str) -> Rule:
    return re.compile(pattern), said


RULES: list[Rule] = [
    # What has no sound, and signs that come in many shapes.
    rule("[\u200b-\u200f\u2060\ufeff\ufe0f]", ""),
    rule("[∼〜～]", "~"),
    rule("[–—−]", "-"),
    rule(rf"(?m)^\s*(?:[-*·•ㅇ{MARKS}]+|o)\s+", ""),
    rule("☎|☏", " 전화 "),
    rule(f"[{MARKS}\U0001f000-\U0001faff☀-➿]", " "),
    rule(r"\(주\)", "주식회사 "),
    rule(r"[^\S\n]*\n\s*", "\n"),
    rule(r"(?i)\bpm ?(2\.5|10)(?![\d.])", lambda m: ABBREVIATIONS[f"pm{m[1]}"]),
    # Addresses of the net and of houses.
    rule(r"(?i)https?://", ""),
    rule(r"(?i)(?<=[a-z0-9])@(?=[a-z0-9])", " 골뱅이 "),
    rule(r"(?i)\b(?:[a-z][a-z0-9-]*\.)+(?:kr|com|net|org|io)\b(?:/[\w./-]*)?", net_address),
    rule(r"(?<=[리동가로길]) ?(\d{1,4})-(\d{1,4})(?![\d-]|[분일월년세호층원도회인명])", r" \1다시 \2"),
    rule(r"(?<=[^\s.,!?:])\n", ".\n"),
    # Phone numbers.
    rule(
        r"(?<![\d-])(?:\(?(?P<area>0\d{1,2})\)?[-. )]{1,2})?(?P<middle>\d{3,4})[-.](?P<last>\d{4})(?![\d-])",
        phone,
    ),
    rule(r"(?<![\d-])(?P<area>01\d)(?P<middle>\d{3,4})(?P<last>\d{4})(?!\d)", phone),
    rule(r"(?<![\d-])(?P<area>)(?P<middle>1[56]\d\d)(?P<last>\d{4})(?!\d)", phone),
    rule(
        rf"(?<![\d.,:/~-])({'|'.join(EMERGENCY)})(?![\d:~%/a-zA-Z-]|[.,]\d|\s?(?:{UNIT}|{COUNTER}))"
        rf"(?=번|[^가-힣]|$|{AFTER_COUNTER}|신고|구급|상담|콜)",
        lambda m: by_digit(m[1]),
    ),
    rule(r"(?<![\d-])(0\d{1,2})-(1\d\d)(?![\d-])", lambda m: f"{by_digit(m[1])}에 {by_digit(m[2])}"),
    # Dates and times.
    rule(r"(?<!\d)(3·1|4·19|5·18|6·25|8·15)(?!\d)", lambda m: by_digit(m[1].replace("·", ""))),
    rule(
        r"(?<!\d)(3|4|5|6|8)[.·](1|19|18|25|15)(?=\s?(?:절|운동|혁명|전쟁|광복|민주|참전))",
        lambda m: by_digit(m[1] + m[2]),
    ),
    rule(rf"(?<!\d){YEAR}\s?[-./]\s?{MONTH}\s?[-./]\s?{DAY}\.?(?!\d)", date),
    rule(rf"(?<![\d.]){MONTH}\.\s?{DAY}\.(?!\d)", date),
    rule(rf"(?<![\d.]){MONTH}[./]\s?{DAY}(?=\s*\([{DAYS}]\)|\s*(?:까지|부터|~))", date),
    rule(rf"(?<![\d./])(?!\d/[2-9]\b){MONTH}/{DAY}(?![\d/])", date),
    rule(rf"\(([{DAYS}])\)(?![가-힣])", r" \1요일 "),
    rule(rf"\(([{DAYS}])\)", r" \1요일"),
    rule(r"(\d[시일월년])(?=\d)", r"\1 "),
    rule(r"(?<!\d)(1[0-2]|[1-9])\s?~\s?(?=(?:1[0-2]|[1-9])월)", r"\1월에서 "),
    rule(
        r"(?<!\d)(1[0-2]|0?[1-9])\s?월(?=$|[^가-힣]|[은의에말초중까부이과도]|하순|상순)",
        lambda m: month_name(m[1]),
    ),
    rule(r"(?<![\d:])(2[0-4]|[01]?\d):([0-5]\d)(?![\d:])", clock),
    rule(r"(?<!\d)(\d)/(\d{1,2})(?!\d)", lambda m: f"{sino(m[2])}분의 {sino(m[1])}"),
    # From … to.
    rule(rf"({NUMBER})\s?~\s?({NUMBER})\s?({UNIT}|[가-힣]+)", spread),
    rule(
        rf"({NUMBER})-({NUMBER})\s?({COUNTER}|{UNIT}|[분일월년세호층원도회인])(?={AFTER_COUNTER}|[^가-힣]|$)",
        spread,
    ),
    rule(r"(\d)-(\d+)\s?(번지|번)", r"\1다시 \2\3"),
    rule(r"(?i)\bd-(?=\d)", "디 마이너스 "),
    rule(r"\s?~\s?(?=$|[\n,.)]|까지)", "부터 "),
    rule(r"(?m)(^|\s|\()~\s?", r"\1"),
    rule(r"\s?~\s?", "에서 "),
    # Numbers with what they count.
    rule(rf"(?<![\d.])-({NUMBER})\s?(?:°C|도)", lambda m: f"영하 {plain(m[1])}{JOINED}도"),
    rule(r"(?<![\w-])-(?=\d)", "마이너스 "),
    rule(
        rf"({NUMBER})\s?({RATE})(?![a-zA-Z])",
        lambda m: f"{RATES[m[2]][0]} {plain(m[1])}{JOINED}{RATES[m[2]][1]}",
    ),
    rule(rf"({NUMBER})\s?({UNIT})(?![a-zA-Z])", lambda m: f"{plain(m[1])}{JOINED}{UNITS[m[2]]}"),
    rule(r"((?:하루|매일|일주일|한 달|[월주])에?) (\d+)\s?번(?!째)", often),
    rule(r"()(?<![\d.,])(\d+)\s?번(?=\s?(?:이상|정도|이나|씩|반복|더|만))", often),
    rule(r"(?<!\d)([12]0)대(?= ?(?:[남여]|청|학생|주민|\d+명))", lambda m: f"{sino(m[1])}{JOINED}대"),
    rule(rf"({NUMBER})\s?({COUNTER})(?=$|[^가-힣]|{AFTER_COUNTER})", lambda m: counted(m[1], m[2])),
    rule(rf"({NUMBER})\s?([천백십]?[만억조]|천|백)(?=\s?[원명여개톤평마그]|[^가-힣]|$)", myriads),
    rule(rf"({NUMBER})(?=[가-힣])", lambda m: plain(m[1]) + JOINED),
    rule(rf"(?i)(?:\bno\.\s?)?({NUMBER})", lambda m: plain(m[1])),
    # Latin letters.
    rule(rf"(?i)(?<![a-z])({ABBREVIATION})(?![a-z])", lambda m: ABBREVIATIONS[m[1].lower()]),
    rule(r"(?<![A-Za-z])[A-Z]{1,6}(?![A-Za-z])", lambda m: "".join(LETTERS[c] for c in m[0])),
    # Signs.
    rule(r"""["'“”‘’`*_#^=]+""", ""),
    rule(r"(?<=\S)[)\]}>〉》」』】]+(?=[가-힣])", ""),
    rule(r"[()\[\]{}<>〈〉《》「」『』【】|;]+", ", "),
    rule(r"(?<=[가-힣])\s?[/·ㆍ:]\s?(?=[가-힣])|(?<=[가-힣])\s?:\s", ", "),
    rule(r"\s?&\s?", " 앤드 "),
    rule(r"\s?\+\s?", " 더하기 "),
    rule(r"[^\S\n]+", " "),
    rule(r"\s*,(?:\s*,)+\s*", ", "),
    rule(r"\s+(?=[.,!?])|^[\s,]+", ""),
    rule(r",\s*(?=[.!?])|[,\s]+$", ""),
]
