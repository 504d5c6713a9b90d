"""Five statutory items, and nothing is shown that could not be recorded."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import Error, connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from people.models import Resident
from privacy import access
from privacy.access import Action, NotRecorded, record, reveal
from privacy.address import client_address
from privacy.middleware import FailClosedMiddleware
from privacy.models import AccessRecord
from tests import make


def request_of(user=None, **meta: str) -> HttpRequest:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", **meta)
    request.user = user or AnonymousUser()
    return request


def residents(count: int) -> list[Resident]:
    return [Resident.objects.create(name=f"예시 {n}") for n in range(count)]


def break_the_record() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accessrecord RENAME TO lost")


def mend_the_record() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE lost RENAME TO privacy_accessrecord")


@pytest.fixture
def broken_record(transactional_db):
    break_the_record()
    yield
    mend_the_record()


@pytest.mark.django_db
def test_the_five_items() -> None:
    clerk, people = make.clerk(), residents(3)
    shown = reveal(request_of(clerk), Resident.objects.all(), "수리 신청 목록")
    assert {r.pk for r in shown} == {r.pk for r in people}
    (row,) = AccessRecord.objects.filter(action=Action.VIEW)
    assert row.identifier == clerk.username
    assert row.at is not None
    assert row.address == "192.0.2.7"
    assert set(row.subjects) == {f"people.resident:{r.pk}" for r in people}
    assert (row.action, row.detail, row.result) == ("view", "수리 신청 목록", "done")


@pytest.mark.django_db
def test_an_empty_list_shows_nobody() -> None:
    assert reveal(request_of(make.clerk()), Resident.objects.none(), "빈 목록") == []
    assert not AccessRecord.objects.filter(action=Action.VIEW).exists()


@pytest.mark.django_db
def test_the_system_and_strangers_have_a_name() -> None:
    assert record(None, Action.DELETE).identifier == access.SYSTEM
    assert record(request_of(), Action.VIEW).identifier == "?"


@pytest.mark.django_db
def test_who_saw_somebody_is_one_look_up() -> None:
    one, other = residents(2)
    reveal(request_of(make.clerk()), [one], "한 사람")
    assert AccessRecord.objects.filter(subjects__contains=[access.subject(one)]).count() == 1
    assert not AccessRecord.objects.filter(subjects__contains=[access.subject(other)]).exists()


def test_nothing_is_shown_without_a_record(broken_record) -> None:
    people = residents(1)
    with pytest.raises(NotRecorded):
        reveal(request_of(), people, "목록")


def test_a_deed_that_cannot_be_recorded_does_not_happen(broken_record) -> None:
    with pytest.raises(NotRecorded), transaction.atomic():
        residents(1)
        record(None, Action.CREATE)
    assert not Resident.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_page_is_never_shown_from_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        reveal(request_of(), residents(1), "목록")


def test_what_the_person_is_told() -> None:
    response = FailClosedMiddleware(lambda request: None).process_exception(request_of(), NotRecorded("x"))
    assert response.status_code == 503
    assert "개인정보를 보여 드릴 수 없습니다" in response.content.decode()
    assert FailClosedMiddleware(lambda request: None).process_exception(request_of(), ValueError()) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE privacy_accessrecord SET detail = 'x'", "DELETE FROM privacy_accessrecord"]
)
def test_records_are_not_changed_or_deleted(statement: str) -> None:
    record(None, Action.VIEW)
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        AccessRecord.objects.all().delete()


@pytest.mark.django_db
def test_after_two_years_a_record_may_go() -> None:
    record(None, Action.VIEW)
    old = AccessRecord(
        at=timezone.now() - timedelta(days=732), identifier="old", subjects=[], action=Action.VIEW
    )
    old.seal()
    old.save()
    assert AccessRecord.objects.filter(identifier="old").delete()[0] == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "192.0.2.7"),
        (0, "198.51.100.1", "192.0.2.7"),  # whoever sends this header is not believed
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "", "192.0.2.7"),
        (1, "nonsense", None),
    ],
)
def test_the_address_is_counted_from_our_side(
    settings, proxies: int, forwarded: str, expected: str | None
) -> None:
    settings.TRUSTED_PROXIES = proxies
    meta = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(request_of(**meta)) == expected
