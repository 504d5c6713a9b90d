"""Files sealed as bytes: they open where they belong, and nowhere else."""

import base64
import os

import pytest

from privacy.sealing import SealBroken, place, seal, seal_bytes, unseal, unseal_bytes

HERE, THERE = place("repair_paper", "file", "1"), place("repair_paper", "file", "2")


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff\xd8\xff", os.urandom(1_000_000)], ids=len)
def test_there_and_back(data: bytes) -> None:
    sealed = seal_bytes(data, HERE)
    assert unseal_bytes(sealed, HERE) == data
    assert len(data) < 16 or data not in sealed
    assert seal_bytes(data, HERE) != sealed  # a nonce of its own


def test_elsewhere_cut_changed_or_plain_it_does_not_open() -> None:
    sealed = seal_bytes(b"%PDF-1.7 what nobody else reads", HERE)
    changed = [sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in range(len(sealed))]
    for data in [*changed, sealed[:-1], sealed + b"\0", b"%PDF-1.7 plain, and long enough to be one", b""]:
        with pytest.raises(SealBroken):
            unseal_bytes(data, HERE)
    with pytest.raises(SealBroken):
        unseal_bytes(sealed, THERE)


def test_text_and_bytes_are_sealed_alike() -> None:
    assert unseal_bytes(seal("글", HERE), HERE) == "글".encode()
    assert unseal(seal_bytes("글".encode(), HERE), HERE) == "글"


def test_bytes_that_are_no_text_are_not_opened_as_text() -> None:
    with pytest.raises(SealBroken, match="not text"):
        unseal(seal_bytes(b"\xff\xd8\xff", HERE), HERE)


def test_a_key_that_is_gone(settings) -> None:
    settings.DATA_KEYS = "old:" + base64.b64encode(b"o" * 32).decode()
    sealed = seal_bytes(b"bytes", HERE)
    settings.DATA_KEYS = "new:" + base64.b64encode(b"n" * 32).decode()
    with pytest.raises(SealBroken, match="DATA_KEYS"):
        unseal_bytes(sealed, HERE)
