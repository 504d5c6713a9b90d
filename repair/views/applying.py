"""신청서 쓰기: short steps, each saved as it is left, whatever the device."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from people.by_phone import Phone
from privacy.access import reveal
from privacy.masking import masked_phone

from .. import advice, drafts, household, last_time
from ..actors import citizen
from ..apply_forms import OTHER
from ..apply_steps import LABELS, WORDS, Application, consent_words, with_another, without
from ..eligibility import BRING_NOTE, papers
from ..models import Case, Draft
from ..screening import standing
from .by_phone import by_phone

#: Steps whose form is more than a column of fields.
OWN_PAGE = ("what", "consent")
#: Steps of this view; the others have pages of their own.
PLAIN = ("who", "contact", "where", "what", "group", "consent")
HEADINGS = {
    "who": "누가 신청하시나요?",
    "contact": "어떻게 연락드릴까요?",
    "where": "어디로 찾아갈까요?",
    "what": "무엇이 고장 났나요?",
    "group": "어느 지원 대상이신가요?",
    "papers": "사진과 서류",
    "consent": "개인정보 동의",
    "check": "확인하고 신청하기",
}
NOT_HERE = (
    "적으신 주소는 진주시가 아닌 것 같습니다. 진주시에 주민등록이 된 분만 지원받으실 수 있습니다."
    " 맞게 적으셨으면 그대로 신청하셔도 됩니다. 직원이 확인해 드립니다."
)


def application(phone: Phone) -> tuple[Application, Draft | None]:
    """As it stands, by the rule in force now."""
    draft = drafts.of(phone)
    return Application(drafts.answers_of(draft), phone.number, standing(timezone.localdate()).rule), draft


def around(app: Application, step: str) -> dict[str, Any]:
    """What every step's page shows around its form."""
    at = app.steps.index(step)
    return {
        "step": step,
        "label": LABELS[step],
        "heading": HEADINGS[step],
        "number": at + 1,
        "total": len(app.steps),
        "steps": [(name, LABELS[name], name == step, app.is_complete(name)) for name in app.steps],
        "before": app.before(step),
    }


@by_phone
@require_GET
def start(request: HttpRequest, phone: Phone) -> HttpResponse:
    """Begin, go on, or begin anew."""
    now = standing(timezone.localdate())
    draft, has_cases = drafts.begun(phone)
    context = {
        "now": now,
        "draft": draft,
        "resume": Application(drafts.answers_of(draft), phone.number, now.rule).resume() if draft else "",
        "phone": masked_phone(phone.number),
        "kept_days": drafts.KEPT_DAYS,
        "has_cases": has_cases,
    }
    return render(request, "repair/citizen_apply.html", context)


@by_phone
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, phone: Phone) -> HttpResponse:
    """지우고 새로 쓰기, asked once more."""
    if request.method == "POST":
        drafts.wipe(phone, citizen(request))
        messages.success(request, "적으신 내용과 올리신 사진을 모두 지웠습니다.")
        return redirect("repair:apply")
    return render(request, "repair/citizen_apply_again.html")


@by_phone
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, phone: Phone, step: str) -> HttpResponse:
    """One step. What was typed is kept, right or wrong; wrong, the page comes again (422)."""
    app, draft = application(phone)
    if step not in PLAIN:
        raise Http404
    if step not in app.steps:  # of another kind of application
        return redirect(address_of(app.resume()))
    if request.method == "GET":
        return _page(request, app, draft, step, last=last_time.case_of(phone, app, step))
    typed = _typed(request, app, step)
    draft = drafts.save(phone, step, typed, citizen(request))
    app = Application(drafts.answers_of(draft), phone.number, app.rule)
    if "later" in request.POST:
        messages.success(
            request, "적으신 데까지 저장했습니다. 다음에 같은 번호로 확인하시면 이어서 쓰실 수 있습니다."
        )
        return redirect("repair:apply")
    if "more" in request.POST or "less" in request.POST:
        return redirect("repair:apply_step", step)
    if not app.is_complete(step):
        return _page(request, app, draft, step, status=422)
    if step == "where" and household.is_in_jinju(typed["address"], advice.areas()) is False:
        messages.warning(request, NOT_HERE)
    return redirect(address_of(app.after(step)))


def address_of(step: str) -> str:
    if step in PLAIN:
        return reverse("repair:apply_step", args=[step])
    return reverse(f"repair:apply_{step}")


def _typed(request: HttpRequest, app: Application, step: str) -> dict[str, str]:
    """What was sent for the fields of this step, as it was typed; with one computer more or less if they said so."""
    if step == "what":
        sent = request.POST.get("count", "1")
        app = Application({**app.answers, "what": {"count": sent}}, app.phone, app.rule)
    typed = {name: request.POST.get(name, "") for name in app.form(step, {}).fields}
    if step == "consent":
        typed[WORDS] = consent_words()
    if step == "what":
        typed["count"] = str(app.count)
        gone = request.POST.get("less", "")
        if gone.isdecimal():
            return without(typed, app.count, int(gone))
        if "more" in request.POST and app.count < app.most_devices:
            return with_another(typed, app.count)
    return typed


def _page(
    request: HttpRequest,
    app: Application,
    draft: Draft | None,
    step: str,
    status: int = 200,
    last: Case | None = None,
) -> HttpResponse:
    """`last`: theirs of an earlier year, from which the step is filled to be confirmed."""
    sent = app.answers.get(step) if status == 422 else None
    form = app.form(step, sent) if sent is not None else _shown(app, step)
    if draft is not None:
        reveal(request, [draft], f"무상수리 신청서 쓰기: {step}")
    if last is not None:
        reveal(request, [last], f"무상수리 신청서 쓰기: {step}, 지난 신청에서 가져옴")
        form.initial = last_time.answers_of(last, step)
    context = {
        **around(app, step),
        "form": form,
        "last_year": last.programme_id if last else None,
        "phone": masked_phone(app.phone),
        "for_another": app.kind == OTHER,
        "organisation": app.is_organisation,
        "most": app.most_devices,
        "bring": papers(app.group) if step == "group" and app.group else (),
        "bring_note": BRING_NOTE,
    }
    name = f"_{step}" if step in OWN_PAGE else ""
    return render(request, f"repair/citizen_step{name}.html", context, status=status)


def _shown(app: Application, step: str) -> Any:
    """Filled with what was typed, without complaining about it yet."""
    form = app.form(step)
    if form.is_bound:
        empty = app.form(step, {})
        empty.is_bound, empty.initial = False, dict(form.data)
        return empty
    return form
