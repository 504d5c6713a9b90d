"""What happens to the cases of an example year. A story yields when it acts next, and then does so by the real deeds.

Told up to now: where a story would act later, it stands still, as a case does of which nobody has heard yet.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from people.demo_clock import after, at
from people.models import District

from . import filing, objections, pauses, settlements, visits, waiting_line, workflow
from .actors import Actor
from .groups import HOUSEHOLD_GROUPS, Group
from .models import Case, Device, Evidence, PriceItem, Step, Visit

Story = Iterator[datetime]
CITIZEN = Actor(Step.Who.CITIZEN)
AGREED = {"repair.personal": True, "repair.sensitive": True, "repair.look_up": True}
BRANDS = ("삼성", "LG", "삼보", "주연", "조립")
#: Names of the price list that fit a repair, and how often.
REPAIRS = (
    (("SSD 256GB",), 5),
    (("SSD 256GB", "윈도우 설치"), 4),
    (("윈도우 설치",), 6),
    (("메모리 8GB",), 4),
    (("점검", "파워 공급 장치"), 4),
    (("SSD 256GB", "메모리 8GB", "윈도우 설치"), 2),
    (("점검",), 4),
)
OVER_THE_CAP = ("점검", "SSD 256GB", "메모리 8GB", "파워 공급 장치", "윈도우 설치")
WORDS = ("켜는 데 오래 걸립니다", "갑자기 꺼집니다", "인터넷이 자꾸 끊깁니다", "팬 소리가 큽니다")


@dataclass
class Cast:
    """Who acts: offices' clerks by the name of their district, elsewhere the city's officer."""

    officer: Actor
    clerks: dict[str, Actor]
    technician: Actor
    prices: dict[tuple[int, str], PriceItem]
    random: Random = field(repr=False)
    count: int = 0

    def next(self) -> int:
        self.count += 1
        return self.count

    def clerk(self, district: District) -> Actor:
        return self.clerks.get(district.name, self.officer)


class Application:
    """One example household or organisation, and what can happen to it."""

    def __init__(self, cast: Cast, district: District, filed_on: date, devices: int = 1) -> None:
        self.cast, self.district, self.day = cast, district, filed_on
        self.n, self.by = cast.next(), cast.clerk(district)
        self.devices = devices
        self.minute = cast.random.randrange(60)
        self.name = f"예시 주민 {self.n:02}"

    def when(self, working_days: int, hour: int) -> datetime:
        """So many working days after the last moment that was named. The clock of a story never goes back."""
        self.day = after(self.day, working_days)
        return at(self.day, hour, self.minute)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def file(self) -> None:
        rnd = self.cast.random
        organisation = self.devices > 1
        at_the_counter = rnd.random() < 0.5
        filed = filing.Filed(
            name=self.name,
            phone=f"010-0000-{1000 + self.n % 1000:04}",
            birth_date=f"{rnd.randrange(1940, 1990)}-{rnd.randrange(1, 13):02}-{rnd.randrange(1, 29):02}",
            district=self.district,
            address=f"경상남도 진주시 {self.district.name} 예시로 {self.n}",
            group=Group.ORGANISATION if organisation else rnd.choice(HOUSEHOLD_GROUPS),
            organisation=f"예시 복지단체 {self.n}" if organisation else "",
            devices=[self._device() for _ in range(self.devices)],
            consents=AGREED,
            # Nobody is told today of what happened then: seed() puts it right at the end.
            tells=Case.Tells.HELPER,
            way=Case.Way.COUNTER if at_the_counter else Case.Way.WEB,
            is_example=True,
        )
        once = uuid.UUID(int=rnd.getrandbits(128), version=4)
        self.pk = filing.file(filed, self.by if at_the_counter else CITIZEN, once=once).pk

    def _device(self) -> filing.DeviceFiled:
        rnd = self.cast.random
        kind, trouble = rnd.choice(Device.Kind.values), rnd.choice(Device.Trouble.values)
        bought = rnd.randrange(2012, 2024)
        return filing.DeviceFiled(kind, trouble, rnd.choice(BRANDS), bought, rnd.choice(WORDS))

    def confirm(self) -> None:
        for about in Evidence.About.values:
            workflow.note_evidence(
                self.pk, self.by, about, Evidence.Way.SEEN, Evidence.Answer.YES, "창구에서 봄(예시)"
            )
        workflow.confirm(self.pk, self.by)

    def take(self) -> None:
        self.visit: Visit = visits.take(self.pk, self.cast.technician)

    def arrive(self) -> None:
        visits.arrive(self.visit.pk, self.cast.technician)

    def list_lines(self, names: Sequence[str]) -> None:
        case = self.case
        for device in case.devices.all():
            for name in names:
                item = self.cast.prices[case.programme_id, name]
                visits.add_line(self.visit.pk, self.cast.technician, device.pk, item.pk, 1)

    def finish(self, outcome: str, barrier: str) -> None:
        outcomes = {device.pk: (outcome, barrier) for device in self.case.devices.all()}
        visits.finish(self.visit.pk, self.cast.technician, outcomes, self.name)

    # What happens, in parts: a story is made of them.

    def filed(self) -> Story:
        yield at(self.day, self.cast.random.randrange(9, 17), self.minute)
        self.file()

    def confirmed(self) -> Story:
        yield from self.filed()
        yield self.when(self.cast.random.choice((1, 1, 2)), 10)
        self.confirm()

    def selected(self) -> Story:
        yield from self.confirmed()
        yield self.when(0, 15)
        workflow.select(self.pk, self.by)

    def taken(self) -> Story:
        yield from self.selected()
        yield self.when(0, 17)
        self.take()

    def visited(self, days: int) -> Story:
        """So many working days after selection."""
        yield from self.taken()
        yield self.when(days, 13)
        self.arrive()

    def repaired(
        self, days: int, outcome: str = Device.Outcome.FIXED, barrier: str = "", *, over: bool = False
    ) -> Story:
        rnd = self.cast.random
        yield from self.visited(days)
        names = [names for names, often in REPAIRS for _ in range(often)]
        self.list_lines(OVER_THE_CAP if over else rnd.choice(names) if outcome == "Fixed" else ("점검",))
        if over:
            visits.ask_consent(self.visit.pk, self.cast.technician)
            visits.answer_consent(self.visit.pk, self.cast.technician, agreed=True, name=self.name)
        yield self.when(0, 15)
        self.finish(outcome, barrier)
        if rnd.random() < 0.5:
            yield self.when(rnd.randrange(1, 5), 11)
            workflow.rate(self.pk, CITIZEN, rnd.choice((5, 5, 5, 4, 4, 3, 2 if days > 3 else 4)))

    def after_a_paper(self, days: int) -> Story:
        """One paper was missing."""
        yield from self.filed()
        yield self.when(1, 10)
        workflow.ask_paper(self.pk, self.by, "수급자 증명서를 보내 주세요.")
        yield self.when(2, 9)
        workflow.bring_paper(self.pk, self.by)
        self.confirm()
        yield self.when(0, 15)
        workflow.select(self.pk, self.by)
        self.take()
        yield self.when(days, 13)
        self.arrive()
        self.list_lines(("윈도우 설치",))
        yield self.when(0, 14)
        self.finish(Device.Outcome.FIXED, "")

    def asked_for_a_paper(self) -> Story:
        yield from self.filed()
        yield self.when(1, 10)
        workflow.ask_paper(self.pk, self.by, "장애인 증명서를 사진으로 찍어 보내 주세요.")

    def proposed(self) -> Story:
        yield from self.filed()
        yield self.when(1, 11)
        workflow.propose_refusal(self.pk, self.by, "올해 지원 대상에 들지 않습니다.")

    def refused(self) -> Story:
        yield from self.proposed()
        yield self.when(1, 11)
        workflow.refuse(self.pk, self.cast.officer)

    def objected(self) -> Story:
        yield from self.refused()
        yield self.when(2, 14)
        objections.object_to(self.pk, CITIZEN, "증명서를 새로 떼었습니다. 다시 보아 주세요.")

    def reopened(self) -> Story:
        yield from self.objected()
        yield self.when(1, 10)
        objections.reopen(self.pk, self.cast.officer, "새 증명서를 확인함")

    def withdrawn(self) -> Story:
        yield from self.filed()
        yield self.when(1, 16)
        workflow.withdraw(self.pk, CITIZEN, "새 컴퓨터를 샀습니다.")

    def waiting(self) -> Story:
        yield from self.confirmed()
        yield self.when(0, 16)
        waiting_line.put_in_order(self.pk, self.by)

    def paused(self) -> Story:
        yield from self.selected()
        yield self.when(1, 9)
        pauses.pause(self.pk, self.by, "병원에 입원하셔서 퇴원 뒤에 방문")

    def moved(self) -> Story:
        """Paused and counted again: the first promise stays visible beside the deadline of now."""
        yield from self.paused()
        yield self.when(3, 9)
        pauses.resume(self.pk, self.by)

    def repairing(self) -> Story:
        yield from self.visited(2)
        visits.diagnose(self.visit.pk, self.cast.technician, "저장 장치가 낡았습니다(예시)")
        self.list_lines(("점검", "SSD 256GB"))

    def broken_off(self) -> Story:
        """Somebody must come again."""
        yield from self.visited(2)
        yield self.when(0, 15)
        visits.break_off(self.visit.pk, self.cast.technician, "맞는 부품을 구해 와야 합니다(예시)")

    def consenting(self) -> Story:
        yield from self.visited(2)
        self.list_lines(OVER_THE_CAP)
        visits.ask_consent(self.visit.pk, self.cast.technician)


def bookkeeping(cast: Cast, first: date, last: date) -> Story:
    """Settles every month from `first` until before `last` (first days of months) some days after its end."""
    month = first
    while month < last:
        month = settlements.next_month(month)
        yield at(after(month, 3), 10)
        for due in settlements.due():
            if due.month < month:
                settlements.settle(due.programme, due.contractor, due.month, cast.officer)
