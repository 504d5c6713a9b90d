"""All that an office's page about one case reads: the case, and in one query more what stands around it."""

import uuid
from dataclasses import dataclass

from people.models import Resident, User
from privacy.access import subject_of
from privacy.models import Consent
from privacy.one_query import Rows, around, hang, point, with_key

from . import consent_texts, looking_up
from .models import Agreement, Case, Line, Visit, office_districts

#: Of the household's or the person's other cases.
MOST_OTHERS = 20
_AROUND = ("resident", "district", "programme", "rule", "contractor")
_BELOW = ("devices", "evidence", "papers", "steps", "pauses", "deadline_changes", "visits")
#: Whoever had a hand in the case.
_COLLEAGUES = """"id" IN (SELECT unnest(ARRAY[officer_id, entered_by_id]) FROM repair_case WHERE id = %s
    UNION SELECT by_id FROM repair_step WHERE case_id = %s
    UNION SELECT by_id FROM repair_evidence WHERE case_id = %s
    UNION SELECT technician_id FROM repair_visit WHERE case_id = %s)"""
_OF_VISITS = '"visit_id" IN (SELECT id FROM repair_visit WHERE case_id = %s)'
#: "people.resident:" first, as privacy.access.subject says it.
_OF_RESIDENT = "subject = %s::text || (SELECT resident_id FROM repair_case WHERE id = %s) AND key = %s"
_HOUSEHOLD = "(SELECT household_index FROM repair_case WHERE id = %s)"
_OF_HOUSEHOLD = f'"id" <> %s AND "household_index" = {_HOUSEHOLD}'
# No value is put in here: _HOUSEHOLD is the line above.
_OF_PERSON = f""""id" <> %s AND "household_index" <> {_HOUSEHOLD} AND "resident_id" IN (
    SELECT other.id FROM people_resident AS this JOIN people_resident AS other USING (name_birth_index)
    WHERE name_birth_index <> '' AND this.id = (SELECT resident_id FROM repair_case WHERE id = %s))"""  # noqa: S608
_OF_OTHERS = ("number", "state", "filed_at", "programme", "household_index", "district")


@dataclass(frozen=True)
class Whole:
    """`household`, `person`: other cases of this and former years, newest first; of the person those elsewhere.
    `agreed`: the applicant lets the register be asked. `visits`: of the technicians, the latest first."""

    case: Case
    household: list[Case]
    person: list[Case]
    agreed: bool
    visits: list[Visit]


def whole(user: User, pk: uuid.UUID) -> Whole:
    """Of the cases on which they decide. Case.DoesNotExist. One query, and one more if there are other cases."""
    districts = office_districts(user)
    theirs = Rows(Case, "TRUE", []) if districts is None else Rows(Case, "district_id = ANY(%s)", [districts])
    case, (said, household, person, users, lines, agreements) = with_key(
        theirs,
        pk,
        *_AROUND,
        *_BELOW,
        only={"district": ("name",)},
        more=[
            Rows(Consent, _OF_RESIDENT, [subject_of(Resident, ""), pk, consent_texts.LOOK_UP.key], most=1),
            Rows(Case, _OF_HOUSEHOLD, [pk, pk], _OF_OTHERS, MOST_OTHERS),
            Rows(Case, _OF_PERSON, [pk, pk, pk], _OF_OTHERS, MOST_OTHERS),
            Rows(User, _COLLEAGUES, [pk, pk, pk, pk], ("username",)),
            Rows(Line, _OF_VISITS, [pk]),
            Rows(Agreement, _OF_VISITS, [pk]),
        ],
    )
    if case is None:
        raise Case.DoesNotExist
    visits = list(case.visits.all())
    hang(visits, "lines", lines)
    hang(visits, "agreements", agreements)
    for name, rows in (("officer", [case]), ("entered_by", [case]), ("by", case.steps.all())):
        point(rows, name, users)
    point(case.evidence.all(), "by", users)
    point(visits, "technician", users)
    household, person = _the_latest(household, person)
    around([*household, *person], "district", only={"district": ("name",)})
    return Whole(
        case,
        household,
        person,
        looking_up.is_yes(said[0] if said else None),
        [visit for visit in reversed(visits) if visit.end != Visit.End.GIVEN_BACK],
    )


def _the_latest(household: list[Case], person: list[Case]) -> tuple[list[Case], list[Case]]:
    """MOST_OTHERS of both together."""
    kept = sorted([*household, *person], key=lambda case: case.filed_at, reverse=True)[:MOST_OTHERS]
    return [case for case in household if case in kept], [case for case in person if case in kept]
