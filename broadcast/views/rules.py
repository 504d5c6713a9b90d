"""The city's rules: who may send what at once, when it is quiet, how loud; and the button that stops the police."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import rule_changes
from ..default_rules import POLICE_STOP
from ..models import SendingRule, SoundRule
from ..rule_forms import SendingRuleForm, SoundRuleForm

if TYPE_CHECKING:
    from . import SignedIn


def _city_only(request: "SignedIn") -> None:
    if not request.user.is_city_operator:
        raise PermissionDenied("규칙은 시청 방송 담당만 봅니다.")


@never_cache
@require_GET
def tables(request: "SignedIn") -> HttpResponse:
    _city_only(request)
    context = {
        "office": True,
        "sending": SendingRule.objects.exclude(name=POLICE_STOP).order_by("order", "pk"),
        "sound": SoundRule.objects.select_related("village__district", "district")
        .defer("village__district__boundary", "district__boundary")
        .order_by("pk"),
        "police_stopped": rule_changes.police_are_stopped(),
    }
    return render(request, "broadcast/rules.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def sending(request: "SignedIn", pk: int | None = None) -> HttpResponse:
    _city_only(request)
    rules = SendingRule.objects.exclude(name=POLICE_STOP)
    rule = get_object_or_404(rules, pk=pk) if pk else SendingRule()
    return _edited(request, SendingRuleForm(request.POST or None, instance=rule), "보내기 규칙")


@never_cache
@require_http_methods(["GET", "POST"])
def sound(request: "SignedIn", pk: int | None = None) -> HttpResponse:
    _city_only(request)
    rule = get_object_or_404(SoundRule, pk=pk) if pk else SoundRule()
    return _edited(request, SoundRuleForm(request.POST or None, instance=rule), "조용한 시간과 소리 크기")


def _edited(request: "SignedIn", form: "forms.ModelForm[Any]", title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        rule = rule_changes.save(form.save(commit=False), request.user, request)
        messages.success(request, f"규칙을 저장했습니다: {rule.name}")
        return redirect("broadcast:rules")
    status = 422 if request.method == "POST" else 200
    context = {"office": True, "form": form, "title": title}
    return render(request, "broadcast/rule.html", context, status=status)


@require_POST
def move(request: "SignedIn", pk: int) -> HttpResponse:
    """`up`: one place earlier; else one later."""
    _city_only(request)
    try:
        rule_changes.move(pk, request.user, up="up" in request.POST, request=request)
    except SendingRule.DoesNotExist:
        raise Http404 from None
    return redirect("broadcast:rules")


@require_POST
def police(request: "SignedIn") -> HttpResponse:
    """`stop`: the police send nothing; else they may again."""
    _city_only(request)
    stop = "stop" in request.POST
    rule_changes.stop_police(request.user, stop=stop, request=request)
    messages.success(request, "경찰 방송을 멈췄습니다." if stop else "경찰이 다시 방송할 수 있습니다.")
    return redirect("broadcast:rules")
