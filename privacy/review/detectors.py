"""Twelve kinds of what may be misuse, each a pure rule over a month (month.py). They propose; a person judges."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import comb
from statistics import median

from .facts import Known
from .month import FEW, Look, Month

HOUR = timedelta(hours=1)
NOTHING = Known()


@dataclass(frozen=True)
class Suspicion:
    """`looks`: what it is about, in the order of time. `words`: for the reviewer."""

    kind: str
    identifier: str
    looks: tuple[Look, ...]
    words: str


Detector = Callable[[Month], Iterator[Suspicion]]


@dataclass(frozen=True)
class Kind:
    """`why`: what is asked of the one whom it concerns."""

    key: str
    label: str
    why: str
    find: Detector


KINDS: dict[str, Kind] = {}


def _kind(label: str, why: str) -> Callable[[Detector], Detector]:
    def registered(find: Detector) -> Detector:
        key = find.__name__
        KINDS[key] = Kind(key, label, why, find)
        return find

    return registered


def look_through(month: Month) -> list[Suspicion]:
    return [found for kind in KINDS.values() for found in kind.find(month)]


def _of_one(month: Month) -> Iterator[tuple[str, list[Look]]]:
    for who, looks in month.by_staff.items():
        single = [look for look in looks if look.is_of_one]
        if single:
            yield who, single


def _busiest(
    looks: list[Look], within: timedelta, measure: Callable[[list[Look]], int]
) -> tuple[int, list[Look]]:
    """The stretch of that length of which `measure` says most."""
    best: tuple[int, list[Look]] = (0, [])
    start = 0
    for end, look in enumerate(looks):
        while look.at - looks[start].at > within:
            start += 1
        size = measure(looks[start : end + 1]) if end - start + 1 > best[0] else 0
        if size > best[0]:
            best = size, looks[start : end + 1]
    return best


def _known(month: Month, subject: str) -> Known:
    return month.subjects.get(subject, NOTHING)


def _people(looks: Iterable[Look]) -> set[str]:
    return {subject for look in looks for subject in look.subjects}


#: Different people opened one by one within an hour: three times what somebody at a telephone answers.
MASS_AN_HOUR = 32


@_kind("한꺼번에 많이", "한 시간에 여러 사람을 하나씩 연 까닭")
def mass(month: Month) -> Iterator[Suspicion]:
    for who, looks in _of_one(month):
        many, stretch = _busiest(looks, HOUR, lambda some: len(_people(some)))
        if many >= MASS_AN_HOUR:
            yield Suspicion("mass", who, tuple(stretch), f"한 시간 안에 {many}명을 하나씩 열었습니다.")


#: On one night or closed day.
AT_NIGHT = 3


@_kind("밤과 쉬는 날", "근무 시간이 아닌 때 연 까닭")
def night(month: Month) -> Iterator[Suspicion]:
    for who, looks in _of_one(month):
        by_day: dict[date, list[Look]] = defaultdict(list)
        for look in looks:
            day = (look.at - timedelta(hours=6)).date()  # a night belongs to the evening before it
            if look.at.hour >= 22 or look.at.hour < 6 or day.weekday() >= 5 or day in month.closed:
                by_day[day].append(look)
        for day, some in by_day.items():
            if len(some) >= AT_NIGHT:
                yield Suspicion(
                    "night", who, tuple(some), f"{day}, 근무 시간이 아닌 때 {len(some)}번 열었습니다."
                )


@_kind("그만둔 뒤", "맡은 일이 없는데 연 까닭")
def ex_staff(month: Month) -> Iterator[Suspicion]:
    for who, looks in month.by_staff.items():
        posts = month.posts_of(who)
        after = [
            look
            for look in looks
            if look.done and look.subjects and not any(post.held_at(look.at) for post in posts)
        ]
        if after:
            yield Suspicion("ex_staff", who, tuple(after), f"맡은 역할이 없는 때 {len(after)}번 열었습니다.")


@_kind("자기 기록", "자기 기록을 연 까닭")
def own(month: Month) -> Iterator[Suspicion]:
    for who, looks in _of_one(month):
        phone = month.staff[who].phone
        mine = [
            look for look in looks if phone and any(_known(month, s).phone == phone for s in look.subjects)
        ]
        if mine:
            yield Suspicion("own", who, tuple(mine), f"자기 기록을 {len(mine)}번 열었습니다.")


@_kind("같은 집", "같은 주소에 사는 사람을 연 까닭")
def neighbours(month: Month) -> Iterator[Suspicion]:
    for who, looks in _of_one(month):
        me = month.staff[who]
        near = [
            look
            for look in looks
            if me.street
            and any(
                _known(month, s).street == me.street and _known(month, s).phone != me.phone
                for s in look.subjects
            )
        ]
        if near:
            yield Suspicion(
                "neighbours", who, tuple(near), f"같은 주소에 사는 사람을 {len(near)}번 열었습니다."
            )


#: Chance that as many of one surname come by themselves: once in some hundred months of the whole city.
UNLIKELY, OF_ONE_NAME = 1e-5, 5


@_kind("같은 성씨", "같은 성씨를 골라 연 까닭")
def surname(month: Month) -> Iterator[Suspicion]:
    counted = Counter(known.surname for known in month.subjects.values() if known.surname)
    everybody = sum(counted.values())
    for who, looks in _of_one(month):
        name = month.staff[who].surname
        people = {s for s in _people(looks) if _known(month, s).surname}
        same = {s for s in people if _known(month, s).surname == name}
        if not name or len(same) < OF_ONE_NAME:
            continue
        share = counted[name] / everybody
        if _at_least(len(same), len(people), share) < UNLIKELY:
            some = tuple(look for look in looks if same & set(look.subjects))
            yield Suspicion(
                "surname", who, some, f"연 {len(people)}명 가운데 {len(same)}명이 자기와 같은 성씨입니다."
            )


def _at_least(hits: int, tries: int, share: float) -> float:
    """That so many or more of `tries` are what `share` of all are (binomial)."""
    return sum(comb(tries, n) * share**n * (1 - share) ** (tries - n) for n in range(hits, tries + 1))


@_kind("자리를 옮긴 뒤", "전에 맡던 곳의 사람을 연 까닭")
def after_transfer(month: Month) -> Iterator[Suspicion]:
    for who, looks in _of_one(month):
        posts = [post for post in month.posts_of(who) if post.district]
        if not posts:
            continue
        found = []
        for look in looks:
            now = {post.district for post in posts if post.held_at(look.at)}
            then = {post.district for post in posts if post.until and post.until <= look.at} - now
            if any(_known(month, s).district in then for s in look.subjects):
                found.append(look)
        if found:
            yield Suspicion(
                "after_transfer", who, tuple(found), f"전에 맡던 읍면동의 사람을 {len(found)}번 열었습니다."
            )


FAILURES = 7


@_kind("로그인 실패가 이어짐", "로그인에 여러 번 실패한 까닭")
def failures(month: Month) -> Iterator[Suspicion]:
    for who, looks in month.by_staff.items():
        refused = [look for look in looks if look.action == "sign_in" and not look.done]
        many, stretch = _busiest(refused, HOUR, len)
        if many >= FAILURES:
            yield Suspicion("failures", who, tuple(stretch), f"한 시간 안에 {many}번 실패했습니다.")


#: In a month, beside what colleagues of the same role take.
FILES, TIMES_AS_MANY = 5, 3


def _is_file(look: Look) -> bool:
    """A file, or a print of many; a receipt for whoever stands at the counter is everyday work."""
    return look.action == "download" or (look.action == "print" and len(look.subjects) > FEW)


@_kind("내려받기가 많음", "여러 번 내려받거나 인쇄한 까닭")
def downloads(month: Month) -> Iterator[Suspicion]:
    taken = {
        who: [look for look in looks if look.done and _is_file(look)] for who, looks in month.by_staff.items()
    }
    roles = {who: {post.role for post in month.posts_of(who)} for who in taken}
    for who, some in taken.items():
        colleagues = [len(taken[other]) for other in taken if roles[other] & roles[who] and other != who]
        usual = median(colleagues) if colleagues else 0
        if len(some) >= max(FILES, TIMES_AS_MANY * usual + 1):
            words = f"{len(some)}번 내려받거나 인쇄했습니다. 같은 일을 하는 사람은 보통 {usual:g}번입니다."
            yield Suspicion("downloads", who, tuple(some), words)


#: On so many days, without any work done on it: a case that goes on is changed now and then.
DAYS = 5


@_kind("한 사람을 거듭", "한 사람을 여러 날 연 까닭")
def again(month: Month) -> Iterator[Suspicion]:
    for who, looks in _of_one(month):
        by_person: dict[str, list[Look]] = defaultdict(list)
        for look in looks:
            for subject in look.subjects:
                by_person[subject].append(look)
        for some in by_person.values():
            days = {look.at.date() for look in some}
            if len(days) >= DAYS and all(look.action == "view" for look in some):
                yield Suspicion("again", who, tuple(some), f"한 사람을 {len(days)}일에 걸쳐 보기만 했습니다.")


PLACES = 3


@_kind("여러 곳에서", "짧은 동안 여러 곳에서 접속한 까닭")
def places(month: Month) -> Iterator[Suspicion]:
    for who, looks in month.by_staff.items():
        known = [look for look in looks if look.address and look.done]
        many, stretch = _busiest(known, HOUR, lambda some: len({_network(look.address) for look in some}))
        if many >= PLACES:
            yield Suspicion("places", who, tuple(stretch), f"한 시간 안에 {many}곳에서 접속했습니다.")


def _network(address: str) -> str:
    return ".".join(address.split(".")[:2]) if "." in address else ":".join(address.split(":")[:3])


#: So many people one after the other, each sooner than anybody reads a page.
IN_A_ROW, A_GLANCE = 12, timedelta(seconds=5)


@_kind("너무 빨리", "읽지도 못할 만큼 빨리 넘긴 까닭")
def too_fast(month: Month) -> Iterator[Suspicion]:
    for who, looks in _of_one(month):
        best: list[Look] = []
        run: list[Look] = []
        for look in looks:
            run = [*run, look] if run and look.at - run[-1].at <= A_GLANCE else [look]
            if len(run) > len(best):
                best = run
        if len(_people(best)) >= IN_A_ROW:
            yield Suspicion(
                "too_fast", who, tuple(best), f"{len(_people(best))}명을 5초도 안 되어 잇달아 넘겼습니다."
            )
