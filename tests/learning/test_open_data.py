"""열린 자료: nothing of a person, no small number, and only years that are over."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import open_data
from learning.models import Booking, Session, VisitReport
from learning.topics import Topic
from privacy.small_numbers import FEW
from tests import make, make_learning

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def last_year() -> int:
    return (timezone.localdate() - open_data.SETTLES).year - 1


def held(came: int, centre, topic: str = Topic.SMARTPHONE, month: int = 5) -> Session:
    starts = timezone.make_aware(datetime(last_year(), month, 15, 10))
    room = make_learning.room(centre)
    session = make_learning.session(
        make_learning.course(topic=topic), starts_at=starts, room=room, capacity=40
    )
    for n in range(came + 2):
        one = make_learning.booking(session, age_band="70s" if n % 2 else "80s")
        Booking.objects.filter(pk=one.pk).update(attendance="came" if n < came else "absent")
    return session


def rows(client: Client) -> dict[tuple[str, str], str]:
    answer = client.get(f"/learning/open-data/{last_year()}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, *found = csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff")))
    assert tuple(head) == open_data.COLUMNS
    return {(table, item): count for _, table, item, count in found}


def test_the_file_of_a_year_that_is_over(client: Client) -> None:
    hub, other = make_learning.centre(name="상락원"), make_learning.centre(name="문산")
    held(9, hub)
    held(6, other)
    held(2, other, Topic.KIOSK)
    visit = make_learning.visit_class(
        starts_at=timezone.make_aware(datetime(last_year(), 6, 1, 10)), state="reported"
    )
    VisitReport.objects.create(visit_class=visit, came=3, taught="사진", written_by=make.user())
    make_learning.booking(make_learning.session(days=-1))  # not over yet
    found = rows(client)
    assert found["배움터 수업 횟수", "문산 키오스크"] == "1"
    assert found["배움터 출석", "모두"] == "17"
    assert found["배움터 출석", "상락원 스마트폰"] == "9"
    assert found["배움터 출석", "문산 키오스크"] == found["배움터 출석", "문산 스마트폰"] == "가림"
    assert found["찾아가는 수업에 오신 분", "모두"] == "가림"
    assert ("찾아가는 수업에 오신 분", "문산읍") not in found
    assert found["배움터 출석, 나이대", "모름"] == "가림"
    numbers = [int(n) for (table, _), n in found.items() if "횟수" not in table and n != "가림"]
    assert min(numbers) >= FEW
    page = client.get("/learning/open-data/").content.decode()
    assert f"/learning/open-data/{last_year()}.csv" in page
    for learner in (one.learner for one in Booking.objects.select_related("learner")):
        assert learner.name not in str(found)


def test_only_years_that_are_over(client: Client) -> None:
    make_learning.booking(make_learning.session(days=-1))
    this = timezone.localdate().year
    assert "아직 내놓을 자료가 없습니다" in client.get("/learning/open-data/").content.decode()
    for year in (this, this + 1, 1999, 99999):
        assert client.get(f"/learning/open-data/{year}.csv").status_code == 404
    assert client.post("/learning/open-data/").status_code == 405


def test_a_year_waits_for_the_last_attendance(monkeypatch) -> None:
    held(5, make_learning.centre(), month=12)
    over = timezone.make_aware(datetime(last_year() + 1, 1, 1))
    for days, there in ((20, False), (32, True)):
        monkeypatch.setattr(timezone, "now", lambda days=days: over + timedelta(days=days))
        assert (over.year - 1 in open_data.years()) == there


def test_as_many_questions_for_many(client: Client) -> None:
    asked_of = []
    for more in (1, 4):
        for _ in range(more):
            held(6, make_learning.centre())
        with CaptureQueriesContext(connection) as asked:
            open_data.tables_csv(last_year())
        asked_of.append(len(asked))
    assert asked_of[0] == asked_of[1]
