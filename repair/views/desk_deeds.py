"""Doing something with a case: a page that says what will happen, and then the deed (office_deeds.py)."""

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from privacy.access import reveal
from privacy.masking import masked_name

from .. import actors, office_deeds, office_facts, work_list
from ..budget import BudgetSpent
from ..lookups import LookUpTrouble
from ..models import Case
from ..papers import NotAPaper
from ..states import NotPossible
from ..workflow import proposal
from .desk import around, office_only
from .desk_case import whole_or_404

if TYPE_CHECKING:
    from ..actors import SignedIn


#: Said to whoever was reading while somebody handed it on.
GONE = "그 사이에 이 신청이 다른 읍면동으로 넘어갔습니다. 하시려던 일은 하지 않았습니다."


@office_only
@require_http_methods(["GET", "POST"])
def deed(request: "SignedIn", pk: uuid.UUID, key: str) -> HttpResponse:
    """422: something to write is missing. 409: it does not fit (any more), with what was typed kept."""
    wanted = office_deeds.DEEDS.get(key)
    if wanted is None:
        raise Http404(key)
    known = whole_or_404(request.user, pk)
    found = known.case
    status, spent = 200, False
    if request.method == "POST":
        form = wanted.asked(found, request.POST, files=request.FILES)
        status = 422
        if form.is_valid():
            try:
                wanted.do(found, actors.staff(request), form.cleaned_data)
            except (NotPossible, BudgetSpent, LookUpTrouble, NotAPaper) as error:
                form.add_error(None, str(error))
                status, spent = 409, isinstance(error, BudgetSpent)
            except Case.DoesNotExist:
                messages.warning(request, GONE)
                return redirect("repair:desk")
            else:
                messages.success(request, wanted.done)
                if Case.objects.for_office(request.user).filter(pk=pk).exists():
                    return redirect("repair:desk_case", pk)
                return redirect("repair:desk")
    else:
        if not wanted.fits(found, office_facts.facts(known, request.user)):
            messages.warning(request, f"‘{wanted.label}’은(는) 지금 상태에서는 할 수 없습니다.")
            return redirect("repair:desk_case", pk)
        form = wanted.asked(found, initial={"about": request.GET.get("about", "")})
    [case] = reveal(request, [found], f"무상수리 {wanted.label}")
    case.refresh_from_db(fields=["state"])
    context = around(
        request,
        "case",
        case=case,
        look=work_list.look(case),
        name=case.organisation or masked_name(case.resident.name),
        deed=wanted,
        lead=office_deeds.lead(wanted, case),
        form=form,
        stopped=status == 409,
        proposal=proposal(case) if key in ("refuse", "keep-open") else None,
        instead=office_deeds.DEEDS["wait"] if spent and case.programme.when_spent == "wait" else None,
    )
    return render(request, "repair/desk_deed.html", context, status=status)
