"""Locking a case, moving it and writing down what happened: what every deed does, once."""

import uuid
from collections.abc import Iterable

from privacy.access import Action, record

from . import states
from .actors import Actor
from .models import Case, CaseQuerySet, Step


def theirs(by: Actor | None) -> CaseQuerySet:
    """On which cases they may do something. Of staff who came by a page those that are theirs to decide on; of whoever
    else the view, or the deed itself, has asked."""
    if by is None or by.request is None or by.user is None or by.who != Step.Who.STAFF:
        return Case.objects.all()
    return Case.objects.for_office(by.user)


def locked(pk: uuid.UUID | str, by: Actor | None = None, *related: str) -> Case:
    """The case, so that nobody else moves it meanwhile. Case.DoesNotExist; also if it is not (any more) `theirs`: it
    may have gone to another district since the page was asked for."""
    cases = theirs(by).select_related("resident", "rule", "district", *related)
    return cases.defer("district__boundary").select_for_update(of=("self",)).get(pk=pk)


def write(
    case: Case,
    deed: str,
    by: Actor,
    why: str = "",
    *,
    after: str | None = None,
    fields: Iterable[str] = (),
) -> Step:
    """Saves `fields`, moves the case to `after` (None: it stays) and adds the step and its access record.

    In the caller's transaction, the case locked. states.NotPossible if the tables do not know that deed or that move.
    """
    before = case.state
    states.check_deed(deed, before)
    changed = set(fields)
    if after is not None and after != before:
        states.check(before, after)
        case.state = after
        changed.add("state")
        if after in states.GONE:
            case.household_claim = None
            changed.add("household_claim")
    if changed:
        case.save(update_fields=sorted(changed))
    step = Step.objects.create(
        case=case, deed=deed, before=before, after=case.state, who=by.who, by=by.user, why=why
    )
    who = by.user.get_username() if by.user and by.request is None else None
    words = f"무상수리 {case.number}: {step.get_deed_display()}"
    record(by.request, Action.CHANGE, [case], words, who=who)
    return step
