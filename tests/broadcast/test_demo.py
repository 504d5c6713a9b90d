"""The example city: what it claims to be, and that it never gets into a real one."""

import json
import stat
from collections import Counter
from io import StringIO
from itertools import combinations
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from broadcast.demo import DEMO_DONG, demo_villages, known_names
from broadcast.demo_accounts import DEMO_ACCOUNTS
from broadcast.models import Broadcast, ChiefPost, Gateway, GatewayKey, SendingRule, SoundRule, Village
from people import places
from people.demo import PASSWORD
from people.geometry import distance_m, inside
from people.models import District, LegalArea, RoleGrant, User
from tests import make


@pytest.fixture
def city(db) -> None:
    make.places()


def seed(**options) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def test_the_places_of_the_city() -> None:
    districts, areas = places.districts(), places.legal_areas()
    assert Counter(d["kind"] for d in districts) == {"읍": 1, "면": 15, "동": 14}
    assert Counter(a["kind"] for a in areas) == {"동": 33, "리": 124}
    assert {a["district_id"] for a in areas} == {d["code"] for d in districts}
    for d in districts:
        assert d["boundary"][0] == d["boundary"][-1]
        assert inside(d["boundary"], d["lat"], d["lon"])


def test_the_database_starts_with_them(city: None) -> None:
    assert (District.objects.count(), LegalArea.objects.count()) == (30, 157)


def test_358_villages_in_21_districts() -> None:
    villages = demo_villages()
    assert len(villages) == 358
    kinds = {d["code"]: d["kind"] for d in places.districts()}
    assert Counter(kinds[code] for code in {v.district for v in villages}) == {"읍": 1, "면": 15, "동": 5}
    assert Counter(kinds[v.district] == "동" for v in villages) == {False: 337, True: 21}
    assert {v.district for v in villages if kinds[v.district] == "동"} == set(DEMO_DONG)
    assert {v.legal_area for v in villages} >= {a["code"] for a in places.legal_areas() if a["kind"] == "리"}


def test_the_five_dong_are_the_largest() -> None:
    dong = sorted((d for d in places.districts() if d["kind"] == "동"), key=lambda d: -d["area_km2"])
    assert {d["code"] for d in dong[:5]} == set(DEMO_DONG)


def test_every_village_stands_in_its_place() -> None:
    rings = {d["code"]: d["boundary"] for d in places.districts()}
    areas = {a["code"]: a for a in places.legal_areas()}
    for v in demo_villages():
        assert inside(rings[v.district], v.lat, v.lon), v
        assert areas[v.legal_area]["district_id"] == v.district
        assert distance_m(v.lat, v.lon, areas[v.legal_area]["lat"], areas[v.legal_area]["lon"]) < 3000
        assert 30 <= v.homes <= 150
    apart = min(distance_m(a.lat, a.lon, b.lat, b.lon) for a, b in combinations(demo_villages(), 2))
    assert apart >= 200


def test_names_are_known_or_say_that_they_are_examples() -> None:
    villages = demo_villages()
    known = known_names()
    real = [v for v in villages if not v.is_example]
    assert len(real) == 128 == sum(map(len, known.values()))
    assert all(v.name.removesuffix("마을") in known[v.legal_area] for v in real)
    assert all(" 예시" in v.name for v in villages if v.is_example)
    assert len({(v.district, v.name) for v in villages}) == 358
    assert len({v.code for v in villages}) == 358


def test_seeding(city: None, tmp_path: Path) -> None:
    keys = tmp_path / "gateways.json"
    told = seed(simulator_url="http://127.0.0.1:8123/", gateways_file=str(keys))
    assert (Village.objects.count(), Gateway.objects.count(), GatewayKey.objects.count()) == (358,) * 3
    assert Village.objects.values("district").distinct().count() == 21
    assert Gateway.objects.get(code="JJ-0001").address == "http://127.0.0.1:8123/JJ-0001"
    assert not Broadcast.objects.exists()
    assert all(a.sign_in in told for a in DEMO_ACCOUNTS)
    assert PASSWORD in told
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    written = json.loads(keys.read_text())
    assert [entry["code"] for entry in written] == [f"JJ-{n:04}" for n in range(1, 359)]
    secret = GatewayKey.objects.get(gateway__code="JJ-0358").secret
    assert written[-1] == {"code": "JJ-0358", "key": 1, "secret": secret}


def test_seeding_twice_only_moves_the_simulator(city: None, tmp_path: Path) -> None:
    file = tmp_path / "gateways.json"
    seed(gateways_file=str(file))
    first = file.read_text(), set(Village.objects.values_list("pk", "code"))
    seed(gateways_file=str(file), simulator_url="http://127.0.0.1:9123")
    assert (file.read_text(), set(Village.objects.values_list("pk", "code"))) == first
    assert Gateway.objects.filter(address__startswith="http://127.0.0.1:9123/JJ-").count() == 358
    assert (User.objects.count(), RoleGrant.objects.count(), ChiefPost.objects.count()) == (12, 9, 5)


def test_the_people_are_examples_with_what_they_may_do(city: None) -> None:
    seed()
    assert all(user.is_demo and user.name.startswith("예시") for user in User.objects.all())
    villages = Village.objects.all()
    by_role = {g.user.username: g.role for g in RoleGrant.objects.select_related("user")}
    for account in DEMO_ACCOUNTS:
        if account.role != "chief":
            user = User.objects.get(username=account.sign_in)
            assert by_role[account.sign_in] == account.role
            assert user.check_password(PASSWORD)
            assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    clerk = User.objects.get(username="demo-munsan")
    assert {v.district.name for v in villages.for_user(clerk)} == {"문산읍"}
    assert villages.for_user(User.objects.get(username="demo-city")).count() == 358
    assert not villages.for_user(User.objects.get(username="demo-privacy")).exists()
    chiefs = User.objects.filter(phone_sign_in=True)
    assert sorted(villages.for_user(chief).count() for chief in chiefs) == [1, 1, 1, 2]


def test_a_real_city_gets_no_examples(city: None, settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="운영 중인 도시"):
        seed()
    assert not Village.objects.exists()
    assert not User.objects.exists()


def test_the_accounts_are_known_without_django() -> None:
    from subprocess import run
    from sys import executable

    code = "import sys; import broadcast.demo_accounts; sys.exit('django' in sys.modules)"
    assert run([executable, "-c", code], check=False).returncode == 0


def test_seeding_queries(city: None, django_assert_max_num_queries) -> None:
    seed()
    with django_assert_max_num_queries(80):
        seed()


def test_the_example_city_speaks_at_night_too_until_somebody_wants_quiet(city: None) -> None:
    make.first_rules()
    seed()
    assert not SoundRule.objects.filter(is_quiet=True, is_active=True).exists()
    assert not SendingRule.objects.filter(hour_from__isnull=False, is_active=True).exists()
    SoundRule.objects.update(is_active=True)
    seed()
    assert SoundRule.objects.filter(is_quiet=True, is_active=True).exists()
