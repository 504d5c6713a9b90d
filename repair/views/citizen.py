"""컴퓨터 무상수리 for everybody: what it is, and whether one may have it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ..actors import contractor_of, works_on_cases
from ..citizen_forms import SOMETHING_ELSE, CheckForm
from ..eligibility import BRING_NOTE, Verdict, won
from ..groups import GROUP_LABELS
from ..screening import judged, standing

#: Verdict → the heading of the answer, and how it looks (static/css/marks.css).
HEADINGS = {
    Verdict.YES: ("지원받으실 수 있습니다", "success"),
    Verdict.WAITS: ("지원 대상이지만 차례를 기다리셔야 합니다", "info"),
    Verdict.ASK: ("직원이 확인해 봐야 합니다", "info"),
    Verdict.NO: ("지금 답하신 대로라면 지원받기 어렵습니다", "warning"),
}
NOT_A_COMPUTER = (
    "컴퓨터(데스크톱, 노트북)만 고쳐 드립니다."
    " 휴대전화, 프린터, 텔레비전은 만든 회사의 서비스센터에 물어봐 주세요."
)


@login_not_required
@never_cache
@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    now = standing(timezone.localdate())
    rule = now.rule
    context = {
        "now": now,
        "rule": rule,
        "cap": won(rule.cap_won) if rule else "",
        "groups": [label for group, label in GROUP_LABELS.items() if rule is None or group in rule.groups],
        "works": works_on_cases(request.user),
        "repairs": contractor_of(request.user) is not None,
    }
    return render(request, "repair/citizen_landing.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Four questions. The answer advises: one may always apply. Nothing is kept, and nothing is in the address."""
    if request.method == "GET":
        return render(request, "repair/citizen_check.html", {"form": CheckForm()})
    form = CheckForm(request.POST)
    if not form.is_valid():
        return render(request, "repair/citizen_check.html", {"form": form}, status=422)
    today = timezone.localdate()
    now = standing(today)
    answer = judged(form.asked(), now, today)
    verdict = answer.verdict if answer else Verdict.NO
    reasons = [reason.words for reason in answer.reasons] if answer else [now.words]
    if form.cleaned_data["group"] == "none":
        # One who belongs to none of them is told so; `judge` knows only that the group is not known.
        verdict = Verdict.NO
        reasons = [
            "고르신 대로면 올해 지원 대상에 들지 않습니다. 아닌 것 같으면 그래도 신청해 주세요.",
            *reasons,
        ]
    if form.cleaned_data["device"] == SOMETHING_ELSE:
        verdict, reasons = Verdict.NO, [NOT_A_COMPUTER, *reasons]
    heading, look = HEADINGS[verdict]
    context = {
        "form": form,
        "heading": heading,
        "look": look,
        "reasons": reasons,
        "bring": answer.bring if answer and verdict != Verdict.NO else (),
        "bring_note": BRING_NOTE,
        "fits": verdict in (Verdict.YES, Verdict.WAITS),
    }
    return render(request, "repair/citizen_check_answer.html", context)
