"""A case in any state, brought there by the real deeds, and the office that does them."""

from collections.abc import Callable

from repair import objections, visits, waiting_line, workflow
from repair.actors import Actor
from repair.models import Case
from repair.states import State
from tests import make, make_repair


class Office:
    """Whoever does deeds here: two clerks and the city's officer, by turns."""

    def __init__(self) -> None:
        self.first, self.second, self.city = make.clerk(), make.clerk(), make_repair.repair_officer()

    def __getattr__(self, name: str) -> Actor:
        return make_repair.staff({"one": self.first, "two": self.second, "three": self.city}[name])


def in_state(state: State, office: Office) -> Case:
    """A case that went there by deeds."""
    make_it: dict[State, Callable[[], object]] = {
        State.RECEIVED: lambda: make_repair.case(),
        State.PAPERS: lambda: workflow.ask_paper(make_repair.case().pk, office.one, "등록증"),
        State.CONFIRMED: lambda: make_repair.confirmed(office.first),
        State.WAITING: lambda: waiting_line.put_in_order(make_repair.confirmed(office.first).pk, office.one),
        State.REFUSAL: lambda: workflow.propose_refusal(make_repair.case().pk, office.one, "대상 아님"),
        State.REFUSED: lambda: make_repair.refused(office.first, office.second),
        State.OBJECTED: lambda: objections.object_to(
            make_repair.refused(office.first, office.second).pk, make_repair.CITIZEN, "다릅니다"
        ),
        State.SELECTED: lambda: make_repair.selected(office.first),
        State.REPAIRING: lambda: make_repair.visit(make_repair.selected(office.first)).case,
        State.CONSENT: lambda: _asked_consent(office),
        State.DONE: lambda: make_repair.done(make_repair.selected(office.first)),
        State.WITHDRAWN: lambda: workflow.withdraw(make_repair.case().pk, make_repair.CITIZEN),
    }
    made = make_it[state]()
    assert isinstance(made, Case)
    made = Case.objects.get(pk=made.pk)
    assert made.state == state
    return made


def _asked_consent(office: Office) -> Case:
    visit = make_repair.visit(make_repair.selected(office.first))
    make_repair.lines(visit, ["SSD 256GB", "그래픽 카드"])
    visits.ask_consent(visit.pk, make_repair.technician_actor(visit.technician))
    return visit.case


REACHED = [state for state in State if state != State.SETTLED]  # its deed is the city's (settlements.py)
