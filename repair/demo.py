"""An example programme: this year with a case in every state, last year closed and settled. Nobody in it is real."""

from collections.abc import Iterator
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from random import Random

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from people.accounts import create_staff
from people.demo import PASSWORD
from people.demo_clock import after, at, clock_at
from people.grants import grant
from people.models import District, RoleGrant, User
from privacy.access import Action, record

from . import budget, years
from .actors import Actor
from .demo_accounts import CONTRACTOR, DEMO_ACCOUNTS, DemoAccount
from .demo_stories import Application, Cast, Story, bookkeeping
from .groups import Group
from .models import Case, Contractor, Device, PriceItem, Programme, Step, TechnicianPost

REASON = "예시 사업"
#: Repaired in this year and in the last, beside the cases that stand somewhere on the way.
REPAIRED, REPAIRED_LAST_YEAR = 56, 18
PRICES = (
    ("work", "점검", 30_000),
    ("work", "윈도우 설치", 30_000),
    ("part", "SSD 256GB", 55_000),
    ("part", "메모리 8GB", 35_000),
    ("part", "파워 공급 장치", 60_000),
)
#: The example year began so long ago at least: else there would be nothing to see in January.
BEGAN = timedelta(days=75)
#: Districts with an office of the example city get most of the cases.
OFFICES = {"문산읍": 12, "금산면": 6}


class NotAnExampleCity(RuntimeError):
    """A real city gets no example people and no example cases."""


@transaction.atomic
def seed() -> bool:
    """DEMO_ACCOUNTS, and once the two years. Whether cases were made. NotAnExampleCity in production."""
    if settings.PRODUCTION:
        raise NotAnExampleCity("PORTAL_MODE=production")
    contractor, _ = Contractor.objects.get_or_create(name=CONTRACTOR, defaults={"is_example": True})
    users = {account.sign_in: _account(account, contractor) for account in DEMO_ACCOUNTS}
    if Case.objects.exists() or Programme.objects.exists():
        return False
    today = timezone.localdate()
    cast = _cast(users)
    last, this = _two_years(today, contractor, users["demo-repair"])
    cast.prices = {(item.programme_id, item.name): item for item in PriceItem.objects.all()}
    stories = [*_this_year(cast, this, today), *_last_year(cast, last)]
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)  # left to be settled by whoever tries it
    stories.append(bookkeeping(cast, last.opens_on.replace(day=1), before))
    _tell(stories)
    Case.objects.filter(is_example=True).update(tells=Case.Tells.APPLICANT)
    return True


def _account(account: DemoAccount, contractor: Contractor) -> User:
    user = User.objects.filter(username=account.sign_in).first() or create_staff(
        *(account.sign_in, account.name, PASSWORD), totp_secret=generate_totp_secret(), is_demo=True
    )
    if account.role != "technician":
        district = District.objects.get(name=account.place) if account.place else None
        grant(user, account.role, district, reason=REASON)
    elif not TechnicianPost.objects.filter(user=user, revoked_at=None).exists():
        began = timezone.now() - timedelta(days=800)  # before the first example visit
        post = TechnicianPost.objects.create(
            user=user, contractor=contractor, reason=REASON, granted_at=began
        )
        record(None, Action.GRANT, [user], f"{post}: {REASON}")
    return user


def _cast(users: dict[str, User]) -> Cast:
    """The clerk of 문산읍 is the second one of this example, who is always there."""
    geumsan = User.objects.filter(
        is_demo=True, role_grants__role=RoleGrant.Role.OFFICE_CLERK, role_grants__district__name="금산면"
    ).first()
    clerks = {"문산읍": users["demo-munsan2"]} | ({"금산면": geumsan} if geumsan else {})
    return Cast(
        officer=Actor(Step.Who.STAFF, users["demo-repair"]),
        clerks={name: Actor(Step.Who.STAFF, user) for name, user in clerks.items()},
        technician=Actor(Step.Who.TECHNICIAN, users["demo-tech"]),
        prices={},
        random=Random(4),  # noqa: S311 - the same example city every time
    )


def _two_years(today: date, contractor: Contractor, by: User) -> tuple[Programme, Programme]:
    opens = min(date(today.year, 1, 2), today - BEGAN)
    last_opens = date(today.year - 1, 1, 2)
    wait = Programme.WhenSpent.WAIT
    with clock_at(at(last_opens - timedelta(days=10), 10)):
        last = years.open_year(today.year - 1, last_opens, opens - timedelta(days=1), wait, by)
        last = years.set_contractor(last.year, contractor, by)
        for kind, name, won in PRICES:
            years.add_price(last.year, kind, name, won, by)
        years.add_rule(last.year, _rule(last), by)
        budget.change_budget(last.year, 12_000_000, "본예산 배정", by)
    with clock_at(at(opens - timedelta(days=5), 10)):
        this = years.open_year(today.year, opens, date(today.year, 12, 31), wait, by, like=last)
        budget.change_budget(this.year, 24_000_000, "본예산 배정", by)
    return Programme.objects.get(pk=last.year), Programme.objects.get(pk=this.year)


def _rule(programme: Programme) -> years.RuleWritten:
    return years.RuleWritten(
        valid_from=programme.opens_on,
        groups=[group.value for group in Group],
        cap_won=200_000,
        organisation_devices=5,
        once_a_year=True,
        working_days=3,
        counts_first_day=False,
        source="예시 공고 (진주시 컴퓨터 무상수리 안내를 따른 예시)",
    )


