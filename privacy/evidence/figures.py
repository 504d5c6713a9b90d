"""Live figures, each with the question as it was asked and some of the rows that it found; never whose they are. A
function an article; three dozen questions to the database in all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from ..access import OF_A_CITIZEN
from ..keys import ciphers, sealing_key
from ..ledger import checkpoints
from ..ledger.witnesses.handing import standing
from ..models import AccessRecord, Destruction, ErasurePlan, Request, Review, Rotation
from ..reseal import sealed_fields
from ..review.reviewing import months


@dataclass(frozen=True)
class Figure:
    """`key`: never changes, so that years can be compared. `well` None: no judgement. `how`: the question in words;
    `query`: in SQL. `sample`: rows to be looked up, of which none says whose it is."""

    key: str
    name: str
    value: str
    how: str
    well: bool | None = None
    query: str = ""
    sample: tuple[str, ...] = ()


Tell = Callable[[], list[Figure]]
_tells: dict[int, Tell] = {}


def tells(article: int) -> Callable[[Tell], Tell]:
    def registered(tell: Tell) -> Tell:
        _tells[article] = tell
        return tell

    return registered


def figures() -> dict[int, list[Figure]]:
    """Article → its figures, as of now."""
    return {article: tell() for article, tell in sorted(_tells.items())}


#: So many rows stand beside a figure.
SAMPLE = 3


def _rows(
    key: str,
    name: str,
    rows: QuerySet[Any],
    how: str,
    shows: Callable[[Any], str] | None = None,
    *,
    should_be_none: bool = False,
) -> Figure:
    """How many `rows` there are, and the newest as `shows` writes them."""
    count = rows.count()
    return Figure(
        key,
        name,
        f"{count:,}",
        how,
        count == 0 if should_be_none else None,
        str(rows.order_by().values("pk").query),
        tuple(shows(one) for one in rows.order_by("-pk")[:SAMPLE]) if shows else (),
    )


def _entry(row: AccessRecord) -> str:
    """When, what, and the beginning of its commitment, by which an export of the ledger finds it."""
    at = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M} {row.get_action_display()}"
    return f"{at}, 봉인 {bytes(row.commitment).hex()[:12]}" if row.commitment else at


def _year_ago() -> Any:
    return timezone.now() - timedelta(days=365)


@tells(5)
def rights() -> list[Figure]:
    staff = get_user_model().objects.filter(is_active=True, phone_sign_in=False)
    idle = staff.filter(last_login__lt=timezone.now() - timedelta(days=90))
    changes = AccessRecord.objects.filter(action__in=["grant", "revoke"], at__gte=_year_ago())
    without = AccessRecord.objects.filter(action__in=["grant", "revoke"], detail="")
    return [
        _rows("5.staff", "쓰는 직원 계정", staff, "한 사람에 한 계정; 닫지 않은 계정의 수"),
        _rows(
            "5.idle",
            "90일 넘게 들어오지 않은 계정",
            idle,
            "마지막 로그인이 90일보다 먼저",
            lambda user: f"마지막 로그인 {timezone.localtime(user.last_login):%Y-%m-%d}",
            should_be_none=True,
        ),
        _rows("5.changes", "지난 1년의 권한 변경", changes, "접속기록에서 권한 부여와 회수", _entry),
        _rows(
            "5.without", "까닭 없는 권한 변경", without, "그 가운데 까닭이 빈 것", _entry, should_be_none=True
        ),
    ]


@tells(6)
def entry() -> list[Figure]:
    users: Any = get_user_model().objects
    staff = users.filter(is_active=True, phone_sign_in=False)
    with_factor = staff.filter(authenticator__isnull=False).distinct().count()
    count = staff.count()
    refused = AccessRecord.objects.filter(action="sign_in", result="refused", at__gte=_year_ago())
    idle = settings.SESSION_IDLE_SECONDS // 60
    return [
        Figure(
            "6.second",
            "2단계 인증을 만든 직원",
            f"{with_factor:,}/{count:,}",
            "만들기 전에는 어떤 화면도 열리지 않음",
            with_factor == count,
            str(staff.order_by().values("pk").query),
        ),
        _rows("6.refused", "지난 1년의 로그인 실패", refused, "접속기록에서 거절된 로그인", _entry),
        Figure("6.idle", "쓰지 않으면 끊는 시간", f"{idle}분", "SESSION_IDLE_SECONDS", idle <= 30),
    ]


@tells(7)
def sealing() -> list[Figure]:
    columns = list(sealed_fields())
    last = Rotation.objects.first()
    return [
        Figure(
            "7.columns",
            "잠가 두는 칸",
            f"{len(columns):,}",
            "모델에서 스스로 찾음; 평문은 쓸 수도 읽을 수도 없음",
            bool(columns),
            sample=tuple(map(str, columns[:SAMPLE])),
        ),
        Figure(
            "7.key",
            "지금 잠그는 열쇠",
            sealing_key()[0].decode(),
            "DATA_KEYS의 첫째; 열쇠는 데이터베이스에 없음",
        ),
        Figure(
            "7.old",
            "아직 두고 있는 예전 열쇠",
            f"{len(ciphers()) - 1}",
            "다 바꾼 뒤 빼야 하는 열쇠",
            len(ciphers()) == 1,
        ),
        Figure(
            "7.rotated",
            "열쇠를 마지막으로 바꾼 때",
            f"{last.finished_at:%Y-%m-%d}" if last and last.finished_at else "없음",
            "열쇠 바꾸기의 기록",
        ),
    ]


@tells(8)
def records() -> list[Figure]:
    year = AccessRecord.objects.filter(at__gte=_year_ago())
    oldest = AccessRecord.objects.order_by("at").values_list("at", flat=True).first()
    well, words = checkpoints.health()
    witnesses = standing()
    due = [
        first
        for first, late in months(timezone.localdate(), 12)
        if late and (oldest and oldest.date() < first)
    ]
    reviews = Review.objects.filter(month__in=due, closed_at__isnull=False)
    done = reviews.count()
    return [
        _rows("8.records", "지난 1년의 접속기록", year, "다섯 항목이 모두 있어야 적힘", _entry),
        _rows(
            "8.loose",
            "장부에 봉인되지 않은 기록",
            year.filter(commitment=None),
            "봉인이 빈 기록",
            _entry,
            should_be_none=True,
        ),
        Figure(
            "8.oldest",
            "가장 오래된 기록",
            f"{oldest:%Y-%m-%d}" if oldest else "없음",
            f"{settings.ACCESS_RECORD_DAYS}일 보관",
        ),
        Figure("8.ledger", "장부", words, "확인표가 제때 나오는지", well),
        Figure(
            "8.witnesses",
            "증인",
            f"{sum(one['ok'] for one in witnesses)}/{len(witnesses)}",
            "확인표를 제때 받은 곳",
            bool(witnesses) and all(one["ok"] for one in witnesses),
            sample=tuple(str(one["name"]) for one in witnesses[:SAMPLE]),
        ),
        Figure(
            "8.reviews",
            "달마다 점검",
            f"{done}/{len(due)}",
            "기한이 지난 달 가운데 마친 점검",
            done == len(due),
            str(reviews.order_by().values("pk").query) if due else "",
            tuple(
                f"{one.month:%Y-%m}, {timezone.localtime(one.closed_at):%Y-%m-%d} 마침"
                for one in reviews.order_by("-month")[:SAMPLE]
            ),
        ),
    ]


@tells(12)
def copies() -> list[Figure]:
    taken = AccessRecord.objects.filter(action__in=["download", "print"], at__gte=_year_ago())
    # Of one's own data nobody is asked. Others chose or wrote a reason, which follows the page (purposes.detail).
    without = taken.exclude(identifier__regex=OF_A_CITIZEN).exclude(detail__contains=": ")
    return [
        _rows("12.copies", "지난 1년의 내려받기와 인쇄", taken, "접속기록에서", _entry),
        _rows(
            "12.without",
            "까닭이 적히지 않은 것",
            without,
            "직원이 받은 것 가운데 내용에 까닭이 없는 것",
            _entry,
            should_be_none=True,
        ),
    ]


@tells(13)
def destroyed() -> list[Figure]:
    waiting = ErasurePlan.objects.filter(state="waiting")
    late = Request.objects.filter(state__in=Request.RUNNING, due_on__lt=timezone.localdate())
    return [
        _rows(
            "13.register",
            "파기 대장의 줄",
            Destruction.objects.all(),
            "지운 것마다 한 줄, 장부에도",
            lambda one: (
                f"{timezone.localtime(one.at):%Y-%m-%d} {one.label} {one.count:,}건, 봉인"
                f" {bytes(one.commitment).hex()[:12]}"
            ),
        ),
        _rows(
            "13.waiting",
            "둘째 사람을 기다리는 파기",
            waiting,
            "파기 계획",
            lambda one: f"{timezone.localtime(one.proposed_at):%Y-%m-%d} 올림",
        ),
        _rows(
            "13.late",
            "기한이 지난 정보주체의 요구",
            late,
            "열흘이 지난 요구",
            lambda one: f"{one.get_kind_display()}, 기한 {one.due_on}",
            should_be_none=True,
        ),
    ]
