"""A hundred of the ten thousand attacks of `make attack-ledger`: what is new in the ledger meets them here first."""

import pytest

from tests.attacks.ledger import run

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_hundred_attacks_are_found_and_located_and_nobody_else_accused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = run(100, seed=20261127)
    assert not wrong, capsys.readouterr().out
