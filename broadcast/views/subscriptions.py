"""Text messages of a village: asked for with a code to the phone, stopped with one tap."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from people.models import PhoneCode
from people.phone_codes import TooMany, WrongCode, send_code
from privacy.address import client_address
from privacy.masking import masked_phone

from ..listener_forms import SubscribeCodeForm, SubscribeForm
from ..models import Subscription, Village
from ..subscriptions import confirm, others_of, stop, with_token
from .residents import open_village

#: Session key: {"code": id, "village": id, "urgent_only": bool} of what this browser asked for last.
ASKED = "subscription"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """A phone number, and what is wished."""
    village = open_village(pk)
    form = SubscribeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = send_code(form.cleaned_data["phone"], client_address(request))
        except TooMany as error:
            form.add_error("phone", str(error))
        else:
            urgent_only = form.cleaned_data["wanted"] == "urgent"
            request.session[ASKED] = {"code": str(code.pk), "village": pk, "urgent_only": urgent_only}
            return redirect("broadcast:subscribe_code", pk)
    status = 422 if request.method == "POST" else 200
    context = {"village": village, "form": form}
    return render(request, "broadcast/listen_subscribe.html", context, status=status)


def _asked(request: HttpRequest, pk: int) -> PhoneCode | None:
    asked = request.session.get(ASKED) or {}
    return PhoneCode.objects.filter(pk=asked["code"]).first() if asked.get("village") == pk else None


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def subscribe_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Six digits from the text message."""
    village = open_village(pk)
    asked = _asked(request, pk)
    if asked is None:
        return redirect("broadcast:subscribe", pk)
    form = SubscribeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        urgent_only = request.session[ASKED]["urgent_only"]
        try:
            confirm(str(asked.pk), form.cleaned_data["code"], village, urgent_only=urgent_only)
        except WrongCode as error:
            form.add_error("code", str(error))
        else:
            del request.session[ASKED]
            messages.success(request, f"{village} 방송을 문자로 보내 드립니다. 확인 문자를 보냈습니다.")
            return redirect("broadcast:village", pk)
    return _code_page(request, village, asked, form, 422 if request.method == "POST" else 200)


def _code_page(
    request: HttpRequest, village: Village, asked: PhoneCode, form: SubscribeCodeForm, status: int
) -> HttpResponse:
    context = {"village": village, "form": form, "asked": asked, "phone": masked_phone(asked.phone)}
    return render(request, "broadcast/listen_code.html", context, status=status)


@login_not_required
@require_POST
def subscribe_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Another code to the same phone; the newest counts."""
    village = open_village(pk)
    asked = _asked(request, pk)
    if asked is None:
        return redirect("broadcast:subscribe", pk)
    try:
        code = send_code(asked.phone, client_address(request))
    except TooMany as error:
        form = SubscribeCodeForm({"code": ""})
        form.errors["code"] = form.error_class([str(error)])
        return _code_page(request, village, asked, form, 422)
    request.session[ASKED] = {**request.session[ASKED], "code": str(code.pk)}
    return redirect("broadcast:subscribe_code", pk)


# Exempt: the address is the secret, and a browser that opens it from a message may keep no cookies.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_texts(request: HttpRequest, token: str) -> HttpResponse:
    """A button, since what only looks at an address (a preview of the message) must not stop anything."""
    try:
        subscription = with_token(token)
    except Subscription.DoesNotExist:
        return _marked(render(request, "broadcast/listen_no_token.html", status=404))
    if request.method == "POST":
        stop(subscription, everywhere=request.POST.get("everywhere") == "1")
        subscription.refresh_from_db(fields=["stopped_at"])
    others = others_of(subscription).count()
    context = {"subscription": subscription, "village": subscription.village, "others": others}
    return _marked(render(request, "broadcast/listen_stop.html", context))


def _marked(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
