"""Keys come from settings, and a wrong one is named at once."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from privacy.keys import blind_index, ciphers, sealing_key

GOOD = base64.b64encode(b"a" * 32).decode()


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "k1",
        "k1:",
        f":{GOOD}",
        "k1:!!",
        "k1:YWJj",
        f"k1:{GOOD},k1:{GOOD}",
        f"한:{GOOD}",
        f"{'k' * 32}:{GOOD}",
    ],
)
def test_bad_keys_are_refused(settings, keys: str) -> None:
    settings.DATA_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        ciphers()


def test_no_demo_key_opens_anything_in_production(settings) -> None:
    settings.DATA_KEYS = f"new:{GOOD},demo-1:{GOOD}"
    assert len(ciphers()) == 2
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="demo-1"):
        ciphers()


def test_the_first_key_seals(settings) -> None:
    settings.DATA_KEYS = f"new:{GOOD}, old:{base64.b64encode(b'b' * 32).decode()}"
    assert sealing_key()[0] == b"new"
    assert set(ciphers()) == {b"new", b"old"}


def test_blind_indexes(settings) -> None:
    assert blind_index("phone", "+821012345678") == blind_index("phone", "+821012345678")
    assert blind_index("phone", "x") != blind_index("name", "x")
    assert blind_index("phone", "x") != blind_index("phone", "y")
    before = blind_index("phone", "x")
    settings.INDEX_KEY = "demo-" + GOOD
    assert blind_index("phone", "x") != before
    settings.INDEX_KEY = GOOD
    assert len(blind_index("phone", "x")) == 64
