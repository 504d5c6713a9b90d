"""One file, handed out to whom it may be: asked, written down, and only then a byte."""

import logging
import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people.by_phone import phone_of_request
from people.models import User
from privacy import purposes
from privacy.access import Action, reveal
from privacy.sealing import SealBroken

from .. import papers
from ..actors import contractor_of, works_on_cases
from ..models import Paper
from ..paper_content import PDF

log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def paper(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Of the office's case, the technician's open visit (photos), or the citizen's own case or draft."""
    phone = phone_of_request(request)
    if phone is not None:
        mine, is_open = papers.for_phone(phone.index), papers.is_open_to_citizen
    elif request.user.is_authenticated:
        mine, is_open = _of_staff(cast(User, request.user)), papers.is_open_to_staff
    else:
        return redirect_to_login(request.get_full_path())
    found = get_object_or_404(mine.select_related("case", "draft"), pk=pk)
    if found.scan == Paper.Scan.INFECTED:
        return render(request, "repair/paper_infected.html", status=410)
    if not is_open(found):
        return render(request, "repair/paper_not_yet.html", status=409)
    return _handed_out(request, found)


def _of_staff(user: User) -> QuerySet[Paper]:
    if not works_on_cases(user) and contractor_of(user) is None:
        raise PermissionDenied("이 서류는 무상수리를 맡은 직원만 볼 수 있습니다.")
    return papers.for_staff(user)


def _handed_out(request: HttpRequest, found: Paper) -> HttpResponse:
    of = papers.subject_of(found)
    number = papers.said_of(of)
    is_pdf = found.content_type == PDF
    page, action = f"무상수리 {number}: {found.get_kind_display()} 열어 봄", Action.VIEW
    if found.case is not None and works_on_cases(request.user):
        # What the office opened the case for. A PDF is given as a file, and so counts as one.
        why = purposes.seen_for(request, found.case)
        if not why:
            messages.warning(request, "서류를 보시려면 먼저 보시는 까닭을 눌러 주세요.")
            return redirect("repair:desk_case", found.case.pk)
        page, action = purposes.detail(page, why), Action.DOWNLOAD if is_pdf else Action.VIEW
    reveal(request, [of], page, action)
    try:
        data = papers.open_bytes(found)
    except papers.NoBytes:  # found out since we looked
        return render(request, "repair/paper_infected.html", status=410)
    except (OSError, SealBroken):
        log.exception("paper %s", found.pk)
        return render(request, "repair/paper_lost.html", status=500)
    # Called by us, not by whoever sent it: what a name ends with decides what opens it.
    name = f"{number}-{found.get_kind_display()}-{found.pk.hex[:6]}.{'pdf' if is_pdf else 'jpg'}"
    headers = {
        "Content-Disposition": content_disposition_header(is_pdf, name) or "inline",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=found.content_type, headers=headers)
