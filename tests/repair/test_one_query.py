"""Rows of many tables in one query: the same as through a queryset each, and sealed until they are read."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from people.models import District, User
from privacy import one_query
from privacy.fields import EncryptedTextField, Sealed
from privacy.models import AccessRecord
from privacy.one_query import Rows, add, around, of_keys, of_parents, planned, read
from repair.models import Case, Device, Step
from tests import make, make_repair

pytestmark = pytest.mark.django_db


def everything() -> Case:
    """A case about which there is something in most tables."""
    make_repair.programme()
    clerk = make.clerk()
    case = make_repair.selected(
        clerk, helper_name="예시 이웃", helper_phone="010-9999-4322", wishes="오후에만"
    )
    visit = make_repair.visit(case)
    make_repair.lines(visit, ["점검", "SSD 256GB"])
    return case


@pytest.mark.parametrize("model", list(apps.get_app_config("repair").get_models()), ids=lambda m: m.__name__)
def test_a_row_is_the_same_as_through_a_queryset(model: type[Model]) -> None:
    everything()
    [rows] = read(Rows(model, "TRUE", []))
    asked = model._default_manager.in_bulk()
    if model._meta.ordering:
        assert [row.pk for row in rows] == list(model._default_manager.values_list("pk", flat=True))
    assert {row.pk for row in rows} == set(asked)
    for row in rows:
        same = asked[row.pk]
        for field in model._meta.concrete_fields:
            assert getattr(row, field.attname) == getattr(same, field.attname), field


def test_what_is_sealed_stays_so_until_it_is_read() -> None:
    case = everything()
    [devices] = read(of_parents(Device, "case", [case.pk]))
    for field in Device._meta.concrete_fields:
        if isinstance(field, EncryptedTextField):
            assert isinstance(devices[0].__dict__[field.attname], Sealed)
    assert devices[0].trouble_words == case.devices.get().trouble_words


def test_only_some_columns_and_only_the_first() -> None:
    case = everything()
    [steps] = read(Rows(Step, "case_id = %s", [case.pk], ("deed",), most=2))
    assert [step.deed for step in steps] == [step.deed for step in case.steps.all()[:2]]
    assert steps[0].get_deferred_fields() >= {"why", "at"}
    [colleagues] = read(of_keys(User, [case.steps.last().by_id], "username"))
    assert colleagues[0].get_deferred_fields() >= {"password", "name", "phone"}


def test_around_is_as_if_it_had_been_selected_and_prefetched() -> None:
    one, other = everything(), make_repair.case()
    cases = list(Case.objects.filter(pk__in=[one.pk, other.pk]))
    names = ("resident", "district", "rule", "contractor", "devices", "steps", "visits")
    with CaptureQueriesContext(connection) as queries:
        around(cases, *names, only={"district": ("name",)})
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        for case in cases:
            words = (case.resident.name, case.district.name, case.rule.source, case.contractor)
            assert all(words[:3])
            assert all(step.case is case for step in case.steps.all())
        told = {case.pk: (len(case.steps.all()), len(case.visits.all())) for case in cases}
    assert not queries
    assert told == {case.pk: (case.steps.count(), case.visits.count()) for case in (one, other)}
    for case in cases:
        assert {step.case_id for step in case.steps.filter(deed="filed")} == {case.pk}
        assert case.visits.order_by("taken_at").count() == told[case.pk][1]


def test_nothing_is_asked_about_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        around([], "resident")
    assert not queries


def test_a_column_that_nobody_has_read_here_is_not_guessed() -> None:
    with pytest.raises(TypeError, match="FloatField"):
        read(Rows(District, "TRUE", []))


def test_who_is_not_here_is_asked_later() -> None:
    make_repair.programme()
    case = Case.objects.get(pk=make_repair.case().pk)
    one_query.point([case], "district", [])
    assert case.district.name


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


def test_a_question_is_planned_once_a_connection() -> None:
    words = "SELECT %s::int + %s::int"
    assert planned(words, [1, 2]) == [(3,)]
    before = plans()
    assert planned(words, [3, 4]) == [(7,)]
    assert plans() == before


@pytest.mark.django_db(transaction=True)
def test_a_plan_outlives_its_transaction_and_not_its_connection() -> None:
    words = "SELECT %s::text || '!'"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        planned(words, ["a"])
        raise ZeroDivisionError
    assert planned(words, ["b"]) == [("b!",)]
    connection.close()
    assert planned(words, ["c"]) == [("c!",)]


def test_what_is_added_has_its_key_and_is_as_if_it_had_been_saved() -> None:
    row = AccessRecord(
        identifier="예시", subjects=["x:1"], action="view", detail="%s ' 100%", address="192.0.2.7"
    )
    row.seal()
    add(row)
    kept = AccessRecord.objects.get(pk=row.pk)
    for field in AccessRecord._meta.concrete_fields:
        value = getattr(kept, field.attname)
        assert (bytes(value) if isinstance(value, memoryview) else value) == getattr(row, field.attname), (
            field
        )
