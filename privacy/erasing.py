"""Erasing a person from every app: previewed, approved by a second person, carried out whole, registered, and done
again whenever an older backup is restored."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from . import erasure_register
from .access import SYSTEM, Action, identifier, record, subject
from .destruction import register
from .doors import is_own
from .holdings import Holding, Kept, Person, holdings
from .ledger import expiry
from .ledger.sequence import sequence
from .masking import masked_phone
from .models import AccessRecord, Consent, Destruction, ErasurePlan, KeptApart, Request, RequestStep
from .person import name_code, names, rows_of, subjects_of

State = ErasurePlan.State
#: Stands where an identifier stood.
GONE = "(지움)"


class NotPossible(ValueError):
    """Its text says in Korean why not."""


@dataclass
class Planned:
    """Of one holding: rows that go, and those that a law keeps."""

    holding: Holding
    goes: list[Any] = field(default_factory=list)
    kept: list[tuple[Any, Kept]] = field(default_factory=list)


def preview(person: Person) -> list[Planned]:
    """What would happen, in the order in which it would: rows that point at others first."""
    found = {(holding.model, holding.part): (holding, rows) for holding, rows in rows_of(person)}
    why: dict[str, Kept] = {}
    for holding, rows in found.values():
        for row in rows:
            kept = holding.kept(row)
            if kept and (kept.until is None or kept.until >= timezone.localdate()):
                why[f"{holding.part} {subject(row)}"] = kept
                why |= {f" {key}": kept for key in _points_at(row)}
    planned = []
    for holding, rows in sorted(
        found.values(), key=lambda one: _depth(apps.get_model(one[0].model)), reverse=True
    ):
        one = Planned(holding)
        for row in rows:
            kept = why.get(f"{holding.part} {subject(row)}")
            if kept:
                one.kept.append((row, kept))
            else:
                one.goes.append(row)
        planned.append(one)
    return planned


def _points_at(row: models.Model) -> Iterable[str]:
    """Rows without which this one would say nothing: a kept case keeps whose it is."""
    for column in row._meta.concrete_fields:
        key = getattr(row, column.attname)
        if isinstance(column, models.ForeignKey) and key is not None:
            yield f"{column.related_model._meta.label_lower}:{key}"


def _depth(model: type[models.Model], seen: tuple[type[models.Model], ...] = ()) -> int:
    """How far it hangs below others that hold something about people."""
    held = {apps.get_model(one.model) for one in holdings()}
    above = {
        column.related_model
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and column.related_model in held
    }
    return 1 + max((_depth(one, (*seen, model)) for one in above if one not in (*seen, model)), default=0)


@transaction.atomic
def propose(request: HttpRequest, person: Person, ground: str) -> ErasurePlan:
    """A plan that waits for a second person; the one that waits already, if there is one."""
    theirs = {"phone_index": person.index, "name_code": person.name}
    waiting = ErasurePlan.objects.filter(**theirs, state=State.WAITING).first()
    if waiting:
        return waiting
    plan = ErasurePlan.objects.create(
        phone=person.number, name_code=person.name, ground=ground, proposed_by=_user(request)
    )
    record(request, Action.CREATE, [plan], f"파기를 올림: {ground}")
    return plan


@transaction.atomic
def refuse(request: HttpRequest, pk: Any) -> ErasurePlan:
    plan = _waiting(request, pk)
    plan.state, plan.phone, plan.name_code = (
        State.REFUSED,
        None,
        "",
    )  # whose it was stands with what they asked
    plan.decided_by, plan.decided_at = _user(request), timezone.now()
    plan.save(update_fields=["state", "phone", "phone_index", "name_code", "decided_by", "decided_at"])
    record(request, Action.CHANGE, [plan], "파기하지 않기로 함")
    # Whoever asked has had no answer yet: it is refused on a ground, or granted once more.
    _answered(plan, RequestStep.Deed.REOPENED, state=Request.State.OPEN)
    return plan


def approve(request: HttpRequest, pk: Any) -> ErasurePlan:
    """Erases, by a second person. All of it or nothing; then it is written outside the database, too."""
    sequence()  # what is not in the ledger yet could not be erased from it
    with transaction.atomic():
        plan = _waiting(request, pk)
        person = Person(plan.phone or "", plan.phone_index, plan.name_code)
        written = _erase(plan.pk, plan.ground, person, identifier(request))
        plan.state, plan.phone, plan.name_code = State.DONE, None, ""
        plan.decided_by, plan.decided_at = _user(request), timezone.now()
        plan.save(update_fields=["state", "phone", "phone_index", "name_code", "decided_by", "decided_at"])
        record(request, Action.DELETE, [plan], f"파기: {plan.ground}")
        _answered(plan, RequestStep.Deed.ERASED, state=Request.State.GRANTED, answered_at=plan.decided_at)
        # Before the commit: an erasure that no register outside knows would come back with a backup.
        erasure_register.begin(str(plan.pk), plan.ground, person, written)
        transaction.on_commit(partial(erasure_register.end, str(plan.pk)), robust=True)
    return plan


def _answered(plan: ErasurePlan, deed: str, **now: Any) -> None:
    for asked in Request.objects.filter(plan=plan, state=Request.State.ERASING):
        RequestStep.objects.create(request=asked, deed=deed, by=plan.decided_by, due_on=asked.due_on)
        Request.objects.filter(pk=asked.pk).update(**now)


def _user(request: HttpRequest) -> Any:
    """Behind doors.for_officers."""
    return request.user


def _waiting(request: HttpRequest, pk: Any) -> ErasurePlan:
    plan = ErasurePlan.objects.select_for_update(of=("self",)).get(pk=pk)
    if plan.state != State.WAITING:
        raise NotPossible("이미 끝난 파기 계획입니다.")
    if is_own(request, plan.phone_index):
        raise NotPossible("본인의 것입니다. 다른 개인정보 담당이 정해야 합니다.")
    if plan.proposed_by_id == request.user.pk:
        raise NotPossible("올린 사람은 정할 수 없습니다. 다른 개인정보 담당이 정해야 합니다.")
    return plan


def _erase(plan: Any, ground: str, person: Person, who: str) -> list[str]:
    """`plan`: its key. Returns the keys of all rows that went."""
    written = []
    own = {"identifier": own_identifier(person)}
    if not person.number:  # of a backup in which nothing but the index is known
        own = {"identifier__endswith": f" {person.index[:12]}"}
    consents, entries = Consent.objects.filter(**own), AccessRecord.objects.filter(**own)
    if _shares(person):  # what others did by the same phone is not theirs
        about = sorted(subjects_of(person))
        consents, entries = consents.filter(subject__in=about), entries.filter(subjects__overlap=about)
    said = list(consents)
    planned = ErasurePlan.objects.filter(pk=plan).first()
    for one in _called_off(person):
        for row, kept in one.kept:
            KeptApart.objects.update_or_create(
                row=_key(one.holding, row),
                defaults={
                    "plan": planned,
                    "label": one.holding.label,
                    "ground": kept.ground,
                    "until": kept.until,
                },
            )
        # The keys first: a row that is deleted has none.
        keys = [
            key
            for key, row in [(_key(one.holding, row), row) for row in one.goes]
            if one.holding.erase(row) is not False
        ]
        if keys:
            register(one.holding.label, keys, ground, who, plan)
            written += keys
    did = list(entries.filter(salt__isnull=False, commitment__isnull=False))
    for entry in did:
        expiry.erase(entry, ground, who, identifier=GONE, address=None)
    keys = [f"privacy.AccessRecord//{entry.pk}" for entry in did]
    Consent.objects.filter(pk__in=[one.pk for one in said]).update(identifier=GONE)
    keys += [f"privacy.Consent//{one.pk}" for one in said]
    if keys:
        register("본인이 한 일의 기록에서 누구인지", keys, ground, who, plan)
    return written + keys


def _shares(person: Person) -> bool:
    """Whether somebody with another name is behind the same phone."""
    return bool(person.name) and bool(
        {name_code(name) for name in names(replace(person, name=""))} - {person.name}
    )


def _called_off(person: Person) -> list[Planned]:
    """What goes, once whatever was to come is called off. What that wrote of theirs goes too, and what then hangs on
    nothing of theirs any more."""
    before = preview(person)
    for one in before:
        for row in one.goes:
            one.holding.ends(row)
    after = preview(person)
    found = {_key(one.holding, row) for one in after for row in [*one.goes, *(row for row, _ in one.kept)]}
    for one in before:
        one.goes, one.kept = [row for row in one.goes if _key(one.holding, row) not in found], []
    return [*after, *(one for one in before if one.goes)]


def own_identifier(person: Person) -> str:
    """As the access record calls whoever comes by this phone (people.citizen.identifier)."""
    return f"{masked_phone(person.number)} {person.index[:12]}"


def _key(holding: Holding, row: models.Model) -> str:
    return f"{holding.model}/{holding.part}/{row.pk}"


# ---- after a backup was restored


def missing() -> list[dict[str, Any]]:
    """Erasures that were carried out and this database does not know: it is an older one."""
    told = erasure_register.read()
    return [told.begun[plan] for plan in sorted(told.done - _known()) if plan in told.begun]


def _known() -> set[str]:
    plans = Destruction.objects.filter(plan__isnull=False).values_list("plan", flat=True)
    return {str(plan) for plan in plans.distinct()}


def doubtful() -> int:
    """Erasures that began, of which nothing says that they were carried out or refused: torn lines of the register
    are among them."""
    told = erasure_register.read()
    open_ = set(told.begun) - told.done - _known()
    refused = ErasurePlan.objects.filter(state=State.REFUSED).values_list("pk", flat=True)
    return len(open_ - {str(pk) for pk in refused}) + told.unreadable


def settle() -> None:
    """Writes down what was committed when the power went before the register heard of it."""
    told = erasure_register.read()
    for plan in (set(told.begun) - told.done) & _known():
        erasure_register.end(plan)


def replay() -> int:
    """Does again what a restored backup does not know of (after each `migrate`). Returns how many plans."""
    settle()
    lines = missing()
    if not lines:
        return 0
    sequence()
    persons = {erasure_register.person_code(index): Person("", index) for index in _indexes()}
    for line in lines:
        with transaction.atomic():
            plan, ground = line["plan"], line["ground"]
            # Rows that the person had then may have had other keys than those that were erased later.
            if person := persons.get(line.get("person", "")):
                _erase(plan, ground, replace(person, name=line.get("name", "")), SYSTEM)
            done = [key for key in line["rows"] if _erase_again(key, ground)]
            ErasurePlan.objects.filter(pk=plan, state=State.WAITING).delete()
            # Also if it had nothing of theirs: from now on this database knows of it.
            register("복구한 뒤 다시 지움", done, ground, plan=plan)
    return len(lines)


def _indexes() -> set[str]:
    """Of all phones of whoever somebody could ask to erase."""
    found: set[str] = set()
    for model in {apps.get_model(holding.model) for holding in holdings() if holding.of}:
        for column in model._meta.concrete_fields:
            if column.name.endswith(("phone_index", "to_index")):
                found |= set(model._base_manager.order_by().values_list(column.name, flat=True).distinct())
    return found - {"", None}


def _erase_again(key: str, ground: str) -> bool:
    label, part, pk = key.split("/", 2)
    model = apps.get_model(label)
    row = model._base_manager.filter(pk=pk).first()
    if row is None:
        return False
    if isinstance(row, AccessRecord):
        if row.salt is not None and row.commitment is not None:
            expiry.erase(row, ground, identifier=GONE, address=None)
    elif isinstance(row, Consent):
        Consent.objects.filter(pk=row.pk).update(identifier=GONE)
    else:
        for holding in holdings():
            if (holding.model, holding.part) == (label, part):
                holding.erase(row)
    return True


def erase_what_was_kept() -> int:
    """What a law kept, once its last day is over. Returns how many rows."""
    over = KeptApart.objects.filter(until__lt=timezone.localdate(), erased_at=None)
    gone = 0
    for kept in over:
        with transaction.atomic():
            if _erase_again(kept.row, kept.ground):
                register(kept.label, [kept.row], f"보관 기간이 끝남: {kept.ground}"[:200])
                gone += 1
            kept.erased_at = timezone.now()
            kept.save(update_fields=["erased_at"])
    return gone
