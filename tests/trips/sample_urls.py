"""The portal, plus pages that only tests need: each error, and a form with every kind of question."""

from pathlib import Path

from django import forms
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from jinju_portal.urls import handler400, handler500  # noqa: F401
from jinju_portal.urls import urlpatterns as portal

PAGE = Path(__file__).with_name("sample.html")
WAYS = [("phone", "전화"), ("visit", "방문"), ("letter", "우편")]


class SampleForm(forms.Form):
    name = forms.CharField(label="이름", help_text="주민등록에 있는 이름")
    memo = forms.CharField(label="하실 말씀", widget=forms.Textarea, required=False)
    place = forms.ChoiceField(label="읍면동", choices=[("", "골라 주세요"), *WAYS])
    day = forms.DateField(label="날짜", widget=forms.DateInput(attrs={"type": "date"}))
    way = forms.ChoiceField(
        label="연락 방법", choices=WAYS, widget=forms.RadioSelect, help_text="하나만 고릅니다."
    )
    times = forms.MultipleChoiceField(label="좋은 때", choices=WAYS, widget=forms.CheckboxSelectMultiple)
    paper = forms.FileField(label="서류", required=False)
    agree = forms.BooleanField(label="개인정보를 쓰는 데 동의합니다")


def sample(request: HttpRequest) -> HttpResponse:
    form = SampleForm(request.POST or None)
    refused = request.method == "POST" and not form.is_valid()
    page = engines["django"].from_string(PAGE.read_text(encoding="utf-8")).render({"form": form}, request)
    return HttpResponse(page, status=422 if refused else 200)


def error(request: HttpRequest, code: str) -> HttpResponse:
    if code == "400":
        raise SuspiciousOperation
    if code == "403":
        raise PermissionDenied
    if code == "500":
        raise RuntimeError("a fault made by a test")
    return render(request, f"{code}.html", status=int(code[:3]))


sample.login_required = error.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("sample/", sample), path("error/<code>/", error), *portal]
