"""What is masked can be recognised by who knows it, and learnt by nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.masking import masked_address, masked_birth_date, masked_name, masked_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [("홍길동", "홍*동"), ("이영", "이*"), ("남궁은하수", "남***수"), ("김", "*"), ("", "")],
)
def test_names(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("010-1234-5678", "010-****-5678"),
        ("+821012345678", "010-****-5678"),
        ("01012345678", "010-****-5678"),
        ("055-749-2114", "055-***-2114"),
        ("02-123-4567", "02-***-4567"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_phones(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("경상남도 진주시 문산읍 동부로 12, 101호", "경상남도 진주시 문산읍 ***"),
        ("진주시 상대동 33-1", "진주시 상대동 ***"),
        ("진주시 동진로 155", "진주시 ***"),
        ("경남 진주시 진성면 상촌리 12", "경남 진주시 진성면 ***"),
        ("", ""),
    ],
)
def test_addresses(address: str, shown: str) -> None:
    assert masked_address(address) == shown


def test_birth_dates() -> None:
    assert masked_birth_date("1950-03-01") == "1950-**-**"
    assert masked_birth_date("모름") == "**"


@given(st.text("가나다라마바사김이박", min_size=3, max_size=20))
def test_the_middle_of_a_name_never_shows(name: str) -> None:
    assert set(masked_name(name)[1:-1]) == {"*"}
    assert len(masked_name(name)) == len(name)


@given(st.from_regex(r"01[016789]-?[0-9]{3,4}-?[0-9]{4}", fullmatch=True))
def test_only_four_digits_of_a_phone_show(phone: str) -> None:
    digits = phone.replace("-", "")
    shown = masked_phone(phone)
    assert shown.endswith(digits[-4:])
    assert sum(letter.isdigit() for letter in shown) == 7
    assert shown.count("*") == len(digits) - 7


@given(st.text(max_size=100))
def test_no_digit_of_an_address_shows(address: str) -> None:
    assert not any(letter in "0123456789" for letter in masked_address(address))
