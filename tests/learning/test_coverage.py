"""Which institutions and districts were reached in a year: the table, and the map that says the same."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import coverage
from learning.models import VisitClass, VisitReport, VisitRequest
from people.models import District
from tests import make, make_learning

pytestmark = pytest.mark.django_db
YEAR = 2026


def visited(hall, came: int = 5, at: datetime | None = None) -> VisitClass:
    starts = at or timezone.make_aware(datetime(YEAR, 5, 20, 10))
    visit = make_learning.visit_class(starts_at=starts, district=hall.district)
    for state in ("confirmed", "taught", "reported"):
        VisitClass.objects.filter(pk=visit.pk).update(state=state)
    request = make_learning.visit_request(institution=hall, kind="institution", district=hall.district)
    for state in ("planned", "done"):
        VisitRequest.objects.filter(pk=request.pk).update(state=state, visit_class=visit)
    user = make.user()
    VisitReport.objects.create(visit_class=visit, came=came, taught="사진", written_by=user)
    return visit


def area(name: str, year: int = YEAR) -> coverage.Area:
    return next(one for one in coverage.coverage(year) if one.name == name)


def test_a_visit_counts_in_its_year_and_district_once_it_was_held():
    hall, other = make_learning.institution(), make_learning.institution()
    gone = make_learning.institution(is_active=False)
    visited(hall, 5)
    visited(hall, 7, timezone.make_aware(datetime(YEAR, 12, 31, 23, 30)))
    visited(hall, 9, timezone.make_aware(datetime(YEAR + 1, 1, 1, 0, 30)))
    make_learning.visit_class(district=hall.district)  # only proposed
    here = area("문산읍")
    assert (here.visits, here.people, here.reached, here.look) == (2, 12, 1, "some")
    by_name = {place.name: place for place in here.places}
    assert by_name[hall.name].last == datetime(YEAR, 12, 31).date()
    assert by_name[other.name].visits == 0 and gone.name not in by_name
    assert (area("문산읍", YEAR + 1).visits, area("금산면").look) == (1, "none")


def test_three_are_many_and_what_is_left_comes_first():
    hall = make_learning.institution()
    for _ in range(coverage.MANY):
        visited(hall)
    make_learning.institution(district=make.district("금산면"))
    areas = coverage.coverage(YEAR)
    assert len(areas) == 30 and areas[0].name == "금산면"
    assert (areas[-1].name, areas[-1].look) == ("문산읍", "many")


def test_it_costs_the_same_however_many():
    counted = []
    for _ in range(2):
        for district in ("문산읍", "금산면", "중앙동"):
            visited(make_learning.institution(district=make.district(district)))
        with CaptureQueriesContext(connection) as queries:
            coverage.drawing(coverage.coverage(YEAR))
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 5


def test_the_map_says_what_the_table_says(client: Client):
    year = timezone.localdate().year
    when = timezone.now() - timedelta(days=1)
    reached = {"문산읍": 1, "금산면": 2, "중앙동": 3}
    for name, times in reached.items():
        hall = make_learning.institution(district=make.district(name))
        for n in range(times):
            visited(hall, at=when - timedelta(hours=n))
    make.signed_in(client, make_learning.coordinator())
    page = client.get("/learning/visits/coverage/").content.decode()
    svg = page[page.index('<svg class="map-drawing"') : page.index("</svg>")]
    assert svg.count('class="map-land reach-none"') == 30 - len(reached)
    assert (svg.count("map-land reach-some"), svg.count("map-land reach-many")) == (2, 1)
    assert sorted(re.findall(r"<text x=[^>]*>(\d+)</text>", svg)) == ["1", "2", "3"]
    assert f"읍면동 {District.objects.count()}곳 가운데 3곳에 찾아갔습니다" in svg
    assert 'role="img"' in svg and f"{year}년에 찾아간 읍면동" in svg
    table = re.sub(r"<[^>]+>", " ", page[page.index("<tbody>") : page.index("</tbody>")])
    for name, times in reached.items():
        assert re.search(rf"{name}\s+{times}번", table)
    assert table.count("아직 못 감") == 27
    assert client.get("/learning/visits/coverage/?year=1").status_code == 200


def test_only_for_the_coordinator(client: Client):
    for user in (make_learning.call_centre(), make_learning.instructor().user, make.clerk()):
        make.signed_in(client, user)
        assert client.get("/learning/visits/coverage/").status_code == 403
        assert client.get("/learning/visits/coverage/new/").status_code == 403


def test_an_institution_is_added_once(client: Client):
    make.signed_in(client, make_learning.coordinator())
    typed = {"name": "시험 경로당", "kind": "senior_hall", "district": make.district().pk, "address": ""}
    assert client.post("/learning/visits/coverage/new/", typed).status_code == 302
    again = client.post("/learning/visits/coverage/new/", typed)
    assert again.status_code == 422 and "이미 있는 이름" in again.content.decode()
