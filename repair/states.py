"""How a case may move. Pure; the database holds the same table (trigger, see the migrations)."""

from enum import StrEnum


class State(StrEnum):
    RECEIVED = "received"
    PAPERS = "papers"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    REFUSAL = "refusal"
    REFUSED = "refused"
    OBJECTED = "objected"
    SELECTED = "selected"
    REPAIRING = "repairing"
    CONSENT = "consent"
    DONE = "done"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return LABELS[self][0]


#: State → (what staff call it, what the applicant reads).
LABELS = {
    State.RECEIVED: ("접수", "신청을 받았습니다. 읍면동에서 자격을 확인하고 있습니다."),
    State.PAPERS: ("보완 요청", "서류가 더 필요합니다. 아래에서 어떤 서류인지 보시고 보내 주세요."),
    State.CONFIRMED: ("자격 확인", "자격을 확인했습니다. 곧 선정 여부를 알려 드립니다."),
    State.WAITING: ("예산 대기", "올해 예산이 남는 대로 접수한 순서에 따라 선정합니다."),
    State.REFUSAL: ("불가 검토", "지원할 수 있는지 한 번 더 살펴보고 있습니다."),
    State.REFUSED: ("지원 불가", "지원해 드리지 못하게 되었습니다."),
    State.OBJECTED: ("이의신청", "이의신청을 받았습니다. 다른 담당자가 다시 살펴보고 있습니다."),
    State.SELECTED: ("선정", "선정되셨습니다. 수리 기사가 댁으로 찾아갑니다."),
    State.REPAIRING: ("수리 중", "수리 기사가 방문해 고치고 있습니다."),
    State.CONSENT: ("본인 부담 확인", "지원 금액을 넘는 수리비가 있어 동의를 여쭙고 있습니다."),
    State.DONE: ("수리 끝", "수리가 끝났습니다."),
    State.SETTLED: ("정산 끝", "수리가 끝났습니다."),
    State.WITHDRAWN: ("철회", "신청을 거두셨습니다. 다시 신청하실 수 있습니다."),
}
CHOICES = [(state.value, state.label) for state in State]

#: Everything that can happen; what is not here does not.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.PAPERS, State.CONFIRMED, State.REFUSAL, State.WITHDRAWN}),
    State.PAPERS: frozenset({State.RECEIVED, State.REFUSAL, State.WITHDRAWN}),
    State.CONFIRMED: frozenset({State.SELECTED, State.WAITING, State.REFUSAL, State.WITHDRAWN}),
    State.WAITING: frozenset({State.SELECTED, State.REFUSAL, State.WITHDRAWN}),
    State.REFUSAL: frozenset({State.REFUSED, State.RECEIVED, State.WITHDRAWN}),
    State.REFUSED: frozenset({State.OBJECTED}),
    State.OBJECTED: frozenset({State.RECEIVED, State.REFUSED, State.WITHDRAWN}),
    State.SELECTED: frozenset({State.REPAIRING, State.WITHDRAWN}),
    State.REPAIRING: frozenset({State.CONSENT, State.DONE, State.SELECTED}),
    State.CONSENT: frozenset({State.REPAIRING}),
    State.DONE: frozenset({State.SETTLED}),
    State.SETTLED: frozenset(),
    State.WITHDRAWN: frozenset(),
}

#: The household has nothing of the programme (any more): another case may be filed.
GONE = frozenset({State.REFUSED, State.WITHDRAWN})
#: Somebody at an office has something to do.
OFFICE = frozenset(
    {State.RECEIVED, State.PAPERS, State.CONFIRMED, State.WAITING, State.REFUSAL, State.OBJECTED}
)
#: The three working days run.
RUNNING = frozenset({State.SELECTED, State.REPAIRING, State.CONSENT})
#: Money is reserved.
RESERVED = RUNNING
#: The applicant may still take it back.
MAY_WITHDRAW = frozenset(state for state, to in TRANSITIONS.items() if State.WITHDRAWN in to)


#: Deed (Step.Deed) → from which states. A move alone does not say what was done: sending a refusal back and bringing a
#: paper both end in RECEIVED. What is pressed twice fits no longer. Deeds that are not here fit any state.
FROM: dict[str, frozenset[State]] = {
    "asked_paper": frozenset({State.RECEIVED, State.PAPERS}),
    "brought_paper": frozenset({State.PAPERS}),
    "confirmed": frozenset({State.RECEIVED}),
    "selected": frozenset({State.CONFIRMED, State.WAITING}),
    "put_in_order": frozenset({State.CONFIRMED}),
    "proposed_refusal": frozenset({State.RECEIVED, State.PAPERS, State.CONFIRMED, State.WAITING}),
    "refused": frozenset({State.REFUSAL}),
    "kept_open": frozenset({State.REFUSAL}),
    "withdrew": MAY_WITHDRAW,
    "objected": frozenset({State.REFUSED}),
    "reopened": frozenset({State.OBJECTED}),
    "upheld": frozenset({State.OBJECTED}),
    "handed_over": OFFICE | RUNNING,
    "moved": OFFICE,
    "excepted": OFFICE,
    "carried": OFFICE,
    "changed_contractor": frozenset({State.SELECTED}),
    "paused": frozenset({State.SELECTED}),
    "resumed": RUNNING,
    "took": frozenset({State.SELECTED}),
    "gave_back": frozenset({State.SELECTED}),
    "arrived": frozenset({State.SELECTED}),
    "broke_off": frozenset({State.REPAIRING}),
    "asked_consent": frozenset({State.REPAIRING}),
    "agreed": frozenset({State.CONSENT}),
    "declined": frozenset({State.CONSENT}),
    "finished": frozenset({State.REPAIRING}),
    "settled": frozenset({State.DONE}),
    "rated": frozenset({State.DONE, State.SETTLED}),
}


class NotPossible(ValueError):
    """A deed that does not fit the state; its text says so in Korean."""


def check(before: str, after: str) -> None:
    """NotPossible if a case in `before` cannot become `after`."""
    if State(after) not in TRANSITIONS[State(before)]:
        raise _not_in(before)


def check_deed(deed: str, before: str) -> None:
    """NotPossible if that is not done to a case in `before`."""
    if deed in FROM and State(before) not in FROM[deed]:
        raise _not_in(before)


def _not_in(before: str) -> NotPossible:
    return NotPossible(
        f"‘{State(before).label}’ 상태에서는 할 수 없는 일입니다. 화면을 새로 고쳐 지금 상태를 확인해 주세요."
    )
