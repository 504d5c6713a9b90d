"""The city with its canaries, for each test anew."""

import pytest

from .city import City


@pytest.fixture
def city(db: None) -> City:
    return City()
