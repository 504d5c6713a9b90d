"""A month at the city's offices, as access records tell it, and misuse put into it. By chance, from what jobs are."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from people.models import District, Resident, RoleGrant, User
from people.phones import phone_index
from privacy.models import AccessRecord

#: Of a hundred people in the country (통계청, rounded); the rest are spread over many.
SURNAMES = (
    "김" * 21
    + "이" * 15
    + "박" * 8
    + "최" * 5
    + "정" * 5
    + "강" * 2
    + "조" * 2
    + "윤" * 2
    + "장" * 2
    + "임" * 2
)
SURNAMES += "한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민진"
FIRST = datetime(2026, 11, 2)
DAYS = [FIRST + timedelta(days=n) for n in range(28)]
WORKING = [day for day in DAYS if day.weekday() < 5]
ROLES = {
    "clerk": "office_clerk",
    "call": "learning_call",
    "officer": "repair_officer",
    "school": "learning_coordinator",
}


@dataclass
class Row:
    at: datetime
    who: str
    subjects: list[str]
    action: str = "view"
    detail: str = "무상수리 한 건"
    result: str = "done"
    address: str = ""
    episode: int = -1


@dataclass
class Staff:
    user: User
    job: str
    district: str
    network: str
    current: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.user.username


@dataclass
class Episode:
    kind: str
    who: str
    number: int


class OfficeMonth:
    """`count`: rows, about. `episodes`: of each kind. The same `seed`, the same month."""

    def __init__(self, count: int, episodes: int, seed: int, residents: int = 6_000) -> None:
        self.dice = random.Random(seed)
        self.rows: list[Row] = []
        self.episodes: list[Episode] = []
        self._residents(residents)
        self._staff()
        a_day = count / len(self.staff) / len(WORKING)
        for one in self.staff:
            for day in WORKING:
                self._day(one, day, a_day)
        for kind in INJECTED:
            for one in self.dice.sample(self.staff, episodes):
                self._number = len(self.episodes)
                self.episodes.append(Episode(kind, one.name, self._number))
                INJECTED[kind](self, one)
        self._write()

    # ---- who there is

    def _residents(self, count: int) -> None:
        self.places = list(District.objects.order_by("code").values_list("name", "code"))[:17]
        made = []
        for n in range(count):
            place, _ = self.places[n % len(self.places)]
            phone = f"+8210{n:08}"
            made.append(
                Resident(
                    name=self.dice.choice(SURNAMES) + "예시",
                    phone=phone,
                    phone_index=phone_index(phone),
                    address=f"경상남도 진주시 {place} 예시로 {self.dice.randrange(1, 400)}, {n % 30 + 1}호",
                )
            )
        Resident.objects.bulk_create(made, batch_size=2000)
        self.people: dict[str, list[str]] = {}
        self.surname: dict[str, str] = {}
        self.house: dict[str, list[str]] = {}
        for n, one in enumerate(made):
            subject = f"people.resident:{one.pk}"
            self.people.setdefault(self.places[n % len(self.places)][1], []).append(subject)
            self.surname[subject] = one.name[0]
            self.house.setdefault(one.address.split(",")[0], []).append(subject)
        self.everybody = list(self.surname)
        self.made = made

    def _staff(self) -> None:
        self.staff: list[Staff] = []
        jobs = [("clerk", code) for _, code in self.places for _ in range(2)] + [("call", "")] * 8
        jobs += [("officer", "")] * 4 + [("school", "")] * 8
        for n, (job, code) in enumerate(jobs):
            phone = f"+82108888{n:04}"
            user = User.objects.create_user(
                f"{job}-{n}", name=self.dice.choice(SURNAMES) + "직원", phone=phone
            )
            user.phone_index = phone_index(phone)
            user.save()
            start = timezone.make_aware(FIRST - timedelta(days=200))
            RoleGrant.objects.create(
                user=user, role=ROLES[job], district_id=code or None, granted_at=start, reason="예시"
            )
            self.staff.append(Staff(user, job, code, f"10.{n // 2 + 1}"))
        # Every third is served here too, as anybody may be.
        for one in self.staff[::3]:
            resident = self.dice.choice(self.made)
            resident.phone_index, resident.phone = one.user.phone_index, one.user.phone
            resident.save(update_fields=["phone", "phone_index"])

    # ---- what they do all day

    def _theirs(self, one: Staff) -> list[str]:
        return self.people[one.district] if one.district else self.everybody

    def _day(self, one: Staff, day: datetime, a_day: float) -> None:
        dice = self.dice
        if dice.random() < 0.06:
            return  # a day off
        late = dice.random() < 0.03
        at = day + timedelta(hours=8, minutes=dice.randrange(25, 65))
        until = day + timedelta(hours=20 if late else 18, minutes=dice.randrange(0, 30))
        for _ in range(dice.choice((0, 0, 0, 0, 0, 1, 1, 2, 3))):
            self._add(one, at, [], "sign_in", "비밀번호 틀림", "refused")
            at += timedelta(seconds=dice.randrange(10, 60))
        self._add(one, at, [], "sign_in", "")
        if day.weekday() == 0 or not one.current:
            one.current = dice.sample(self._theirs(one), 40)
        pace = (until - at).total_seconds() / (a_day * dice.uniform(0.8, 1.2))
        while at < until:
            at += timedelta(seconds=dice.expovariate(1 / pace) + 8)
            if day + timedelta(hours=12) < at < day + timedelta(hours=13) and dice.random() < 0.9:
                continue
            self._deed(one, at)
        if dice.random() < 0.01:  # somebody forgot something and came on Saturday
            for n in range(dice.randrange(1, 4)):
                self._add(
                    one,
                    day + timedelta(days=5 - day.weekday(), hours=11, minutes=7 * n),
                    [dice.choice(one.current)],
                )

    def _deed(self, one: Staff, at: datetime) -> None:
        dice, chance = self.dice, self.dice.random()
        if one.job == "call" and chance < 0.18:  # somebody telephones: whoever it is
            self._add(one, at, [dice.choice(self.everybody)], detail="배움터 전화 받기: 그 번호의 신청")
        elif chance < 0.7:
            self._add(one, at, dice.sample(self._theirs(one), 20), detail="무상수리 접수 목록")
        elif chance < 0.985:
            person = dice.choice(one.current)
            self._add(one, at, [person])
            if dice.random() < 0.5:  # work is done on it
                self._add(one, at + timedelta(seconds=dice.randrange(20, 200)), [person], "change", "선정")
        elif chance < 0.989:
            self._add(one, at, [dice.choice(one.current)], "print", "무상수리 접수증")

    def _add(
        self,
        one: Staff,
        at: datetime,
        subjects: list[str],
        action: str = "view",
        detail: str = "무상수리 한 건",
        result: str = "done",
        address: str = "",
        episode: int = -1,
    ) -> None:
        where = address or f"{one.network}.0.{self.dice.randrange(2, 9)}"
        self.rows.append(Row(at, one.name, subjects, action, detail, result, where, episode))

    # ---- what they should not do

    def inject(self, one: Staff, at: datetime, subjects: list[str], **given: str) -> None:
        self._add(one, at, subjects, episode=self._number, **given)

    def moment(self, first: int = 9, last: int = 17) -> datetime:
        day = self.dice.choice(WORKING[5:])
        return day + timedelta(hours=self.dice.randrange(first, last), minutes=self.dice.randrange(60))

    def _write(self) -> None:
        self.rows.sort(key=lambda row: row.at)
        made = []
        for row in self.rows:
            record = AccessRecord(
                at=timezone.make_aware(row.at),
                identifier=row.who,
                address=row.address,
                subjects=row.subjects,
                action=row.action,
                detail=row.detail,
                result=row.result,
            )
            record.seal()
            made.append(record)
        AccessRecord.objects.bulk_create(made, batch_size=2000)
        self.episode_of = {
            record.pk: row.episode for record, row in zip(made, self.rows, strict=True) if row.episode >= 0
        }


def mass(month: OfficeMonth, one: Staff) -> None:
    """Goes through the people of a place, for whatever reason, for an hour or so."""
    at, dice = month.moment(), month.dice
    minutes = dice.randrange(20, 60)
    for person in dice.sample(month.everybody, dice.randrange(35, 160)):
        at += timedelta(seconds=minutes * 60 / 100 * dice.uniform(0.3, 1.4))
        month.inject(one, at, [person])


def night(month: OfficeMonth, one: Staff) -> None:
    dice = month.dice
    at = dice.choice(WORKING) + timedelta(
        hours=dice.choice((22, 23, 24, 25, 26, 27)), minutes=dice.randrange(50)
    )
    if dice.random() < 0.4:
        at = dice.choice([day for day in DAYS if day.weekday() >= 5]) + timedelta(hours=dice.randrange(9, 20))
    for _ in range(dice.randrange(3, 25)):
        at += timedelta(seconds=dice.randrange(20, 240))
        month.inject(one, at, [dice.choice(month.everybody)])


def ex_staff(month: OfficeMonth, one: Staff) -> None:
    """Whose role was taken back looks all the same, by a session or a colleague's screen."""
    at, dice = month.moment(), month.dice
    RoleGrant.objects.filter(user=one.user, revoked_at=None).update(
        revoked_at=timezone.make_aware(at - timedelta(minutes=30)),
        revoked_reason="예시 퇴직",
        revoked_by=one.user,
    )
    month.rows = [
        row
        for row in month.rows
        if row.who != one.name or row.at < at - timedelta(minutes=30) or row.episode >= 0
    ]
    for _ in range(dice.randrange(1, 10)):
        at += timedelta(seconds=dice.randrange(20, 900))
        month.inject(one, at, [dice.choice(month.everybody)])


