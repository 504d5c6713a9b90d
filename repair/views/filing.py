"""The last page of an application: all of it to look at, what the rule says, and 신청하기."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.by_phone import Phone
from people.models import District
from people.phones import NotAPhone, national
from privacy.access import reveal

from .. import advice, filing, household, same_household
from ..actors import citizen
from ..apply_forms import OTHER
from ..apply_steps import LABELS, Application, device_words
from ..consent_texts import TEXTS
from ..eligibility import Asked, Verdict
from ..models import Case, Draft
from ..screening import judged, standing
from .applying import address_of, application, around
from .by_phone import by_phone

CHANGED = "그 사이에 다른 화면에서 내용을 고치셨습니다. 아래 내용이 맞는지 다시 보시고 신청해 주세요."


@by_phone
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, phone: Phone) -> HttpResponse:
    app, draft = application(phone)
    if request.method == "GET":
        return _page(request, app, draft) if draft else redirect("repair:apply")
    once = _once(request)
    if draft is None or draft.pk != once:
        # Tapped twice: the first tap has filed it.
        done = Case.objects.for_phone(phone.index).filter(once=once).first() if once else None
        if done is not None:
            return redirect("repair:my_receipt", done.pk)
        return _page(request, app, draft, CHANGED, status=409) if draft else redirect("repair:apply")
    if request.POST.get("seen") != draft.saved_at.isoformat():
        return _page(request, app, draft, CHANGED, status=409)
    if app.missing:
        return _page(request, app, draft, status=422)
    try:
        same_household.refuse_if_too_many(phone.index)
        case = filing.file(app.filed(), citizen(request), once=draft.pk, draft=draft)
    except filing.NotOpen as error:
        return _page(request, app, draft, f"{error} 적으신 내용은 그대로 남아 있습니다.", status=409)
    except filing.AlreadyFiled as error:
        mine = error.case and Case.objects.for_phone(phone.index).filter(pk=error.case.pk).first()
        if mine is None:
            same_household.note(request, phone.index, error.case)
        return _page(request, app, draft, str(error), status=409, same=mine)
    except same_household.TooMany as error:
        return _page(request, app, draft, f"{error} 적으신 내용은 그대로 남아 있습니다.", status=429)
    except NotAPhone as error:
        return _page(request, app, draft, str(error), status=422)
    messages.success(request, "신청을 받았습니다.")
    return redirect("repair:my_receipt", case.pk)


def _once(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None


def _page(
    request: HttpRequest,
    app: Application,
    draft: Draft,
    trouble: str = "",
    status: int = 200,
    same: Case | None = None,
) -> HttpResponse:
    reveal(request, [draft], "무상수리 신청서 확인")
    context = {
        **around(app, "check"),
        "draft": draft,
        "trouble": trouble,
        "same": same,
        "missing": [(LABELS[step], address_of(step)) for step in app.missing],
        "parts": [
            (LABELS[step], address_of(step), _facts(app, step, draft), step in app.missing)
            for step in app.steps[:-1]
        ],
        "advice": _advice(app),
        "seen": draft.saved_at.isoformat(),
    }
    return render(request, "repair/citizen_step_check.html", context, status=status)


def _advice(app: Application) -> list[str]:
    """Why it might be refused, or has to wait; it may be filed all the same."""
    today = timezone.localdate()
    here = household.is_in_jinju(app.data("where").get("address", ""), advice.areas())
    asked = Asked(app.group, here is not False, False, devices=app.count)
    answer = judged(asked, standing(today), today)
    if answer is None or answer.verdict not in (Verdict.NO, Verdict.WAITS):
        return []
    return [reason.words for reason in answer.reasons]


def _facts(app: Application, step: str, draft: Draft) -> list[tuple[str, str]]:
    """(label, what was typed) of a step."""
    data: dict[str, Any] = app.data(step)
    if step == "papers":
        count = draft.papers.count()
        return [("올린 사진과 서류", f"{count}개" if count else "없음 (나중에 내셔도 됩니다)")]
    if not data:
        return []
    if step == "who":
        return _without_empty(
            ("단체 이름", data["organisation"]), ("이름", data["name"]), ("태어난 날", data["birth_date"])
        )
    if step == "contact":
        return _contact(app, data)
    if step == "where":
        district = District.objects.only("name").get(pk=data["district"]).name
        return _without_empty(
            ("읍면동", district),
            ("주소", f"{data['address']} {data['unit']}".strip()),
            ("방문할 때", data["wishes"]),
        )
    if step == "what":
        found = [device_words(device) for device in app.devices()]
        return [("컴퓨터" if len(found) == 1 else f"{n}번째", words) for n, words in enumerate(found, 1)]
    if step == "group":
        return [("지원 대상", app.group_label)]
    return [(text.label, "동의함" if data[text.key.partition(".")[2]] else "동의하지 않음") for text in TEXTS]


def _contact(app: Application, data: dict[str, Any]) -> list[tuple[str, str]]:
    mine = national(app.phone)
    other = data.get("own_phone") or data.get("helper_phone") or ""
    other = national(other) if other else ""
    own, helper = (other or mine, mine) if app.kind == OTHER else (mine, other)
    told = "도와주시는 분" if data["tells"] == Case.Tells.HELPER else "신청하는 분"
    return _without_empty(
        ("신청하는 분 전화", own),
        ("도와주시는 분", f"{data['helper_name']} {helper}".strip() if data["helper_name"] else ""),
        ("알림 문자", f"{told}께 보냅니다"),
    )


def _without_empty(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    return [(label, words) for label, words in facts if words]
