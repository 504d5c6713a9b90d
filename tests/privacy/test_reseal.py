"""A new key in front, everything moved, the old key taken out; holdings are registered once."""

import base64
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import call_command

from people.models import Resident
from privacy.fields import EncryptedTextField, SealBroken
from privacy.holdings import Holding, holdings, register
from privacy.reseal import reseal_column
from tests import make

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()

pytestmark = pytest.mark.django_db


def test_rotation(settings) -> None:
    settings.DATA_KEYS = OLD
    people = [Resident.objects.create(name=f"예시 {n}", phone=f"+8210{n:08}") for n in range(7)]
    clerk = make.clerk(name="예시 직원")
    settings.DATA_KEYS = f"{NEW},{OLD}"
    late = Resident.objects.create(name="늦게 온 사람")
    call_command("reseal", stdout=StringIO())
    settings.DATA_KEYS = NEW
    for n, person in enumerate(people):
        found = Resident.objects.get(pk=person.pk)
        assert (found.name, found.phone) == (f"예시 {n}", f"+8210{n:08}")
    assert Resident.objects.get(pk=late.pk).name == "늦게 온 사람"
    clerk.refresh_from_db()
    assert clerk.name == "예시 직원"
    app = Authenticator.objects.get(user=clerk).wrap()
    assert not app.validate_code("000000x")  # it opens


def test_only_what_is_old_moves_and_pages_add_up(settings) -> None:
    field = Resident.name.field
    settings.DATA_KEYS = OLD
    for n in range(7):
        Resident.objects.create(name=f"예시 {n}")
    settings.DATA_KEYS = f"{NEW},{OLD}"
    Resident.objects.create(name="새 사람")
    assert reseal_column(field, batch=3) == 7
    assert reseal_column(field, batch=4) == 0


def test_without_the_old_key_it_stops_and_says_so(settings) -> None:
    settings.DATA_KEYS = OLD
    made = Resident.objects.create(name="예시")
    settings.DATA_KEYS = NEW
    with pytest.raises(SealBroken, match=str(made.pk)):
        reseal_column(Resident.name.field)


def test_each_app_says_what_it_holds() -> None:
    held = {h.model: h for h in holdings() if not h.part}
    assert {"people.User", "people.Resident", "people.PhoneCode", "people.Message"} <= set(held)
    for holding in held.values():
        model = apps.get_model(holding.model)
        assert all(model._meta.get_field(name) for name in holding.fields)
        assert holding.ground
        assert holding.keeps
    with pytest.raises(ValueError, match="twice"):
        register(held["people.User"])


def test_no_sealed_field_about_people_is_forgotten() -> None:
    held = {h.model: h.fields for h in holdings() if not h.part}
    for model in apps.get_app_config("people").get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                assert field.name in held[model._meta.label]


def test_export_and_erasure() -> None:
    (holding,) = (h for h in holdings() if h.model == "people.Resident")
    made = Resident.objects.create(name="예시", phone="+821000000000")
    assert isinstance(holding, Holding)
    assert holding.export(made)["이름"] == "예시"
    holding.erase(made)
    found = Resident.objects.get(pk=made.pk)
    assert (found.name, found.phone, found.phone_index) == ("", "", "")