def own(month: OfficeMonth, one: Staff) -> None:
    mine = _served(month, one)
    for _ in range(month.dice.randrange(1, 5)):
        month.inject(one, month.moment(), [mine])


def _served(month: OfficeMonth, one: Staff) -> str:
    """Their own row; made so that they have one."""
    found = next((made for made in month.made if made.phone_index == one.user.phone_index), None)
    if found is None:
        found = month.dice.choice([made for made in month.made if made.phone.startswith("+82100")])
        found.phone, found.phone_index = one.user.phone, one.user.phone_index or ""
        found.save(update_fields=["phone", "phone_index"])
    return f"people.resident:{found.pk}"


def neighbours(month: OfficeMonth, one: Staff) -> None:
    key = _served(month, one).partition(":")[2]
    me = next(made for made in month.made if str(made.pk) == key)
    house = [s for s in month.house[me.address.split(",")[0]] if not s.endswith(key)]
    if not house:  # nobody lives with them yet
        other = month.dice.choice([m for m in month.made if m.phone.startswith("+82100") and m.pk != me.pk])
        other.address = me.address.split(",")[0] + ", 99호"
        other.save(update_fields=["address"])
        house = [f"people.resident:{other.pk}"]
    for _ in range(month.dice.randrange(1, 8)):
        month.inject(one, month.moment(), [month.dice.choice(house)])


