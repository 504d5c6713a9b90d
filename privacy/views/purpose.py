"""보는 까닭을 고름: one press above what is masked."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .. import purposes

ROW = re.compile(r"[a-z]+\.[a-z]+:[0-9a-f-]{1,36}")


@require_POST
def purpose(request: HttpRequest) -> HttpResponse:
    """Says nothing of whether there is such a row: the page it goes back to decides what one may open."""
    if getattr(request.user, "phone_sign_in", True):
        raise PermissionDenied
    back, row = request.POST.get("back", ""), request.POST.get("row", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not ROW.fullmatch(row):
        return redirect("/start/")
    words = purposes.PURPOSES.get(request.POST.get("purpose", ""))
    if words:
        purposes.opened(request, row, words)
    else:
        messages.warning(request, "보시는 까닭을 하나 눌러 주세요.")
    return redirect(f"{back}#seen")
