"""What was promised about how long: drafts 30 days, evidence a year after the decision, people five years."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from people.demo_clock import clock_at
from people.models import Resident
from privacy.fields import EncryptedTextField
from privacy.holdings import holdings
from privacy.models import AccessRecord
from repair import objections, paper_store, pauses, visits, workflow
from repair.forgetting import forget, forget_cases, forget_evidence
from repair.models import Agreement, Case, Draft, Evidence, Paper, SentDeed, Step, TechnicianPost, Visit
from repair.states import State
from tests import make, make_repair

pytestmark = pytest.mark.django_db


def ago(years: int, month: int = 6) -> datetime:
    return timezone.make_aware(datetime(timezone.localdate().year - years, month, 15, 12))


def paper(of: Case | None = None, kind: str = Paper.Kind.EVIDENCE, draft: Draft | None = None) -> Paper:
    made = Paper(
        case=of, draft=draft, kind=kind, name="예시.jpg", content_type="image/jpeg", size=3, sha256="0" * 64
    )
    made.file = paper_store.write(made.pk, b"abc")
    made.save(force_insert=True)
    return made


def kept(one: Paper) -> bool:
    return (Path(settings.MEDIA_ROOT) / "repair" / one.file).exists()


def decided(at: datetime, **fields) -> Case:
    """Selected at that moment, in the programme year of then."""
    with clock_at(at):
        make_repair.programme()
        return make_repair.selected(**fields)


def done(at: datetime, **fields) -> Case:
    """Repaired then, by somebody who was a technician then."""
    case = decided(at, **fields)
    assert case.contractor
    tech = make.user()
    TechnicianPost.objects.create(user=tech, contractor=case.contractor, reason="시험", granted_at=at)
    with clock_at(at):
        visit = make_repair.visit(case, tech)
        make_repair.lines(visit, ["점검", "SSD 256GB"])
        outcomes = {device.pk: ("Fixed", "") for device in case.devices.all()}
        visits.finish(visit.pk, make_repair.technician_actor(tech), outcomes, "예시 가족")
    return Case.objects.get(pk=case.pk)


def test_evidence_goes_a_year_after_the_decision(django_capture_on_commit_callbacks) -> None:
    moment = timezone.now() - timedelta(days=366)
    old = decided(moment)
    certificate, photo = paper(old), paper(old, Paper.Kind.TROUBLE)
    with clock_at(moment + timedelta(days=2)):
        young = make_repair.selected()
    fresh = paper(young)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_evidence() == 1
    assert not Evidence.objects.filter(case=old, words__isnull=False).exists()
    assert Evidence.objects.filter(case=old, answer="yes").count() == 2
    assert Evidence.objects.filter(case=young, words__isnull=False).count() == 2
    assert not kept(certificate)
    assert kept(photo)
    assert kept(fresh)
    assert list(old.papers.all()) == [photo]
    record = AccessRecord.objects.filter(action="delete", subjects=[f"repair.case:{old.pk}"]).first()
    assert record is not None
    assert record.identifier == "system"
    assert forget_evidence() == 0


def test_what_is_looked_at_again_keeps_its_evidence() -> None:
    moment = timezone.now() - timedelta(days=400)
    with clock_at(moment):
        make_repair.programme()
        case = make_repair.case()
        make_repair.evidence(case, make.clerk())
        workflow.propose_refusal(case.pk, make_repair.staff(make.clerk()), "대상이 아닙니다")
        workflow.refuse(case.pk, make_repair.staff(make.clerk()))
        objections.object_to(case.pk, make_repair.CITIZEN, "다시 보아 주세요")
    assert forget_evidence() == 0
    assert Evidence.objects.filter(words__isnull=False).count() == 2


def test_after_five_whole_years_nothing_of_a_person_is_left(django_capture_on_commit_callbacks) -> None:
    case = done(ago(6), wishes="개가 있습니다", unit="101호")
    other = paper(case, Paper.Kind.AFTER)
    young = done(ago(5, month=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_cases() == 1
    case.refresh_from_db()
    assert (case.state, case.cost_won) == (State.DONE, 90_000)
    assert (case.group, case.wishes, case.unit, case.phone_index) == ("", "", "", "")
    assert case.household_index == case.household_claim == f"erased-{case.pk.hex}"
    gone = Resident.objects.get(pk=case.resident_id)
    assert (gone.name, gone.phone, gone.birth_date, gone.address, gone.phone_index) == ("", "", "", "", "")
    assert not Step.objects.filter(case=case, why__isnull=False).exists()
    assert not Agreement.objects.filter(visit__case=case, name__isnull=False).exists()
    assert case.devices.get().trouble_words == ""
    assert not kept(other)
    assert young.resident.name
    young.refresh_from_db()
    assert young.group
    assert forget_cases() == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_somebody_who_came_again_is_not_forgotten_yet() -> None:
    with clock_at(ago(7)):
        make_repair.programme()
        first = make_repair.refused()
    with clock_at(ago(2)):
        make_repair.programme()
        again = make_repair.case()
    Case.objects.filter(pk=again.pk).update(resident=first.resident)
    assert forget_cases() == 1
    assert Resident.objects.get(pk=first.resident_id).name
    assert Case.objects.get(pk=first.pk).group == ""


def refused_deed(visit: Visit) -> SentDeed:
    return SentDeed.objects.create(
        id=uuid.uuid4(),
        by=visit.technician,
        visit=visit,
        deed="photos",
        done_at=timezone.now(),
        trouble="‘예시 어르신 댁.jpg’: 사진이 아닙니다.",
    )


def test_an_exception_and_a_withdrawal_are_erased_too() -> None:
    with clock_at(ago(7)):
        make_repair.programme()
        case = make_repair.case()
        workflow.make_exception(case.pk, make_repair.staff(make.clerk()), "두 가구가 삽니다")
        refused_deed(Visit.objects.create(case=case, technician=make.user()))
        other = make_repair.case()
        workflow.withdraw(other.pk, make_repair.CITIZEN, "샀습니다")
    assert forget_cases() == 2
    assert SentDeed.objects.get().trouble == "(지움)"
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.household_exception, case.household_claim) == ("(지움)", None)
    assert other.household_claim is None


def test_drafts_that_nobody_uses(django_capture_on_commit_callbacks) -> None:
    with clock_at(timezone.now() - timedelta(days=31)):
        old = Draft.objects.create(phone_index="a" * 64)
    young = Draft.objects.create(phone_index="b" * 64)
    left = paper(draft=old)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget() == 1
    assert list(Draft.objects.all()) == [young]
    assert not kept(left)
    assert make.destroyed() == [("쓰다 만 무상수리 신청서", 1)]


def test_no_sealed_field_is_forgotten_in_the_register() -> None:
    held = {h.model: h for h in holdings() if not h.part}
    for model in apps.get_app_config("repair").get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                assert field.name in held[model._meta.label].fields, f"{model._meta.label}.{field.name}"
    assert held["people.Resident"].keeps == held["repair.Case"].keeps == "수리가 끝난 해부터 5년"


def test_each_holding_exports_and_erases(django_capture_on_commit_callbacks) -> None:
    make_repair.programme()
    case = make_repair.done(make_repair.selected(wishes="개가 있습니다"))
    paper(case)
    paused = make_repair.selected()
    pauses.pause(paused.pk, make_repair.staff(make.clerk()), "입원")
    refused_deed(case.visits.get())
    Draft.objects.create(phone_index="c" * 64, answers='{"who": {"name": "예시"}}')
    for holding in holdings():
        if holding.model.startswith("repair."):
            model = apps.get_model(holding.model)
            row = model.objects.first()
            assert row is not None, holding.model
            told = holding.export(row)
            assert all(isinstance(value, str) for value in told.values())
            with django_capture_on_commit_callbacks(execute=True):
                holding.erase(row)
    assert not Draft.objects.exists()
    assert not Paper.objects.exists()
