"""대신 접수하기: a clerk types for somebody at the counter or on the phone. Nothing of it stays in the session."""

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from people.models import District
from privacy import purposes
from privacy.access import Action, record

from .. import actors, filing
from ..entry_forms import EntryForm, device_forms
from ..models import Case
from .desk import around, office_only

if TYPE_CHECKING:
    from ..actors import SignedIn


def _most_devices() -> int:
    """How many an organisation may bring by the rule in force; one, if nothing is taken now."""
    try:
        return filing.programme_of(timezone.localdate())[1].organisation_devices
    except filing.NotOpen:
        return 1


@lru_cache(maxsize=64)
def _blank(districts: tuple[tuple[str, str], ...], most: int) -> str:
    """The questions before anything is typed, the same for everybody of an office, and drawn once.

    It knows of no request and makes its own forms: what anybody typed cannot get into it.
    """
    rows = District.objects.filter(pk__in=[code for code, _ in districts])
    form = EntryForm(districts=rows.defer("boundary"))
    context = {"form": form, "devices": device_forms(None, most), "consents": form.consents()}
    return render_to_string("repair/_desk_questions.html", context)


@sensitive_post_parameters()
@office_only
@require_http_methods(["GET", "POST"])
def enter(request: "SignedIn") -> HttpResponse:
    """The form is new on every GET; what is refused comes back in the answer and is kept nowhere."""
    user = request.user
    districts = District.objects.all() if actors.is_officer(user) else user.clerk_districts()
    if request.method == "GET":
        blank = _blank(tuple(districts.values_list("code", "name")), _most_devices())
        return render(request, "repair/desk_new.html", around(request, "new", blank=blank, once=uuid.uuid4()))
    form = EntryForm(request.POST, districts=districts.defer("boundary"))
    devices = device_forms(request.POST, _most_devices())
    live: Case | None = None
    taken = False
    # Both are asked, so that all that is wrong is said at once.
    if all([form.is_valid(), *[device.is_valid() for device in devices]]):
        filed = form.filed([device.filed() for device in devices if device.has_changed()])
        try:
            case = filing.file(filed, actors.staff(request), once=form.cleaned_data["once"])
        except filing.AlreadyFiled as error:
            taken, live = True, error.case
            # That this household applied is told to whoever typed its address.
            same = [error.case] if error.case else []
            record(request, Action.VIEW, same, "무상수리 접수: 같은 주소의 신청이 있는지")
            form.add_error(None, "같은 주소로 올해 이미 접수된 신청이 있습니다.")
        except filing.NotOpen as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "접수했습니다. 접수증을 드리고 접수번호를 알려 주세요.")
            if not form.can_be_texted():
                messages.warning(request, "문자를 받을 휴대전화가 없습니다. 접수증을 꼭 드려 주세요.")
            purposes.opened(request, case, "접수")
            return redirect("repair:desk_case", case.pk)
    may_see = live is not None and Case.objects.for_office(user).filter(pk=live.pk).exists()
    context = around(
        request,
        "new",
        form=form,
        once=form["once"].value(),
        devices=devices,
        consents=form.consents(),
        wrong=any(device.errors for device in devices),
        taken=taken or bool(request.POST.get("exception")),
        live=live if may_see else None,
        elsewhere=taken and not may_see,
    )
    return render(request, "repair/desk_new.html", context, status=422)
