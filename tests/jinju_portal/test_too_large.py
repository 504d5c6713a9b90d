"""Bodies longer than any page there takes: refused by their length, in words that fit what was sent."""

import pytest
from django.test import Client

MB = 1024**2


def sent(path: str, announced: int, accept: str = "text/html") -> tuple[int, str]:
    answer = Client().generic("POST", path, b"", CONTENT_LENGTH=str(announced), headers={"accept": accept})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("path", "most", "words"),
    [
        ("/repair/apply/", 50, "모두 합쳐 50MB보다 작아야 합니다"),
        ("/broadcast/new/", 20, "20MB보다 작은 파일만"),
        ("/people/sign-in/", 20, "20MB보다 작은 파일만"),
    ],
)
def test_each_page_has_its_bound(path: str, most: int, words: str) -> None:
    status, page = sent(path, (most + 1) * MB + 1)
    assert status == 413
    assert words in page
    assert ("녹음" in page) == (not path.startswith("/repair/"))


def test_one_file_too_many_is_said_to_a_program_too() -> None:
    status, answer = sent("/repair/visits/", 60 * MB, "application/json")
    assert status == 413
    assert "50MB" in answer


@pytest.mark.django_db
def test_what_fits_goes_on(settings) -> None:
    settings.PAPER_MAX_BYTES = MB
    assert sent("/repair/nowhere/", 6 * MB)[0] != 413
    assert sent("/repair/nowhere/", 6 * MB + 1)[0] == 413
    settings.PAPER_MAX_BYTES = 20 * MB
    assert sent("/broadcast/nowhere/", 22 * MB)[0] == 413
