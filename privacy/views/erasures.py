"""파기: what is to be erased, seen before, decided by a second person; and the register of what was."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from .. import erasing, officer_menu
from ..access import reveal
from ..doors import for_officers
from ..holdings import Person
from ..masking import masked_phone
from ..models import Destruction, ErasurePlan, KeptApart
from ..person import names

A_PAGE = 20


@for_officers
@require_GET
def erasures(request: HttpRequest) -> HttpResponse:
    waiting = ErasurePlan.objects.filter(state=ErasurePlan.State.WAITING).select_related("proposed_by")
    page = Paginator(Destruction.objects.all(), A_PAGE).get_page(request.GET.get("page"))
    plans = reveal(request, waiting, "파기 계획 목록")
    context = {
        "menu": officer_menu.menu("erasures"),
        "plans": [(plan, masked_phone(plan.phone or "")) for plan in plans],
        "page": page,
        "kept": KeptApart.objects.filter(erased_at=None).count(),
        "missing": len(erasing.missing()),
        "doubtful": erasing.doubtful(),
    }
    return render(request, "privacy/erasures.html", context)


@for_officers
@require_GET
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A plan with its counts; afterwards what the register says of it."""
    plan = get_object_or_404(ErasurePlan.objects.select_related("proposed_by", "decided_by"), pk=pk)
    waits = plan.state == ErasurePlan.State.WAITING
    if waits:
        [plan] = reveal(request, [plan], "파기 계획 한 건")
    person = Person(plan.phone or "", plan.phone_index, plan.name_code)
    planned = erasing.preview(person) if waits else []
    context = {
        "menu": officer_menu.menu("erasures"),
        "plan": plan,
        "phone": masked_phone(plan.phone or ""),
        "names": len(names(person)) if waits else 0,
        "goes": [(one.holding, len(one.goes)) for one in planned if one.goes],
        "kept": [(one.holding, len(one.kept), {kept for _, kept in one.kept}) for one in planned if one.kept],
        "own": plan.proposed_by_id == request.user.pk,
        "done": Destruction.objects.filter(plan=plan.pk),
        "apart": plan.kept.filter(erased_at=None),
    }
    return render(request, "privacy/erasure.html", context)


@for_officers
@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    plan = get_object_or_404(ErasurePlan, pk=pk)
    try:
        if request.POST.get("do") == "approve":
            erasing.approve(request, plan.pk)
            messages.success(request, "지웠습니다. 파기 대장에 적었습니다.")
        else:
            erasing.refuse(request, plan.pk)
            messages.success(request, "지우지 않기로 했습니다. 삭제 요구는 다시 답할 것에 있습니다.")
    except erasing.NotPossible as error:
        messages.warning(request, str(error))
    return redirect("privacy:erasure", plan.pk)
