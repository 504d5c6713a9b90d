"""Signing in by a code to one's phone: chiefs get their account, everybody else a citizen's session."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from privacy.access import Action, Result, record
from privacy.address import client_address
from privacy.masking import masked_phone

from .. import citizen
from ..backends import may_sign_in
from ..by_phone import SHOWN, shown_lately
from ..forms import CodeForm, PhoneForm
from ..landing import after_phone, after_sign_in, wanted
from ..models import PhoneCode, User
from ..phone_codes import TooMany, WrongCode, check_code, send_code

#: Session key: the id of the code that this browser asked for last.
ASKED = "phone_code"


def _asked(request: HttpRequest) -> PhoneCode | None:
    code_id = request.session.get(ASKED)
    return PhoneCode.objects.filter(pk=code_id).first() if code_id else None


def _with_next(request: HttpRequest, name: str) -> str:
    page = wanted(request)
    return reverse(name) + (f"?{urlencode({'next': page})}" if page else "")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door: a phone number, or on to the staff's page."""
    if request.method == "GET":
        again = request.user.is_authenticated and request.user.phone_sign_in and not shown_lately(request)
        if request.user.is_authenticated and not (again and wanted(request)):
            return redirect(after_sign_in(request))
        return _sign_in_page(request, PhoneForm(initial={"phone": request.GET.get("phone", "")}))
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            code = send_code(form.cleaned_data["phone"], client_address(request))
        except TooMany as error:
            form.add_error("phone", str(error))
        else:
            request.session[ASKED] = str(code.pk)
            return redirect(_with_next(request, "people:code"))
    return _sign_in_page(request, form, status=422)


def _sign_in_page(request: HttpRequest, form: PhoneForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": wanted(request), "staff_url": _with_next(request, "account_login")}
    return render(request, "people/sign_in.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Six digits from the text message."""
    asked = _asked(request)
    if asked is None:
        return redirect(_with_next(request, "people:sign_in"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            used = check_code(str(asked.pk), form.cleaned_data["code"])
        except WrongCode as error:
            who = citizen.identifier(asked)
            record(request, Action.SIGN_IN, detail="인증번호 틀림", result=Result.REFUSED, who=who)
            form.add_error("code", str(error))
        else:
            return _signed_in(request, used)
    return _code_page(request, asked, form, status=422 if request.method == "POST" else 200)


def _code_page(request: HttpRequest, asked: PhoneCode, form: CodeForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "asked": asked, "phone": masked_phone(asked.phone), "next": wanted(request)}
    return render(request, "people/code.html", context, status=status)


def _signed_in(request: HttpRequest, used: PhoneCode) -> HttpResponse:
    user = User.objects.filter(phone_sign_in=True, phone_index=used.phone_index).first()
    if user is not None and may_sign_in(user):
        landing = after_sign_in(request)
        request.session.pop(ASKED, None)
        login(request, user, backend="people.backends.PhoneBackend")
        request.session.set_expiry(settings.PHONE_SESSION_SECONDS)
        request.session[SHOWN] = timezone.now().timestamp()
        return redirect(landing)
    landing = after_phone(request)
    citizen.start(request, used)
    record(request, Action.SIGN_IN, detail="본인 휴대전화 확인", who=citizen.identifier(used))
    return redirect(landing)


@login_not_required
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Another code to the same phone; the newest counts."""
    asked = _asked(request)
    if asked is None:
        return redirect(_with_next(request, "people:sign_in"))
    try:
        request.session[ASKED] = str(send_code(asked.phone, client_address(request)).pk)
    except TooMany as error:
        form = CodeForm({"code": ""})
        form.errors["code"] = form.error_class([str(error)])
        return _code_page(request, asked, form, status=422)
    return redirect(_with_next(request, "people:code"))
