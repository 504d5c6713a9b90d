"""통계 and the yearly report: adds up what the rows say, and the rows say what the classes were."""

import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from learning import zone as zone_deeds
from learning.figures import Booked, Held, Visited, booked_rows, figures, of_year
from learning.models import Booking, BookingStep, VisitReport
from learning.topics import AgeBand, Topic
from tests import make, make_learning

S = Booking.State


def booked(**fields) -> Booked:
    given = {
        "centre": "상락원",
        "district": "상대동",
        "topic": Topic.SMARTPHONE,
        "age_band": AgeBand.SEVENTIES,
        "state": S.CONFIRMED,
        "attendance": "came",
        "waited": False,
        "n": 1,
    }
    return Booked(**{**given, **fields})


def test_sums_and_shares() -> None:
    said = figures(
        [
            booked(n=8),
            booked(attendance="absent", n=2),
            booked(attendance="", n=1),
            booked(waited=True, n=3, age_band=AgeBand.UNKNOWN),
            booked(state=S.NO_SEAT, attendance="", waited=True, n=4),
            booked(state=S.DECLINED, attendance="", waited=True),
            booked(state=S.CANCELLED, attendance="", n=5),
            booked(centre="문산", district="문산읍", topic=Topic.KIOSK, n=6),
        ],
        [Held("상락원", "상대동", Topic.SMARTPHONE, 2, 20), Held("문산", "문산읍", Topic.KIOSK, 1, 12)],
        [Visited("문산읍", Topic.KIOSK, 2, 17)],
        zone_months={"3월": 40, "4월": 2},
    )
    assert (said.all.booked, said.all.came, said.all.absent, said.cancelled) == (20, 17, 2, 5)
    assert (said.all.filled_share, said.all.came_share) == ("62 %", "89 %")
    assert [(one.label, one.sessions, one.came, one.filled_share) for one in said.centres] == [
        ("상락원", 2, 11, "70 %"),
        ("문산", 1, 6, "50 %"),
    ]
    assert [(one.label, one.came, one.visited) for one in said.districts] == [
        ("문산읍", 6, 17),
        ("상대동", 11, 0),
    ]
    assert [(one.label, one.visits) for one in said.topics] == [("스마트폰", 0), ("키오스크", 2)]
    assert [(one.label, one.came) for one in said.ages] == [("70대", 14), ("모름", 3)]
    assert list(said.waiting.values()) == [3, 1, 0, 4]
    assert (said.zone_people, said.reached) == (42, 17 + 17 + 42)


def test_of_nothing_nothing_is_said() -> None:
    said = figures([], [], [])
    assert (said.all.booked, said.all.filled_share, said.all.came_share, said.reached) == (0, "", "", 0)
    assert said.centres == said.ages == []


@pytest.fixture
def year(db) -> int:
    """A class of yesterday with one who waited, a visit with its report, a request, and two taps."""
    cache.clear()
    session = make_learning.session(days=-1, capacity=2)
    for _ in range(2):
        one = make_learning.booking(session, age_band=AgeBand.SEVENTIES)
        Booking.objects.filter(pk=one.pk).update(attendance="came")
    make_learning.booking(session, age_band=AgeBand.SIXTIES)
    make_learning.session(days=-2, state="cancelled", why="강사 사정")
    make_learning.booking(make_learning.session(days=5))  # to come: not counted
    visit = make_learning.visit_class(days=-1, state="reported", district=make.district("금산면"))
    VisitReport.objects.create(visit_class=visit, came=9, taught="사진", written_by=make.user())
    make_learning.visit_request()
    zone = make_learning.zone()
    for device in (None, zone.devices.get()):
        zone_deeds.tap(zone, uuid.uuid4(), 4, device, make.user())
    return timezone.localdate(session.starts_at).year


def test_of_real_classes(year: int, django_assert_num_queries) -> None:
    with django_assert_num_queries(7):
        said = of_year(year)
    assert (said.all.sessions, said.all.seats, said.all.came, said.all.waited, said.called_off) == (
        1,
        2,
        2,
        1,
        1,
    )
    assert (said.all.visits, said.all.visited, said.zone_people) == (1, 9, 4)
    assert said.waiting["자리가 나지 않음"] == 1
    assert said.requests == {"일정을 잡는 중": 1}
    assert list(said.zone_devices.values()) == [4]
    assert BookingStep.objects.filter(after=S.WAITING).count() == 1
    assert sum(row.n for row in booked_rows(year)) == 3
    assert of_year(year - 1).reached == 0


def test_the_pages_name_nobody_and_are_the_officers(client: Client, year: int) -> None:
    pages = [f"/learning/city/figures/?year={year}", f"/learning/city/report/{year}/"]
    for who in (
        make_learning.call_centre(),
        make_learning.coordinator(),
        make_learning.centre_staff(),
        make.clerk(),
    ):
        make.signed_in(client, who)
        assert {client.get(page).status_code for page in pages} == {403}
    make.signed_in(client, make_learning.officer())
    learner = Booking.objects.first().learner
    for page in pages:
        html = client.get(page).content.decode()
        assert f"{year}년" in html
        assert learner.name not in html and learner.phone not in html
    assert client.get(f"/learning/city/report/{year - 9}/").status_code == 404
    assert client.get("/learning/city/figures/?year=nonsense").status_code == 200


def test_what_is_printed_hides_small_numbers(client: Client, year: int) -> None:
    html = (
        make.signed_in(client, make_learning.officer()).get(f"/learning/city/report/{year}/").content.decode()
    )
    facts = html.split("한눈에", 1)[1].split("</dl>", 1)[0]
    assert "9명" in facts
    assert facts.count("가림") == 3
