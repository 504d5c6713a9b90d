"""The deeds of a monthly review: begun, asked about, explained, judged, finished."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import Error, transaction
from django.http import HttpRequest
from django.utils import timezone

from ..access import Action, record
from ..models import Finding, Review
from ..telling import tell
from . import detectors, month

#: Of the next month: by then a month is reviewed.
DUE_DAY = 10


class NotPossible(ValueError):
    """Its text says in Korean why not."""


OPERATOR = "점검하는 사람은 점검받는 일을 하지 않아야 합니다. 개인정보 역할만 가진 다른 담당이 해야 합니다."


def _user(request: HttpRequest) -> Any:
    """Behind doors.for_officers."""
    return request.user


def begin(request: HttpRequest, first: date) -> Review:
    """Looks through the month; the review that is there already, if somebody began it."""
    known = Review.objects.filter(month=first).first()
    if known:
        return known
    if first >= timezone.localdate().replace(day=1):
        raise NotPossible("아직 끝나지 않은 달입니다. 다음 달에 점검해 주세요.")
    looked = month.read(first)
    found = detectors.look_through(looked)
    try:
        with transaction.atomic():
            review = Review.objects.create(month=first, reviewer=_user(request), looks=len(looked.looks))
            Finding.objects.bulk_create(
                Finding(
                    review=review,
                    kind=one.kind,
                    identifier=one.identifier,
                    words=one.words[:200],
                    first_at=one.looks[0].at,
                    last_at=one.looks[-1].at,
                    records=[look.pk for look in one.looks],
                )
                for one in found
            )
            record(request, Action.CREATE, detail=f"접속기록 점검 {first:%Y-%m}: 찾은 것 {len(found)}건")
    except Error as error:
        raise _said(error) from error
    return review


def _said(error: Error) -> Exception:
    return NotPossible(OPERATOR) if "reviewer" in str(error) else error


@transaction.atomic
def ask(request: HttpRequest, pk: Any) -> Finding:
    """Whom it concerns is asked to explain; told by a message, if there is a phone."""
    finding = _open(pk)
    if finding.identifier == request.user.get_username():
        raise NotPossible("본인에 대한 것입니다. 다른 담당이 소명을 청해야 합니다.")
    if finding.asked_at is None:
        finding.asked_at = timezone.now()
        finding.save(update_fields=["asked_at"])
        user: Any = get_user_model().objects.filter(username=finding.identifier, is_active=True).first()
        if user and user.phone:
            tell(user.phone, "privacy_explain", {}, f"explain:{finding.pk}")
        record(request, Action.CHANGE, detail=f"접속기록 점검: {finding.identifier}에게 소명을 청함")
    return finding


@transaction.atomic
def explain(request: HttpRequest, pk: Any, words: str) -> Finding:
    """By the one whom it concerns; once."""
    finding = _open(pk)
    if finding.identifier != request.user.get_username() or finding.asked_at is None:
        raise Finding.DoesNotExist
    if finding.explained_at:
        raise NotPossible("이미 답하셨습니다.")
    finding.explanation, finding.explained_at = words, timezone.now()
    finding.save(update_fields=["explanation", "explained_at"])
    record(request, Action.CHANGE, detail="접속기록 점검: 소명함")
    return finding


def judge(request: HttpRequest, pk: Any, result: str, words: str) -> Finding:
    try:
        with transaction.atomic():
            finding = _open(pk)
            finding.result, finding.judged_words = Finding.Result(result), words
            finding.judged_by, finding.judged_at = _user(request), timezone.now()
            finding.save(update_fields=["result", "judged_words", "judged_by", "judged_at"])
            record(request, Action.CHANGE, detail=f"접속기록 점검: {finding.get_result_display()}")
    except Error as error:
        raise _said(error) from error
    return finding


def finish(request: HttpRequest, pk: int) -> Review:
    try:
        with transaction.atomic():
            return _finish(request, pk)
    except Error as error:
        raise _said(error) from error


def _finish(request: HttpRequest, pk: int) -> Review:
    review = Review.objects.select_for_update(of=("self",)).get(pk=pk)
    left = review.findings.filter(result="").count()
    if left:
        raise NotPossible(f"아직 판단하지 않은 것이 {left}건 있습니다.")
    if review.closed_at is None:
        review.closed_at, review.closed_by = timezone.now(), _user(request)
        review.save(update_fields=["closed_at", "closed_by"])
        record(request, Action.CHANGE, detail=f"접속기록 점검 {review.month:%Y-%m}: 마침")
    return review


def _open(pk: Any) -> Finding:
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=pk)
    if finding.result:
        raise NotPossible("이미 판단한 것입니다.")
    return finding


def months(today: date, many: int = 6) -> list[tuple[date, bool]]:
    """(first day, whether it should have been reviewed by now) of the last months that are over, newest first."""
    found, first = [], today.replace(day=1)
    for _ in range(many):
        after = first
        first = (first - timedelta(days=1)).replace(day=1)
        found.append((first, today > after.replace(day=DUE_DAY)))
    return found
