"""진행 상황 보기: by receipt number and phone, for whoever has no code at hand."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from privacy.access import reveal
from privacy.address import client_address

from .. import lookup_by_number
from ..citizen_forms import StatusForm
from .my_cases import next_words, state_words

WRONG = "접수번호와 전화번호가 맞는 신청을 찾지 못했습니다. 다시 보시고, 그래도 안 되면 아래 번호로 전화해 주세요."


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """No name, address or group: a number and a phone are not much of a proof."""
    form = StatusForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            case = lookup_by_number.find(given["number"], given["phone"], client_address(request))
        except lookup_by_number.TooMany as error:
            form.add_error(None, str(error))
        else:
            if case is not None:
                reveal(request, [case], "무상수리 진행 상황(접수번호)")
                context = {"case": case, "state": state_words(case), "next": next_words(case)}
                return render(request, "repair/citizen_status_answer.html", context)
            form.add_error(None, WRONG)
    code = 422 if request.method == "POST" else 200
    return render(request, "repair/citizen_status.html", {"form": form}, status=code)
