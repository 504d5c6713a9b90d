"""The public pages, without JavaScript; in a browser: tests/trips/test_ledger.py."""

from pathlib import Path

import pytest
from django.test import Client

from privacy import verify_ledger
from tests import make

from . import things

pytestmark = pytest.mark.django_db


def test_everybody_sees_the_checkpoints(client: Client) -> None:
    empty = client.get("/privacy/checkpoints/")
    assert (empty.status_code, "아직 확인표가 없습니다" in empty.content.decode()) == (200, True)
    assert client.get("/privacy/checkpoints/latest.txt").status_code == 404
    made = things.past(2, 3)
    page = client.get("/privacy/checkpoints/").content.decode()
    assert bytes(made[1].root).hex() in page
    assert things.keys()[0] in page
    note = client.get("/privacy/checkpoints/latest.txt")
    assert (note.content.decode(), note["Content-Type"]) == (made[1].note, "text/plain; charset=utf-8")


@pytest.mark.parametrize("checks", [1, 5])
def test_queries_do_not_grow(client: Client, checks: int, django_assert_max_num_queries) -> None:
    things.past(checks, 3)
    with django_assert_max_num_queries(6):
        client.get("/privacy/checkpoints/")


def test_the_program_is_the_one_that_is_tested(client: Client) -> None:
    got = client.get("/privacy/check/verify_ledger.py")
    assert b"".join(got.streaming_content) == Path(verify_ledger.__file__).read_bytes()


def test_the_check_page_says_what_to_do_without_a_script(client: Client) -> None:
    page = client.get("/privacy/check/").content.decode()
    assert "<noscript>" in page
    assert things.keys()[0] in page


def test_staff_see_them_too(client: Client) -> None:
    make.signed_in(client, make.clerk())
    assert client.get("/privacy/check/").status_code == 200
