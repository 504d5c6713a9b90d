"""보는 까닭: on a page about one person staff see masked data, until they say what they want to see it for.

What they chose counts for that row and for some minutes, so that one conversation asks once; each page that shows the
data meanwhile is recorded with it. (안전성 확보조치 기준 제12조: 목적에 따라 최소한으로 출력.)
"""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from .access import subject

#: As a clerk would say it. Never ends with "기타": what fits none of them is no reason to look.
PURPOSES = {
    "call": "시민과 통화·연락",
    "papers": "자격·서류 확인",
    "visit": "방문·수업 준비",
    "answer": "민원·요구 처리",
}
#: Of a conversation at the counter, in seconds.
LASTS = 10 * 60
#: Rows that one session remembers.
MOST = 50
KEY = "seen_for"


def opened(request: HttpRequest, row: models.Model | str, words: str) -> None:
    """From now on `row` is seen for that: chosen, or what somebody is doing with it anyway (접수)."""
    now = timezone.now().timestamp()
    kept: dict[str, Any] = request.session.get(KEY, {})
    live = sorted(((at, name, said) for name, (said, at) in kept.items() if now - at < LASTS), reverse=True)
    name = row if isinstance(row, str) else subject(row)
    request.session[KEY] = {
        **{other: [said, at] for at, other, said in live[: MOST - 1] if other != name},
        name: [words, now],
    }


def seen_for(request: HttpRequest, row: models.Model) -> str:
    """What for, in words; "": masked."""
    words, at = request.session.get(KEY, {}).get(subject(row), ("", 0))
    return words if timezone.now().timestamp() - at < LASTS else ""


def context(request: HttpRequest, row: models.Model) -> dict[str, Any]:
    """For templates/privacy/_purposes.html, which stands above what is masked."""
    return {"seen_for": seen_for(request, row), "seen_row": subject(row), "purposes": list(PURPOSES.items())}


def detail(page: str, words: str) -> str:
    """Of the access record: the page, and what it was opened for."""
    return f"{page}: {words}" if words else f"{page} (가린 채)"
