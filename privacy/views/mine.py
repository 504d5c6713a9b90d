"""내 개인정보: what a person sees of their own, by the code to their phone."""

import json
import re
import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from .. import consents, name_behind, requesting, whose
from ..access import OF_A_CITIZEN, SYSTEM, Action, record, reveal
from ..doors import for_person, for_phone, is_officer
from ..forms import AskForm, NameForm
from ..holdings import Person
from ..ledger.proofs import NoProof, proof_of
from ..models import AccessRecord, Consent, Request
from ..person import rows_of, subjects_of
from ..refusal_grounds import GROUNDS, REMEDIES

A_PAGE = 20
NOT_FOUND = "이 번호로 그 이름의 기록을 찾지 못했습니다. 신청하실 때 적으신 이름인지 보아 주세요."


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/landing.html", {"officer": is_officer(request.user)})


@for_phone
@require_GET
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    return render(request, "privacy/mine.html")


@for_phone
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest, person: Person) -> HttpResponse:
    """Asked once a session, or again for another name. Says no more of who is behind the phone than whether that name
    is."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = resolve_url("privacy:mine")
    form = NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if name_behind.say(request, person, form.cleaned_data["name"]):
                return redirect(back)
            form.add_error("name", NOT_FOUND)
        except name_behind.TooMany as error:
            form.add_error(None, str(error))
        record(request, Action.VIEW, [], "내 개인정보: 이름이 맞지 않음", result=AccessRecord.Result.REFUSED)
    return render(request, "privacy/name.html", {"form": form}, status=422 if form.errors else 200)


@for_person
@require_GET
def held(request: HttpRequest, person: Person) -> HttpResponse:
    """Everything that the portal holds about them, from every app. ?file: as JSON, to take away (제35조의2)."""
    found = list(rows_of(person))
    action = Action.DOWNLOAD if "file" in request.GET else Action.VIEW
    reveal(request, [row for _, rows in found for row in rows], "내 개인정보: 가지고 있는 것 모두", action)
    told = [(holding, [_filled(holding.export(row)) for row in rows]) for holding, rows in found]
    if action == Action.DOWNLOAD:
        data = [
            {"무엇": one.label, "근거": one.ground, "보관": one.keeps, "내용": rows} for one, rows in told
        ]
        answer = HttpResponse(
            json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
        )
        answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer
    return render(request, "privacy/held.html", {"told": told, "person": person})


def _filled(exported: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in exported.items() if value not in ("", None)}


def _looks(request: HttpRequest, person: Person) -> tuple[set[str], QuerySet[AccessRecord]]:
    subjects = subjects_of(person)
    others = AccessRecord.objects.filter(subjects__overlap=sorted(subjects), result="done")
    own = str(getattr(request, "citizen_identifier", "")) or request.user.get_username()
    return subjects, others.exclude(identifier=own)


@for_person
@require_GET
def looks(request: HttpRequest, person: Person) -> HttpResponse:
    """Who opened or changed something of theirs: when, of which office, why. No names: the office answers for it."""
    _, rows = _looks(request, person)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    posts = whose.posts({row.identifier for row in shown})
    lines = [
        {
            "row": row,
            "office": "포털이 스스로"
            if row.identifier == SYSTEM
            else whose.office_at(posts, row.identifier, row.at)
            or (
                "시민이 휴대전화로 확인하고"
                if re.search(OF_A_CITIZEN, row.identifier)
                else "포털을 관리하는 사람"
            ),
            "action": AccessRecord.Action(row.action).label,
        }
        for row in shown
    ]
    return render(request, "privacy/looks.html", {"lines": lines, "page": page})


@for_person
@require_GET
def proof(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The proof of one of those entries, for anybody to check: it hides who else was on the list, and the login id."""
    subjects, rows = _looks(request, person)
    entry = get_object_or_404(rows, pk=pk)
    try:
        made = proof_of(entry, subjects, hide=("identifier", "address"))
    except NoProof:
        messages.info(request, "이 기록은 아직 확인표에 들어가지 않았습니다. 10분 뒤에 다시 눌러 주세요.")
        return redirect("privacy:looks")
    answer = HttpResponse(json.dumps(made, ensure_ascii=False, indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="proof-{pk}.json"'
    return answer


@for_person
@require_GET
def agreed(request: HttpRequest, person: Person) -> HttpResponse:
    """Each consent with its words and day; and what needs none, with its ground."""
    said = _consents(person)
    record(request, Action.VIEW, {one.subject for one in said}, "내 개인정보: 동의한 것")
    lines = [(one, consents.known(one)) for one in said]
    without = [(holding, len(rows)) for holding, rows in rows_of(person) if "동의" not in holding.ground]
    return render(request, "privacy/agreed.html", {"lines": lines, "without": without})


def _consents(person: Person) -> list[Consent]:
    return list(Consent.objects.filter(subject__in=subjects_of(person)))


@for_person
@require_http_methods(["GET", "POST"])
def withdraw_consent(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Asked once more only if it ends something; then what is held because of it is asked to be erased, too."""
    consent = next((one for one in _consents(person) if one.pk == pk and one.agreed), None)
    if consent is None:
        raise Http404
    text = consents.known(consent)
    needed = text is None or text.needed
    if request.method == "POST":
        with transaction.atomic():
            consents.withdraw(request, consent)
            if needed:
                words = f"동의를 거둠: {text.label if text else consent.key}"
                once = uuid.uuid5(uuid.NAMESPACE_OID, f"consent {consent.pk}")
                requesting.ask(request, person, Request.Kind.ERASE, words, once)
        messages.success(
            request,
            "동의를 거두셨습니다." + (" 가지고 있던 것을 지우는 절차를 시작합니다." if needed else ""),
        )
        return redirect("privacy:agreed")
    record(request, Action.VIEW, [consent.subject], "내 개인정보: 동의 거두기")
    return render(
        request, "privacy/withdraw_consent.html", {"consent": consent, "text": text, "needed": needed}
    )


@for_phone
@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest, person: Person) -> HttpResponse:
    """Theirs, with what became of them; and a new one."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        known = name_behind.said(request, person) or person
        requesting.ask(request, known, given["kind"], given["words"], given["once"])
        messages.success(request, "요구를 받았습니다. 답할 날을 아래에 적었습니다.")
        return redirect("privacy:my_requests")
    rows = reveal(request, Request.objects.filter(phone_index=person.index), "내 개인정보: 요구한 것")
    lines = [(row, GROUNDS.get(row.ground)) for row in rows]
    context = {"form": form, "lines": lines, "remedies": REMEDIES}
    return render(request, "privacy/my_requests.html", context, status=422 if form.errors else 200)


@for_phone
@require_POST
def withdraw_request(request: HttpRequest, person: Person, pk: uuid.UUID) -> HttpResponse:
    asked = get_object_or_404(Request, pk=pk, phone_index=person.index)
    try:
        requesting.withdraw(request, asked.pk)
    except requesting.NotPossible as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "요구를 거두셨습니다.")
    return redirect("privacy:my_requests")
