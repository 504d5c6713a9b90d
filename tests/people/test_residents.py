"""Residents are found again though nothing readable about them is stored."""

import pytest

from people.phones import NotAPhone
from people.residents import keep_resident, with_name_and_birth, with_phone

pytestmark = pytest.mark.django_db


def test_found_by_phone_however_it_is_typed() -> None:
    made = keep_resident(name="예시 주민", phone="010-9999-0001")
    assert list(with_phone("+82 10 9999 0001")) == [made]
    assert not with_phone("010-9999-0002").exists()


def test_found_by_name_and_birth_date() -> None:
    made = keep_resident(name="홍 길동", birth_date="1950-03-01")
    assert list(with_name_and_birth("홍길동", "1950-03-01")) == [made]
    assert not with_name_and_birth("홍길동", "1950-03-02").exists()


def test_a_change_moves_the_indexes() -> None:
    made = keep_resident(name="예시 주민", phone="010-9999-0001")
    keep_resident(made, name="예시 주민", phone="055-749-2114")
    assert not with_phone("010-9999-0001").exists()
    assert with_phone("0557492114").get() == made


def test_those_without_a_phone_are_not_each_other() -> None:
    keep_resident(name="예시")
    with pytest.raises(NotAPhone):
        with_phone("")
    assert not with_name_and_birth("예시", "").exists()


def test_a_resident_says_nothing_about_themselves_in_logs() -> None:
    assert "예시" not in str(keep_resident(name="예시 주민"))