def surname(month: OfficeMonth, one: Staff) -> None:
    """Looks for relatives: those of the own, not too common name."""
    name = month.dice.choice("강조윤장임한오서신권황안송류전홍")
    one.user.name = name + "직원"
    one.user.save()
    family = [s for s, known in month.surname.items() if known == name]
    for person in month.dice.sample(family, min(len(family), month.dice.randrange(10, 30))):
        month.inject(one, month.moment(), [person])


def after_transfer(month: OfficeMonth, one: Staff) -> None:
    old, at = one.district, month.dice.choice(WORKING[4:9])
    if not old:
        old = month.places[3][1]
        RoleGrant.objects.create(
            user=one.user,
            role="office_clerk",
            district_id=old,
            reason="예시",
            granted_at=timezone.make_aware(FIRST - timedelta(days=300)),
        )
    grant = RoleGrant.objects.get(user=one.user, district_id=old)
    RoleGrant.objects.filter(pk=grant.pk).update(
        revoked_at=timezone.make_aware(at), revoked_reason="예시 전보", revoked_by=one.user
    )
    new = next(code for _, code in month.places if code != old)
    RoleGrant.objects.create(
        user=one.user,
        role="office_clerk",
        district_id=new,
        reason="예시 전보",
        granted_at=timezone.make_aware(at),
    )
    # From that day on they work for the new place.
    for row in month.rows:
        if row.who == one.name and row.at >= at and row.episode < 0 and row.subjects:
            row.subjects = month.dice.sample(month.people[new], len(row.subjects))
    for _ in range(month.dice.randrange(1, 12)):
        when = at + timedelta(days=month.dice.randrange(1, 12), hours=month.dice.randrange(9, 17))
        month.inject(one, when, [month.dice.choice(month.people[old])])


def failures(month: OfficeMonth, one: Staff) -> None:
    at = month.moment(0, 24)
    for _ in range(month.dice.randrange(7, 60)):
        at += timedelta(seconds=month.dice.randrange(2, 40))
        month.inject(
            one, at, [], action="sign_in", detail="비밀번호 틀림", result="refused", address="203.0.113.9"
        )


def downloads(month: OfficeMonth, one: Staff) -> None:
    for _ in range(month.dice.randrange(8, 25)):
        people = month.dice.sample(month.everybody, month.dice.randrange(5, 60))
        month.inject(one, month.moment(), people, action="download", detail="명단")


def again(month: OfficeMonth, one: Staff) -> None:
    """The same person, day after day, without work on it."""
    person = month.dice.choice(month.everybody)
    for day in month.dice.sample(WORKING, month.dice.randrange(5, 15)):
        month.inject(one, day + timedelta(hours=month.dice.randrange(9, 17), minutes=3), [person])


def places(month: OfficeMonth, one: Staff) -> None:
    """An account that is used from everywhere at the same time."""
    at = month.moment()
    for n in range(month.dice.randrange(3, 8)):
        at += timedelta(minutes=month.dice.randrange(1, 7))
        month.inject(one, at, [month.dice.choice(month.everybody)], address=f"{100 + 17 * n}.{n + 1}.0.7")


def too_fast(month: OfficeMonth, one: Staff) -> None:
    at = month.moment()
    for person in month.dice.sample(month.everybody, month.dice.randrange(13, 80)):
        at += timedelta(seconds=month.dice.uniform(0.5, 3.5))
        month.inject(one, at, [person])


INJECTED: dict[str, Callable[[OfficeMonth, Staff], None]] = {
    one.__name__: one
    for one in (
        mass,
        night,
        surname,
        own,
        neighbours,
        after_transfer,
        failures,
        downloads,
        again,
        places,
        too_fast,
        ex_staff,
    )
}
