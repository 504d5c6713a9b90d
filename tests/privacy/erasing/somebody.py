"""Somebody who used every service, with words that stand nowhere else."""

from uuid import uuid4

from django.test import Client
from django.utils import timezone

from broadcast.models import NoiseComplaint, Subscription
from learning import consent_texts
from learning.models import Booking, VisitClass
from people import outbox
from people.phones import normalised, phone_index
from privacy import consents
from privacy.access import Action, record
from privacy.holdings import Person
from privacy.masking import masked_phone
from privacy.models import Request
from repair import papers
from repair.filing import DeviceFiled
from repair.models import Case, Device, Draft, Paper
from tests import make, make_repair
from tests.learning.access_cast import A_PHONE, Things, citizen
from tests.repair.access_cast import photo

PHONE = normalised(A_PHONE)
PERSON = Person(PHONE, phone_index(PHONE))
#: All by which they could be known.
WORDS = [
    *(
        "카나리아",
        "딸카나리",
        "대표카나리",
        "골짜기회관",
        "비밀로 77",
        "귀가카나리",
        "전할말카나리",
        "1931-02-03",
    ),
    *("소음카나리", "요구카나리", "고장카나리", "초안카나리"),
    *(PHONE, masked_phone(PHONE), PERSON.index, PERSON.index[:12]),
]
#: How people write the number; the portal keeps one spelling, but nobody should find these either.
SPELLINGS = ["010-9999-7001", "01099997001"]


def everywhere(*, case_is_running: bool = False) -> Client:
    """Their rows in every app; returns their browser, which has looked at pages."""
    Things()
    nobody_s = VisitClass.objects.get(state="reported")  # no request asked for it
    nobody_s.place_name, nobody_s.address = "", None
    nobody_s.save()
    make_repair.programme()
    given = {
        "name": "카나리아",
        "phone": "010-9999-7001",
        "birth_date": "1931-02-03",
        "address": "진주시 문산읍 비밀로 77",
        "devices": [DeviceFiled(Device.Kind.LAPTOP, Device.Trouble.SLOW, words="고장카나리")],
    }
    case: Case = make_repair.selected(**given) if case_is_running else make_repair.case(**given)
    papers.take_in([photo()], Paper.Kind.EVIDENCE, case=case, by=make_repair.CITIZEN)
    draft, _ = Draft.objects.get_or_create(phone_index=PERSON.index)
    draft.answers = '{"who": {"name": "초안카나리"}}'
    draft.save()
    papers.take_in([photo()], Paper.Kind.TROUBLE, draft=draft, by=make_repair.CITIZEN)
    village = make.gateway().village
    Subscription.objects.create(
        village=village, phone=PHONE, phone_index=PERSON.index, confirmed_at=timezone.now()
    )
    NoiseComplaint.objects.create(village=village, said="소음카나리", phone=PHONE)
    booking = Booking.objects.filter(learner__phone_index=PERSON.index).first()
    assert booking
    consents.keep_consents(
        booking.learner,
        {consent_texts.PERSONAL.key: True},
        None,
        who=f"{masked_phone(PHONE)} {PERSON.index[:12]}",
    )
    Request.objects.create(
        once=uuid4(), kind="erase", phone=PHONE, words="요구카나리", due_on=timezone.localdate()
    )
    outbox.tell(PHONE, "sign_in_code", {"code": "123456", "minutes": 3}, key="code of A")
    client = citizen(A_PHONE)
    for page in ("/repair/mine/", "/learning/mine/", "/privacy/mine/held/", "/learning/visits/mine/"):
        assert client.get(page).status_code == 200
    record(None, Action.VIEW, [booking.learner], "배움터 출석", who="demo-call")
    return client
