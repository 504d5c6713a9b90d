"""Asking the register about a case, with the applicant's consent; the answer becomes evidence."""

import uuid

from privacy.access import Action, record, subject
from privacy.models import Consent

from . import consent_texts, lookups, workflow
from .actors import Actor
from .history import theirs
from .models import Case, Evidence
from .states import OFFICE, NotPossible


def agreed(case: Case) -> bool:
    """Whether the applicant's last word on it is yes."""
    return is_yes(
        Consent.objects.filter(subject=subject(case.resident), key=consent_texts.LOOK_UP.key).first()
    )


def is_yes(said: Consent | None) -> bool:
    """Of the applicant's last word, if there was one."""
    return bool(said and said.agreed and said.withdrawn_at is None)


def is_place(case: Case) -> bool:
    """Where there is a register to ask, and the case is where one asks it."""
    return lookups.driver() is not None and case.state in OFFICE


def possible(case: Case) -> bool:
    """And the applicant lets the office ask."""
    return is_place(case) and agreed(case)


def look_up(pk: uuid.UUID, by: Actor, about: str) -> Evidence:
    """조회: asks outside any transaction, after it is on record that somebody's data went out.

    NotPossible: no register, no consent, wrong state. lookups.LookUpTrouble: no answer, and nothing is noted.
    """
    case = theirs(by).select_related("resident").get(pk=pk)
    register = lookups.driver()
    if register is None or not possible(case):
        raise NotPossible(
            "조회할 수 없습니다. 신청한 분이 조회에 동의했는지 보시거나, 서류를 보고 적어 주세요."
        )
    words = f"무상수리 {case.number}: 행정정보 공동이용 조회({Evidence.About(about).label})"
    record(by.request, Action.VIEW, [case], words, who=by.user.get_username() if by.user else None)
    resident = case.resident
    answer = register.ask(
        lookups.Question(about, case.number, resident.name, resident.birth_date, case.group, resident.address)
    )
    return workflow.note_evidence(pk, by, about, Evidence.Way.LOOKUP, answer.answer, answer.reference[:200])
