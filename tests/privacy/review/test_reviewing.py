"""A month's review: begun, asked about, explained, judged by somebody who is no operator, finished."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import Message, RoleGrant, User
from privacy.access import subject
from privacy.models import Finding, Review
from privacy.review import reviewing
from tests import make, make_learning, make_repair
from tests.privacy.ledger import things
from tests.privacy.mine.test_requests import officer

pytestmark = pytest.mark.django_db


def last_month() -> date:
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def clerk() -> User:
    """Who looked at somebody night after night."""
    made = make.clerk(phone="+821099997401")
    for night in range(3):
        at = timezone.make_aware(datetime(last_month().year, last_month().month, 10 + night, 23))
        things.written(4, at, identifier=made.username, subjects=[subject(make_learning.learner())])
    return made


@pytest.fixture
def desk() -> Client:
    return make.signed_in(Client(), officer())


def begun(desk: Client) -> Review:
    desk.post("/privacy/reviews/", {"month": last_month().isoformat()})
    return Review.objects.get()


def test_the_whole_way(desk: Client, clerk: User) -> None:
    assert "점검 시작" in desk.get("/privacy/reviews/").content.decode()
    review = begun(desk)
    assert begun(desk) == review
    nights = list(review.findings.filter(kind="night"))
    assert len(nights) == 3 and {one.identifier for one in nights} == {clerk.username}
    page = f"/privacy/reviews/{review.pk}/"
    assert "밤과 쉬는 날" in desk.get(page).content.decode()
    desk.post(page)
    assert "더 판단해야" in desk.get(page).content.decode()
    one = nights[0]
    address = f"/privacy/reviews/findings/{one.pk}/"
    assert "목록" in desk.get(address).content.decode()
    for _ in range(2):
        desk.post(f"{address}ask/")
    assert [m.template for m in Message.objects.all()] == ["privacy_explain"]
    theirs = make.signed_in(Client(), clerk)
    assert "근무 시간이 아닌 때 연 까닭" in theirs.get("/privacy/explain/").content.decode()
    assert theirs.post(f"/privacy/explain/{one.pk}/", {"words": ""}).status_code == 422
    assert theirs.post(f"/privacy/explain/{one.pk}/", {"words": "산불 당직이었습니다"}).status_code == 302
    assert theirs.post(f"/privacy/explain/{one.pk}/", {"words": "또"}).status_code == 422
    assert (
        make.signed_in(Client(), make.clerk()).post(f"/privacy/explain/{one.pk}/", {"words": "x"}).status_code
        == 404
    )
    assert "산불 당직이었습니다" in desk.get(address).content.decode()
    assert desk.post(address, {"result": "fine"}).status_code == 422
    for each in review.findings.all():
        desk.post(f"/privacy/reviews/findings/{each.pk}/", {"result": "fine", "words": "당직"})
    desk.post(page)
    review.refresh_from_db()
    assert review.closed_at
    assert "마침" in desk.get("/privacy/reviews/").content.decode()


def test_a_month_that_goes_on_is_not_reviewed(desk: Client) -> None:
    desk.post("/privacy/reviews/", {"month": timezone.localdate().replace(day=1).isoformat()})
    desk.post("/privacy/reviews/", {"month": "x"})
    assert not Review.objects.exists()


def test_an_overdue_month_says_so() -> None:
    assert reviewing.months(date(2026, 11, 10), 2) == [(date(2026, 10, 1), False), (date(2026, 9, 1), True)]
    assert reviewing.months(date(2026, 11, 11), 1) == [(date(2026, 10, 1), True)]
    assert reviewing.months(date(2027, 1, 5), 1) == [(date(2026, 12, 1), False)]


@pytest.mark.parametrize("also", ["role", "post", "technician", "superuser", "role that ended meanwhile"])
def test_no_operator_reviews_says_the_database(clerk: User, also: str) -> None:
    who = officer()
    start = timezone.make_aware(datetime(last_month().year, last_month().month, 2))
    if also.startswith("role"):
        ended = {"revoked_at": start + timedelta(days=5), "revoked_by": who} if also != "role" else {}
        RoleGrant.objects.create(
            user=who, role="city_operator", reason="시험", granted_at=start - timedelta(days=9), **ended
        )
    elif also == "post":
        centre = make_learning.centre()
        centre.posts.create(user=who, reason="시험")
    elif also == "technician":
        make_repair.contractor().technician_posts.create(user=who, reason="시험")
    else:
        User.objects.filter(pk=who.pk).update(is_superuser=True)
    with pytest.raises(DatabaseError, match="reviewer is an operator"), transaction.atomic():
        Review.objects.create(month=last_month(), reviewer=who)
    client = make.signed_in(Client(), who)
    client.post("/privacy/reviews/", {"month": last_month().isoformat()})
    assert "점검받는 일을 하지 않아야" in client.get("/privacy/reviews/").content.decode()
    review = Review.objects.create(month=last_month(), reviewer=officer())
    now = timezone.now()
    finding = Finding.objects.create(
        review=review,
        kind="night",
        identifier=clerk.username,
        words="x",
        first_at=now,
        last_at=now,
        records=[],
    )
    answer = client.post(f"/privacy/reviews/findings/{finding.pk}/", {"result": "fine", "words": "좋음"})
    assert answer.status_code == 422 and "점검받는 일을 하지 않아야" in answer.content.decode()


def test_nobody_judges_what_concerns_themselves() -> None:
    who = officer()
    review = Review.objects.create(month=last_month(), reviewer=officer())
    now = timezone.now()
    given = {"kind": "night", "words": "x", "first_at": now, "last_at": now, "records": []}
    finding = Finding.objects.create(review=review, identifier=who.username, **given)
    with pytest.raises(DatabaseError, match="whom it concerns"), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(result="fine", judged_by=who, judged_at=now)


def test_as_many_queries_for_one_as_for_thirty(desk: Client, clerk: User) -> None:
    review = begun(desk)
    counts, made = [], review.findings.count()
    now = timezone.now()
    for wanted in (made, made + 3, made + 30):
        while made < wanted:
            Finding.objects.create(
                review=review, kind="again", identifier="x", words="x", first_at=now, last_at=now, records=[1]
            )
            made += 1
        with CaptureQueriesContext(connection) as asked:
            desk.get(f"/privacy/reviews/{review.pk}/")
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_an_operator_does_not_finish_a_month_nor_read_what_concerns_themselves(clerk: User) -> None:
    review = Review.objects.create(month=last_month(), reviewer=officer())
    who = officer()
    RoleGrant.objects.create(user=who, role="city_operator", reason="시험")
    client = make.signed_in(Client(), who)
    page = client.post(f"/privacy/reviews/{review.pk}/", follow=True).content.decode()
    review.refresh_from_db()
    assert review.closed_at is None and "점검받는 일을 하지 않아야" in page
    other = officer()
    now = timezone.now()
    about = Finding.objects.create(
        review=review,
        kind="night",
        identifier=other.username,
        words="x",
        first_at=now,
        last_at=now,
        records=[],
    )
    own = make.signed_in(Client(), other)
    assert own.get(f"/privacy/reviews/findings/{about.pk}/").status_code == 403
    with pytest.raises(DatabaseError, match="keeps its rows"), transaction.atomic():
        Finding.objects.filter(pk=about.pk).delete()


def test_a_shadow_of_the_table_of_roles_fools_no_guard() -> None:
    who = officer()
    RoleGrant.objects.create(user=who, role="city_operator", reason="시험")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE people_rolegrant (LIKE public.people_rolegrant)")
    with pytest.raises(DatabaseError, match="reviewer is an operator"), transaction.atomic():
        Review.objects.create(month=last_month(), reviewer=who)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pg_temp.people_rolegrant")
