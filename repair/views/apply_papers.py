"""사진과 서류 of an application: sent, listed, taken back. None is needed to apply."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from people.by_phone import Phone
from privacy.access import reveal

from .. import drafts, papers
from ..actors import citizen
from ..citizen_forms import PapersForm
from ..eligibility import BRING_NOTE
from ..eligibility import papers as papers_of_group
from ..models import Paper
from .applying import address_of, application, around
from .by_phone import by_phone


@by_phone
@require_http_methods(["GET", "POST"])
def papers_step(request: HttpRequest, phone: Phone) -> HttpResponse:
    form = PapersForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            saved = drafts.save(phone, "papers", {"seen": "1"}, citizen(request))
            try:
                for kind in (Paper.Kind.TROUBLE, Paper.Kind.EVIDENCE):
                    papers.take_in(form.cleaned_data[kind], kind, draft=saved, by=citizen(request))
            except papers.NotAPaper as error:
                form.add_error(kind, str(error))
        if form.is_valid():
            sent = any(form.cleaned_data[kind] for kind in form.fields)
            if "later" in request.POST:
                messages.success(
                    request, "저장했습니다. 다음에 같은 번호로 확인하시면 이어서 쓰실 수 있습니다."
                )
                return redirect("repair:apply")
            if "more" in request.POST:
                messages.success(request, "올렸습니다." if sent else "고르신 파일이 없습니다.")
                return redirect("repair:apply_papers")
            return redirect(address_of(application(phone)[0].after("papers")))
        status = 422
    app, draft = application(phone)
    held = []
    if draft is not None:
        reveal(request, [draft], "무상수리 신청서 쓰기: papers")
        held = list(draft.papers.all())
    context = {
        **around(app, "papers"),
        "form": form,
        "papers": held,
        "bring": papers_of_group(app.group) if app.group else (),
        "bring_note": BRING_NOTE,
    }
    return render(request, "repair/citizen_step_papers.html", context, status=status)


@by_phone
@require_POST
def remove(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """One of their own draft's files."""
    try:
        paper = drafts.paper(phone, pk)
    except Paper.DoesNotExist:
        raise Http404 from None
    papers.forget(paper, citizen(request))
    messages.success(request, "지웠습니다.")
    return redirect("repair:apply_papers")
