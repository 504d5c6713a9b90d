"""The twelve kinds, each pure; and a small month of an office, in which misuse is found among everyday work."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from privacy import whose
from privacy.models import AccessRecord
from privacy.review import detectors
from privacy.review.facts import Known, street_of
from privacy.review.month import Look, Month
from tests.attacks.office_month import INJECTED, OfficeMonth
from tests.attacks.review import judged

MONDAY = timezone.make_aware(datetime(2026, 11, 9, 10))
POST = whose.Post("kim", "문산읍 직원", MONDAY - timedelta(days=99), None, "office_clerk", "48170250")
PEOPLE = {
    f"people.resident:{n}": Known("김이박최정"[n % 5], f"집 {n}", f"p{n}", "48170250") for n in range(200)
}


ME = Known("홍", "우리 집", "me")


def month(*looks: Look, me: Known = ME, posts=(POST,), **more: Known) -> Month:
    staff = {"kim": me, "lee": Known("이"), "choi": Known("최")}
    every = [whose.Post(name, "직원", POST.since, None, "office_clerk") for name in ("lee", "choi")]
    return Month(
        date(2026, 11, 1),
        sorted(looks, key=lambda one: one.at),
        staff,
        PEOPLE | more,
        [*posts, *every],
        frozenset(),
    )


def look(n: int = 0, at: datetime = MONDAY, **given) -> Look:
    kept = {
        "pk": n,
        "identifier": "kim",
        "address": "10.1.0.2",
        "subjects": (f"people.resident:{n}",),
        "action": "view",
    }
    return Look(**{**kept, "at": at, "detail": "한 건", "done": True, **given})


def spread(many: int, step: timedelta, at: datetime = MONDAY, **given) -> list[Look]:
    return [look(n, at + n * step, **given) for n in range(many)]


def kinds(made: Month) -> list[str]:
    return [one.kind for one in detectors.look_through(made)]


MINUTE = timedelta(minutes=1)


def test_everyday_work_is_no_misuse() -> None:
    calls = spread(20, 3 * MINUTE)
    many = look(99, MONDAY, subjects=tuple(PEOPLE), pk=99)
    worked = [
        look(1, MONDAY + timedelta(days=d), action="change" if d == 2 else "view")
        for d in range(9)
        if d not in (5, 6)
    ]
    receipt = look(3, MONDAY, action="print")
    slips = [look(0, MONDAY + n * MINUTE, subjects=(), action="sign_in", done=False) for n in range(3)]
    assert kinds(month(*calls, many, *worked, receipt, *slips)) == []


@pytest.mark.parametrize(
    ("kind", "looks"),
    [
        ("mass", spread(32, timedelta(seconds=100))),
        ("night", spread(3, MINUTE, MONDAY.replace(hour=23))),
        ("night", spread(3, MINUTE, MONDAY + timedelta(days=5))),
        (
            "failures",
            [look(0, MONDAY + n * MINUTE, subjects=(), action="sign_in", done=False) for n in range(7)],
        ),
        ("downloads", spread(5, timedelta(days=1), action="download")),
        ("again", [look(5, MONDAY + timedelta(days=d)) for d in (0, 1, 2, 3, 4)]),
        ("places", [look(n, MONDAY + n * MINUTE, address=f"{n + 20}.1.1.1") for n in range(3)]),
        ("too_fast", spread(12, timedelta(seconds=3))),
    ],
)
def test_found_and_nothing_else(kind: str, looks: list[Look]) -> None:
    assert kinds(month(*looks)) == [kind]


def test_who_somebody_is() -> None:
    assert kinds(month(look(7), me=Known("홍", "집 7", "p7"))) == ["own"]
    assert kinds(month(look(7), me=Known("홍", "집 7", "me"))) == ["neighbours"]
    relatives = {f"people.resident:r{n}": Known("제갈") for n in range(6)}
    found = [look(n, MONDAY + n * 9 * MINUTE, subjects=(f"people.resident:r{n}",)) for n in range(6)]
    assert kinds(month(*found, me=Known("제갈"), **relatives)) == ["surname"]
    ended = whose.Post(
        "kim", "금산면 직원", POST.since, MONDAY - timedelta(days=3), "office_clerk", "48170250"
    )
    new = whose.Post("kim", "문산읍 직원", MONDAY - timedelta(days=3), None, "office_clerk", "48170999")
    assert kinds(month(look(7), posts=(ended, new))) == ["after_transfer"]
    assert "ex_staff" in kinds(month(look(7), posts=(ended,)))


def test_a_house_without_its_unit() -> None:
    assert street_of("경상남도 진주시 문산읍 동부로 12, 101호") == "진주시 문산읍 동부로 12"
    assert street_of("") == street_of("번지 없는 곳") == ""


@pytest.mark.django_db
def test_a_month_of_an_office() -> None:
    """A tenth of `make attack-review`."""
    made = OfficeMonth(10_000, 2, seed=11, residents=1_700)
    counts, alarms, _ = judged(made)
    assert AccessRecord.objects.count() > 9_000
    assert set(counts) == set(INJECTED) == set(detectors.KINDS)
    assert sum(found for _, found in counts.values()) >= 0.9 * 24, counts
    assert len(alarms) < 40
