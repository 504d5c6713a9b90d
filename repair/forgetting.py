"""Keeping what was promised about how long: drafts, evidence, and what a case says about people.

The promises stand in consent_texts.py and personal_data.py. Asked by beat every hour; each case is a transaction.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from people.models import Resident
from people.personal_data import erase_resident
from privacy.destruction import time_is_over

from . import drafts, papers
from . import personal_data as held
from .actors import SYSTEM
from .models import Case, Evidence, Paper, SentDeed, Step
from .states import OFFICE, RUNNING

#: After the decision: certificates, and what a look-up said.
EVIDENCE_KEPT = timedelta(days=365)
#: Cases an hour; the first hour of a year finds a whole year's.
AT_ONCE = 200
DECIDED = (Step.Deed.SELECTED, Step.Deed.REFUSED, Step.Deed.UPHELD, Step.Deed.WITHDREW)


def forget() -> int:
    """All of it. Returns how many drafts and cases something was forgotten of."""
    return drafts.forget_old() + forget_evidence() + forget_cases()


def forget_evidence() -> int:
    """Certificates and words of evidence of what was decided longer than EVIDENCE_KEPT ago, and is not open again."""
    decided = Max("steps__at", filter=Q(steps__deed__in=DECIDED))
    words = Evidence.objects.filter(case=OuterRef("pk"), words__isnull=False)
    certificates = Paper.objects.filter(case=OuterRef("pk"), kind=Paper.Kind.EVIDENCE)
    old = Case.objects.exclude(state__in=OFFICE).filter(Exists(words) | Exists(certificates))
    old = old.annotate(decided_at=decided).filter(decided_at__lt=timezone.now() - EVIDENCE_KEPT)
    return sum(_forget_evidence(pk) for pk in list(old.order_by().values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _forget_evidence(pk: uuid.UUID) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    if case.state in OFFICE:
        return False
    for row in case.evidence.filter(words__isnull=False):
        held.erase_evidence(row)
    for paper in case.papers.filter(kind=Paper.Kind.EVIDENCE):
        papers.forget(paper, SYSTEM)
    time_is_over([case], f"무상수리 {case.number}의 자격 근거와 증명서", f"{held.ONE_YEAR}이 지남")
    return True


def forget_cases() -> int:
    """What cases say about people, held.CASE_KEPT_YEARS whole years after the year in which they ended."""
    first_kept = timezone.localdate().year - held.CASE_KEPT_YEARS
    before = timezone.make_aware(datetime(first_kept, 1, 1))
    young = Step.objects.filter(case=OuterRef("pk"), at__gte=before).exclude(deed=Step.Deed.RATED)
    old = Case.objects.filter(~Exists(young), filed_at__lt=before).exclude(state__in=RUNNING)
    old = old.exclude(household_index__startswith="erased-").exclude(done_at__gte=before)
    return sum(_forget_case(pk) for pk in list(old.order_by().values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _forget_case(pk: uuid.UUID) -> bool:
    case = Case.objects.select_for_update(of=("self",)).select_related("resident").get(pk=pk)
    for row in case.steps.filter(why__isnull=False):
        held.erase_step(row)
    for device in case.devices.all():
        held.erase_device(device)
    for evidence in case.evidence.filter(words__isnull=False):
        held.erase_evidence(evidence)
    for pause in case.pauses.all():
        held.erase_pause(pause)
    for visit in case.visits.prefetch_related("agreements"):
        held.erase_visit(visit)
        for agreement in visit.agreements.filter(name__isnull=False):
            held.erase_agreement(agreement)
        for sent in SentDeed.objects.filter(visit=visit).exclude(trouble__in=("", held.ERASED)):
            held.erase_sent_deed(sent)
    for paper in case.papers.all():
        papers.forget(paper, SYSTEM)
    held.erase_case(case)
    others = Case.objects.filter(resident=case.resident_id).exclude(pk=case.pk)
    if not others.exclude(household_index__startswith="erased-").exists():
        erase_resident(Resident.objects.select_for_update(of=("self",)).get(pk=case.resident_id))
    time_is_over([case], f"무상수리 {case.number}", f"{held.FIVE_YEARS}이 지남")
    return True
