"""What is one household and what is not, by its spelling; and which addresses are in Jinju."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from people.places import districts, legal_areas
from repair.household import MOST, is_in_jinju, normalised

AREAS = {place["name"] for place in [*districts(), *legal_areas()]}

HOME = ("동부로 12", "101동 202호")
LOT = ("문산읍 상문리 123-4", "")
BRANCH = ("진주대로816번길 5", "")
#: One of `HOME`, `LOT`, `BRANCH` …, and another way to write it.
SAME = [
    (HOME, ("동부로 12", "101-202")),
    (HOME, ("동부로 12", "１０１동２０２호")),
    (HOME, ("동부로 12", "101동202호")),
    (HOME, ("동부로 12", "101동 - 202호")),
    (HOME, ("동부로 12", "101-202호")),
    (HOME, ("동부로 12", "101 - 202")),
    (HOME, ("동부로 12", "101–202")),
    (HOME, ("동부로 12", "101/202")),
    (HOME, ("동부로 12", "101 202")),
    (HOME, ("동부로 12", "101동 202")),
    (HOME, ("동부로 12", "제101동 제202호")),
    (HOME, ("동부로 12", "101 동 202 호실")),
    (HOME, ("동부로 12", "0101동 0202호")),
    (HOME, ("동부로 12", "101동 2층 202호")),
    (HOME, ("동부로12", "101동 202호")),
    (HOME, ("동부로 12번", "101동 202호")),
    (HOME, ("동부로 12, 101동 202호", "")),
    (HOME, ("동부로 12 101-202", "")),
    (HOME, ("동부로 12, 101동 202호", "101동 202호")),
    (HOME, ("동부로 12, 101동", "202호")),
    (HOME, ("동부로 12, 101-202", "101동 202호")),
    (HOME, ("동부로 12 (101동 202호)", "")),
    (HOME, ("동부로 12, 101동 202호 (상평동, 무지개아파트)", "")),
    (HOME, ("동부로 12 (상평동, 무지개아파트)", "101동 202호")),
    (HOME, ("동부로 12 (하대1동)", "101동 202호")),
    (HOME, ("동부로 12 무지개아파트 101동 202호", "")),
    (HOME, ("동부로 12 무지개 아파트 101동 202호", "")),
    (HOME, ("동부로 12 무지개APT101동202호", "")),
    (HOME, ("문산읍 동부로 12", "101동 202호")),
    (HOME, ("문산읍동부로12", "101동 202호")),
    (HOME, ("상평동 동부로 12", "101동 202호")),
    (HOME, ("경상남도 진주시 문산읍 동부로 12", "101동 202호")),
    (HOME, ("경남 진주시 동부로 12", "101동 202호")),
    (HOME, ("경상남도진주시동부로12", "101동 202호")),
    (HOME, ("진주 동부로 12", "101동 202호")),
    (HOME, ("(52725) 경남 진주시 동부로 12", "101동 202호")),
    (HOME, ("52725 진주시 동부로 12", "101동 202호")),
    (HOME, ("  진주시\n동부로  12. ", " 101동,202호 ")),
    (HOME, (unicodedata.normalize("NFD", "진주시 동부로 12"), unicodedata.normalize("NFD", "101동 202호"))),
    (BRANCH, ("진주대로 816번길 5", "")),
    (BRANCH, ("진주시 진주대로 816 번길 5", "")),
    (BRANCH, ("진주대로816번길5", "")),
    (LOT, ("경남 진주시 문산읍 상문리 123번지의 4", "")),
    (LOT, ("문산읍상문리123-4", "")),
    (LOT, ("문산읍 상문리 123 - 4 번지", "")),
    (LOT, ("문산읍 상문리 123-4번지 (삼일빌라)", "")),
    (("상평동 12", ""), ("진주시 상평동 12번지", "")),
    (("상평동 12", ""), ("(상평동) 12번지", "")),
    (("상평동 산 12-3", ""), ("진주시 상평동 산12-3번지", "")),
    (("계동 12", ""), ("경남 진주시 계동 12번지", "")),
    (("동부로 12", "302호"), ("동부로 12", "3층 302호")),
    (("동부로 12", "202"), ("동부로 12 202호", "")),
    (("동부로 12", "3층"), ("동부로 12, 3F", "")),
    (("동부로 12", "지하"), ("동부로 12", "B1층")),
    (("동부로 12", "지하 1층"), ("동부로 12 반지하", "")),
    (("동부로 12", "가동 101호"), ("동부로 12", "가-101")),
    (("동부로 12", "A동 101호"), ("동부로 12 a동101호", "")),
    (("동부로 12", "B101호"), ("동부로 12", "b101 호")),
    (("동부로 12", "안채 작은방"), ("동부로 12 안채작은방", "")),
    (("상평동 무지개아파트", "101동 202호"), ("진주시 상평동 무지개 아파트 101-202", "")),
]
DIFFERENT = [
    (HOME, ("동부로 12", "101동 203호")),
    (HOME, ("동부로 12", "102동 202호")),
    (HOME, ("동부로 12", "202호")),
    (HOME, ("동부로 12", "")),
    (HOME, ("동부로 12", "101동 2202호")),
    (HOME, ("동부로 12-1", "101동 202호")),
    (HOME, ("동부로 121", "01동 202호")),
    (HOME, ("동부로 1", "2101동 202호")),
    (HOME, ("남부로 12", "101동 202호")),
    (HOME, ("동부대로 12", "101동 202호")),
    (HOME, ("통영시 동부로 12", "101동 202호")),
    (HOME, ("동부로 12번길 101", "202호")),
    (HOME, ("동부로 12 지하", "101동 202호")),
    (("동부로 12 3", ""), ("동부로 123", "")),
    (("동부로 12 3", ""), ("동부로 12-3", "")),
    (("동부로12번길 3", ""), ("동부로12길 3", "")),
    (("동부로12번길 3", ""), ("동부로12번가길 3", "")),
    (("동부로 12", "1층"), ("동부로 12", "2층")),
    (("동부로 12", "1층"), ("동부로 12", "지하 1층")),
    (("동부로 12", "지하 1층"), ("동부로 12", "지하 2층")),
    (("동부로 12", "2층"), ("동부로 12", "2호")),
    (("동부로 12", "2층 3호"), ("동부로 12", "3층 3호")),
    (("동부로 12", "101호"), ("동부로 12", "B101호")),
    (("동부로 12", "가동 101호"), ("동부로 12", "나동 101호")),
    (("동부로 12", "안채"), ("동부로 12", "별채")),
    (("동부로 12", ""), ("동부로 지하 12", "")),
    (LOT, ("문산읍 상문리 123-5", "")),
    (LOT, ("문산읍 상문리 123", "4호")),
    (LOT, ("문산읍 소문리 123-4", "")),
    (LOT, ("문산읍 상문리 산 123-4", "")),
    (("미천면 효자리 12", ""), ("수곡면 효자리 12", "")),
    (("상평동 12", ""), ("하대동 12", "")),
    (("(상평동) 12번지", ""), ("(하대동) 12번지", "")),
    (("진주대로 12", ""), ("대로 12", "")),
    (("상평동 무지개아파트 101동 202호", ""), ("상평동 장미아파트 101동 202호", "")),
    (("상평동 무지개아파트 101동 202호", ""), ("하대동 무지개아파트 101동 202호", "")),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_household(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert normalised(*one) == normalised(*other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_households(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert normalised(*one) != normalised(*other)


def test_the_table_is_as_long_as_promised() -> None:
    assert len(SAME) >= 40
    assert len(DIFFERENT) >= 25


@pytest.mark.parametrize("spelling", [*(pair[1] for pair in SAME), *(pair[1] for pair in DIFFERENT)])
def test_is_its_own_spelling(spelling: tuple[str, str]) -> None:
    once = normalised(*spelling)
    assert once
    assert normalised(once, "") == once


def test_reads_as_an_address() -> None:
    assert (
        normalised("경상남도 진주시 문산읍 동부로 12, 101-202 (무지개아파트)", "") == "동부로 12 101동 202호"
    )
    assert normalised("진주시 문산읍 상문리 123번지의 4", "지하") == "문산읍상문리 123-4 지하1층"


def test_nothing_is_nothing() -> None:
    assert normalised("", "") == normalised(" ,. ", "()") == ""


#: Words of addresses, so that chance finds more than noise.
WORDS = """진주시 경남 통영시 문산읍 상평동 상문리 동부로 진주대로 816번길 길 로 산 12 12-3 101동 202호 101-202 1 0 -
    번지 의 3층 b1 지하 반지하 가동 a동 b101호 아파트 무지개 빌라 안채 제 ( ) , / ㎡ ① ß İ 5f 52725"""
words = st.sampled_from(WORDS.split())
spaced = st.lists(st.tuples(words, st.sampled_from(["", " ", "  "])), max_size=12).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@given(st.one_of(st.text(), spaced), st.one_of(st.text(max_size=40), spaced))
@example("가" * 5000 + " 1", "1" * 5000)
@example("( " * 3000, ") " * 3000)
@example("ﷺ" * 400, "")
def test_any_text_has_one_spelling(address: str, unit: str) -> None:
    once = normalised(address, unit)
    assert len(once) <= MOST
    assert normalised(once, "") == once
    assert once == once.strip()
    assert is_in_jinju(address, AREAS) in (True, False, None)


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("경상남도 진주시 동부로 12", True),
        ("경남진주시동부로12", True),
        ("진주시 상평동 12", True),
        ("진주 동부로 12", True),
        ("(52725) 진주시 동부로 12", True),
        ("문산읍 동부로 12", True),
        ("문산읍상문리 123-4", True),
        ("상평동123-4", True),
        ("동부로 12 (상평동, 무지개아파트)", True),
        ("경남 미천면 효자리 12", True),
        ("계동 12", True),
        ("경상남도 통영시 중앙로 1", False),
        ("통영시 진주대로 1", False),
        ("통영 중앙로 1", False),
        ("사천시 사천읍 12", False),
        ("서울특별시 종로구 세종대로 1", False),
        ("서울 종로구 세종대로 1", False),
        ("경기도 수원시 팔달구 1", False),
        ("부산광역시 진구 1", False),
        ("경남 창원시 마산합포구 3·15대로 1", False),
        ("산청군 산청읍 1", False),
        ("대전 상대동 12", False),  # named after its city, though there is one here
        ("제주특별자치도 제주시 1", False),
        ("동부로 12", None),
        ("진주대로 12", None),
        ("세종아파트 101호", None),
        ("세종 아파트 101호", None),
        ("", None),
        ("12", None),
    ],
)
def test_in_jinju(address: str, known: bool | None) -> None:
    assert is_in_jinju(address, AREAS) is known
