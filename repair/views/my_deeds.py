"""What an applicant does with their own case: sends papers, corrects, withdraws, objects, says how it was."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from people.by_phone import Phone
from privacy.access import reveal

from .. import corrections, objections, papers, same_household, workflow
from ..actors import Actor, citizen
from ..citizen_forms import BringForm, CorrectForm, ObjectForm, RateForm, WithdrawForm
from ..corrections import Corrected
from ..models import Case, Paper
from ..plain_words import day_words
from ..states import MAY_WITHDRAW, RUNNING, NotPossible, State
from .by_phone import by_phone
from .my_cases import my_case, objection_until

Deed = Callable[[Case, Actor, dict[str, Any]], object]


def _page(
    request: HttpRequest, case: Case, name: str, form: forms.Form | None, status: int = 200, **more: Any
) -> HttpResponse:
    reveal(request, [case], f"무상수리 내 신청: {name}")
    return render(request, f"repair/citizen_{name}.html", {"case": case, "form": form, **more}, status=status)


def _not_now(request: HttpRequest, case: Case, words: str) -> HttpResponse:
    return render(request, "repair/citizen_not_now.html", {"case": case, "words": words}, status=409)


def _done(
    request: HttpRequest,
    phone: Phone,
    case: Case,
    name: str,
    form: forms.Form,
    deed: Deed,
    words: str,
    **more: Any,
) -> HttpResponse:
    """The page, or the deed and back to the case; a deed that does not fit any more says why."""
    if request.method == "GET":
        return _page(request, case, name, form, **more)
    if not form.is_valid():
        return _page(request, case, name, form, status=422, **more)
    try:
        deed(case, citizen(request), form.cleaned_data)
    except papers.NotAPaper as error:
        form.add_error("evidence", str(error))
        return _page(request, case, name, form, status=422, **more)
    except NotPossible as error:
        form.add_error(None, str(error))  # with what was typed
        return _page(request, case, name, form, status=409, **more)
    messages.success(request, words)
    if Case.objects.for_phone(phone.index).filter(pk=case.pk).exists():
        return redirect("repair:my_case", case.pk)
    return redirect("repair:mine")  # they gave it another phone


@by_phone
@require_http_methods(["GET", "POST"])
def bring_papers(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    case = my_case(phone, pk)
    if case.state != State.PAPERS:
        return _not_now(request, case, "지금은 요청드린 서류가 없습니다. 더 내실 것이 있으면 전화해 주세요.")
    form = BringForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    asked = case.steps.filter(deed="asked_paper").last()

    def deed(case: Case, by: Actor, given: dict[str, Any]) -> None:
        papers.take_in(given["evidence"], Paper.Kind.EVIDENCE, case=case, by=by)
        workflow.bring_paper(case.pk, by)

    words = "서류를 받았습니다. 읍면동에서 다시 확인합니다."
    return _done(request, phone, case, "bring", form, deed, words, asked=asked.why if asked else "")


@by_phone
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    case = my_case(phone, pk)
    if case.state not in corrections.OPEN and request.method == "GET":
        return _not_now(request, case, "이제는 여기에서 고칠 수 없습니다. 고칠 것이 있으면 전화해 주세요.")
    resident = case.resident
    initial = {
        "phone": resident.phone,
        "helper_name": case.helper_name,
        "helper_phone": case.helper_phone,
        "tells": case.tells,
        "wishes": case.wishes,
        "address": resident.address,
        "unit": case.unit,
    }
    form = CorrectForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        with_own_phone=case.phone_index == phone.index,
        # Sent from a page that still asked for it: told that it is too late, rather than left out in silence.
        with_address=case.state in corrections.ADDRESS_OPEN or "address" in request.POST,
    )

    def deed(case: Case, by: Actor, given: dict[str, Any]) -> None:
        try:
            same_household.refuse_if_too_many(phone.index)
            corrections.correct(case.pk, by, Corrected(**given))
        except corrections.SameHousehold:
            same_household.note(request, phone.index, None)
            raise
        except same_household.TooMany as error:
            raise NotPossible(str(error)) from None

    return _done(request, phone, case, "correct", form, deed, "고쳤습니다.")


@by_phone
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    case = my_case(phone, pk)
    if case.state not in MAY_WITHDRAW:
        gone = case.state == State.WITHDRAWN
        words = (
            "이미 신청을 거두셨습니다." if gone else "지금은 거두실 수 없습니다. 아래 번호로 전화해 주세요."
        )
        return _not_now(request, case, words)
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def deed(case: Case, by: Actor, given: dict[str, Any]) -> None:
        workflow.withdraw(case.pk, by, given["why"])

    words = "신청을 거두었습니다. 다시 신청하실 수 있습니다."
    return _done(request, phone, case, "withdraw", form, deed, words, visits=case.state in RUNNING)


@by_phone
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    case = my_case(phone, pk)
    until = objection_until(case)
    form = ObjectForm(request.POST if request.method == "POST" else None)

    def deed(case: Case, by: Actor, given: dict[str, Any]) -> None:
        objections.object_to(case.pk, by, given["why"])

    if until is None and request.method == "GET":
        words = "이의신청은 지원해 드리지 못한다는 결정에, 60일 안에 한 번 하실 수 있습니다."
        return _not_now(request, case, f"지금은 이의신청을 하실 수 없습니다. {words}")
    refused = case.steps.filter(deed__in=["refused", "upheld"]).last()
    more = {"until": day_words(until) if until else "", "why": refused.why if refused else ""}
    words = "이의신청을 받았습니다. 다른 담당자가 다시 살펴봅니다."
    return _done(request, phone, case, "object", form, deed, words, **more)


@by_phone
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    case = my_case(phone, pk)
    if case.state not in (State.DONE, State.SETTLED) and request.method == "GET":
        return _not_now(request, case, "수리가 끝난 뒤에 답하실 수 있습니다.")
    initial = {"points": case.satisfaction, "words": case.satisfaction_words}
    form = RateForm(request.POST if request.method == "POST" else None, initial=initial)

    def deed(case: Case, by: Actor, given: dict[str, Any]) -> None:
        workflow.rate(case.pk, by, given["points"], given["words"])

    return _done(request, phone, case, "rate", form, deed, "알려 주셔서 고맙습니다.")