def _tell(stories: list[Story]) -> None:
    """Every deed in the order of its time, as the ledger has it; what would come later than now is not told."""
    now = timezone.now()
    waiting = [(next(story), n, story) for n, story in enumerate(stories)]
    heapify(waiting)
    while waiting:
        moment, n, story = heappop(waiting)
        if moment > now:
            continue
        with clock_at(moment):
            following = next(story, None)
        if following is not None:
            heappush(waiting, (following, n, story))


class _Places:
    """Districts in the order in which cases come from them."""

    def __init__(self, random: Random) -> None:
        self.all = list(District.objects.defer("boundary").order_by("code"))
        self.by_name = {district.name: district for district in self.all}
        self.weights = [OFFICES.get(district.name, 1) for district in self.all]
        self.random = random

    def any(self) -> District:
        return self.random.choices(self.all, self.weights)[0]


def _days(random: Random, first: date, last: date, count: int) -> list[date]:
    return sorted(
        after(first + timedelta(days=random.randrange(max(1, (last - first).days))), 0) for _ in range(count)
    )


def _repaired(cast: Cast, places: _Places, days: list[date]) -> Iterator[Story]:
    """Most in time and fixed; every few something else."""
    for n, day in enumerate(days):
        devices = 3 if n % 28 == 13 else 1
        application = Application(cast, places.any(), day, devices)
        in_time = cast.random.choice((1, 1, 2, 2, 3))
        if n % 14 == 5:
            yield application.repaired(in_time, over=devices == 1)
        elif n % 17 == 8:
            yield application.repaired(in_time, Device.Outcome.END_OF_LIFE, Device.Barrier.PARTS_EXPENSIVE)
        elif n % 19 == 9:
            yield application.repaired(in_time, Device.Outcome.REPAIRABLE, Device.Barrier.PARTS_UNAVAILABLE)
        elif n % 11 == 7:
            yield application.after_a_paper(in_time)
        elif n % 16 == 12:
            yield application.repaired(cast.random.choice((4, 5)))  # late
        else:
            yield application.repaired(in_time)


def _last_year(cast: Cast, year: Programme) -> Iterator[Story]:
    """Closed: all settled, the rest of the money given back, and two who waited for it in vain."""
    places = _Places(cast.random)
    end = year.closes_on
    yield from _repaired(
        cast, places, _days(cast.random, year.opens_on, end - timedelta(days=45), REPAIRED_LAST_YEAR)
    )
    for days_before in (150, 60):
        munsan = places.by_name["문산읍"]  # a refusal needs a second person: the city's officer
        yield Application(cast, munsan, after(end - timedelta(days=days_before), 0)).refused()
        yield Application(cast, places.any(), after(end - timedelta(days=days_before + 9), 0)).withdrawn()
    yield _give_back(cast, year)
    for name in OFFICES:
        yield Application(cast, places.by_name[name], after(end - timedelta(days=15), -1)).waiting()


def _give_back(cast: Cast, year: Programme) -> Story:
    yield at(after(year.closes_on - timedelta(days=20), 0), 10)
    left = Programme.objects.get(pk=year.year).left_won
    user = cast.officer.user
    if user is not None and left > 90_000:
        budget.change_budget(year.year, 90_000 - left, "집행 잔액 반납", user)


def _this_year(cast: Cast, year: Programme, today: date) -> Iterator[Story]:
    """A case in every state, most of them where the example has an office; repaired ones until two weeks ago."""
    places = _Places(cast.random)
    munsan, geumsan = (places.by_name[name] for name in OFFICES)

    def ago(working_days: int, district: District | None = None) -> Application:
        day = after(today, -working_days)
        return Application(cast, district or places.any(), max(day, year.opens_on))

    yield ago(3, munsan).selected()  # of DEMO_CITIZEN
    yield from (ago(3).selected(), ago(3, geumsan).selected())
    for back in (1, 2, 3):
        yield ago(back, munsan).filed()
        yield ago(back).filed()
    yield from (ago(4, munsan).asked_for_a_paper(), ago(5, geumsan).asked_for_a_paper())
    yield from (ago(4, munsan).confirmed(), ago(5, munsan).confirmed(), ago(4).confirmed())
    yield from (ago(5, munsan).proposed(), ago(4).proposed())
    yield from (ago(30, munsan).refused(), ago(40, munsan).refused(), ago(10, munsan).refused())
    yield from (ago(9, munsan).objected(), ago(20, munsan).reopened())
    yield from (ago(12, munsan).withdrawn(), ago(25).withdrawn(), ago(35).withdrawn())
    yield from (ago(3, munsan).taken(), ago(4).taken())
    yield from (ago(9, munsan).selected(), ago(8).selected(), ago(8, geumsan).taken())  # nobody came: late
    yield from (ago(6, munsan).paused(), ago(8, munsan).moved())
    yield from (ago(6, munsan).repairing(), ago(6).repairing(), ago(6, geumsan).consenting())
    yield ago(5, munsan).broken_off()
    recent = today - timedelta(days=16)
    yield from _repaired(cast, places, _days(cast.random, year.opens_on, recent, REPAIRED))
