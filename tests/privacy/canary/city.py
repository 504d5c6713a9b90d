"""A city in which one person stands everywhere, with words that stand nowhere else; everybody who signs in; and with
what each address is asked."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from broadcast.models import Airing, Alert, NoiseComplaint, Plan, SendingRule, Subscription, Template
from learning import consent_texts
from learning.models import Instructor, Learner
from people.models import Call, District, Message, RoleGrant, User
from people.phones import normalised, phone_index
from privacy import consents, notice
from privacy.access import Action, record, subject
from privacy.ledger import checkpoints
from privacy.ledger.sequence import sequence
from privacy.models import (
    Breach,
    ErasurePlan,
    Finding,
    NoticeVersion,
    Processor,
    Request,
    Review,
)
from tests import make
from tests.learning import access_cast as learning
from tests.repair import access_cast as repair

PHONE = learning.A_PHONE
#: Of A, in every app.
CANARIES = tuple({*repair.CANARIES, *learning.CANARIES, "소음카나리", "요구카나리"})
#: Names of people who work here: personal data too, but of others.
STAFF_NAME = "직원카나리"


class City:
    """`people`: role → signed in. `args`: address → with what it is asked, once for each list. `subjects`: whose data
    must be named on the access record when a canary is shown."""

    def __init__(self) -> None:
        self.people: dict[str, Client] = repair.cast()
        repaired = repair.things()
        things = learning.Things()
        self.people |= learning.cast(things)
        things.args["post"] = things.post()
        admin = make.user(is_staff=True, is_superuser=True)
        self.people |= {
            "duty": make.signed_in(Client(), make.duty_officer()),
            "admin": make.signed_in(Client(), admin),
        }
        self.names: dict[str, str] = {}
        for n, user in enumerate(User.objects.all()):
            user.name = self.names[str(user.pk)] = f"{STAFF_NAME}{n:03}"
            user.save(update_fields=["name"])
        privacy, asked = _privacy(Learner.objects.get(phone_index=phone_index(normalised(PHONE))))
        self.args = {
            "privacy": privacy,
            "repair": repaired,
            "learning": things.args,
            "broadcast": _broadcast(),
            "admin": _admin(),
        }
        rows = [*asked, Subscription.objects.get(), NoiseComplaint.objects.get()]
        self.subjects = {*things.subjects, *map(subject, rows), f"repair.case:{repaired['case']}"}
        self.subjects |= {f"repair.visit:{repaired['visit']}", f"repair.paper:{repaired['evidence']}"}
        self.staff = {subject(one) for one in (*User.objects.all(), *Instructor.objects.all())}

    def own_name(self, role: str) -> str:
        """Of whoever is signed in as this, "" if it is no account: their own name they may read."""
        return self.names.get(self.people[role].session.get("_auth_user_id", ""), "")


def _admin() -> dict[str, Any]:
    return {
        "user": User.objects.latest("created_at").pk,
        "rolegrant": RoleGrant.objects.latest("granted_at").pk,
        "district": District.objects.first().pk,
        "holidayoverride": 1,
    }


def _privacy(learner: Learner) -> tuple[dict[str, Any], list[Any]]:
    [consent] = consents.keep_consents(learner, {consent_texts.NEEDS.key: True}, None)
    asked = Request.objects.create(
        once=uuid4(), kind="copy", phone=normalised(PHONE), words="요구카나리", due_on=timezone.localdate()
    )
    entry = record(None, Action.VIEW, [learner], "시험")
    sequence()
    checkpoints.make(timezone.now())
    plan = ErasurePlan.objects.create(phone=normalised(PHONE), ground="시험", proposed_by=make.user())
    now = timezone.now()
    breach = Breach.objects.create(
        title="시험", how="시험", known_at=now, since=now - timedelta(days=1), until=now
    )
    review = Review.objects.create(
        month=(now - timedelta(days=40)).date().replace(day=1), reviewer=make.user()
    )
    finding = Finding.objects.create(
        review=review,
        kind="night",
        identifier="x",
        words="시험",
        first_at=now,
        last_at=now,
        records=[entry.pk],
    )
    day = timezone.localdate()
    processor = Processor.objects.create(name="예시 업체", task="시험", contract_on=day, ends_on=day)
    file = record(None, Action.DOWNLOAD, [learner], "시험", who="x")
    untold = Message.objects.create(
        key="privacy_answered:x",
        template="privacy_answered",
        to=normalised(PHONE),
        text="전할말카나리",
        state=Message.State.FAILED,
        calls=True,
        due_at=now,
    )
    keys = {
        "call": Call.objects.create(message=untold),
        "file": file,
        "processor": processor,
        "review": review,
        "finding": finding,
        "consent": consent,
        "request": asked,
        "entry": entry,
        "plan": plan,
        "breach": breach,
    }
    return {"version": _notice().number, **{name: row.pk for name, row in keys.items()}}, [asked, untold]


def _notice() -> NoticeVersion:
    said = notice.sections()
    made = NoticeVersion(
        number=1,
        from_on=timezone.localdate(),
        sections=said,
        sha256=notice.digest(said),
        published_by=make.user(),
    )
    made.seal()
    made.save(force_insert=True)
    return made


def _broadcast() -> dict[str, Any]:
    gateway = make.gateway()
    village, clerk = gateway.village, make.clerk()
    chief = make.chief(
        village, name="이장카나리", phone="+821099997077", phone_index=phone_index("+821099997077")
    )
    sent = make.published_to([village], chief)
    draft = make.draft(chief, [village])
    waits = make.waiting(clerk, [village])
    plan = Plan.objects.create(
        original=make.draft(clerk, [village]), first_on=timezone.localdate(), at="10:00"
    )
    airing = Airing.objects.create(plan=plan, due_at=timezone.now())
    template = Template.objects.create(name="시험 틀", category="life", made_by=clerk)
    subscription = Subscription.objects.create(
        village=village,
        phone=normalised(PHONE),
        phone_index=phone_index(normalised(PHONE)),
        confirmed_at=timezone.now(),
    )
    complaint = NoiseComplaint.objects.create(village=village, said="소음카나리", phone=normalised(PHONE))
    source = make.alert_source()
    alert = Alert.objects.create(
        source=source,
        identifier="1",
        sender="x",
        sent=timezone.now(),
        msg_type="Alert",
        xml="<alert/>",
        outcome=Alert.Outcome.values[0],
    )
    return {
        "village": village.pk,
        "district": village.district_id,
        "gateway": gateway.pk,
        "sent": sent.pk,
        "draft": draft.pk,
        "waits": waits.pk,
        "plan": plan.pk,
        "airing": airing.pk,
        "template": template.pk,
        "token": subscription.token,
        "complaint": complaint.pk,
        "alert": alert.pk,
        "recording": sent.recording_id,
        "sending_rule": SendingRule.objects.latest("pk").pk,
        "sound_rule": make.sound_rule().pk,
    }
