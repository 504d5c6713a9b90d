"""보호수준 평가: the evidence on one page that prints, as a zip, and the indicators of the year's 편람."""

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import officer_menu
from ..access import Action, record
from ..doors import for_officers
from ..evidence import indicator_table, pack
from ..models import EvidenceSnapshot, Indicator


@for_officers
@require_GET
def evidence(request: HttpRequest) -> HttpResponse:
    context = {
        "menu": officer_menu.menu("evidence"),
        "parts": pack.by_article(),
        "indicators": Indicator.objects.all(),
        "kept": EvidenceSnapshot.objects.all()[:12],
        "today": timezone.localtime(),
    }
    return render(request, "privacy/evidence.html", context)


@for_officers
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    pack.keep()
    record(request, Action.CREATE, detail="보호수준 평가 증빙을 남김")
    messages.success(request, "오늘의 수치를 남겼습니다.")
    return redirect("privacy:evidence")


@for_officers
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Holds no personal data: figures and the checkpoint only."""
    record(request, Action.DOWNLOAD, detail="보호수준 평가 증빙 묶음: 평가 제출")
    answer = HttpResponse(pack.packed(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="evidence-{timezone.localdate()}.zip"'
    return answer


class IndicatorForm(forms.ModelForm):
    class Meta:
        model = Indicator
        fields = ("year", "number", "title", "articles", "papers")
        error_messages = {
            "year": {"required": "어느 해의 편람인지 적어 주세요.", "invalid": "해를 2026처럼 적어 주세요."},
            "number": {"required": "지표 번호를 적어 주세요."},
            "title": {"required": "지표를 적어 주세요."},
        }
        help_texts = {"articles": "증빙이 되는 조를 적어 주세요. 예: 5, 8"}


@for_officers
@require_http_methods(["GET", "POST"])
def indicator(request: HttpRequest) -> HttpResponse:
    form = IndicatorForm(
        request.POST if request.method == "POST" else None, initial={"year": timezone.localdate().year}
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error("number", "그 해에 이미 있는 번호입니다.")
        else:
            record(request, Action.CREATE, detail=f"지표 {form.instance}")
            return redirect("privacy:evidence")
    context = {"menu": officer_menu.menu("evidence"), "form": form}
    return render(request, "privacy/indicator.html", context, status=422 if form.errors else 200)


class IndicatorTableForm(forms.Form):
    year = forms.IntegerField(
        label="해",
        min_value=2020,
        max_value=2100,
        error_messages={
            "required": "어느 해의 편람인지 적어 주세요.",
            "invalid": "해를 2026처럼 적어 주세요.",
            "min_value": "해를 2026처럼 적어 주세요.",
            "max_value": "해를 2026처럼 적어 주세요.",
        },
    )
    table = forms.CharField(
        label="표",
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "required": "표를 붙여 넣어 주세요. 한 줄에 지표 하나입니다.",
            "max_length": "너무 깁니다. 나누어 넣어 주세요.",
        },
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "year" in given and "table" in given:
            try:
                given["found"] = indicator_table.read(given["table"], given["year"])
            except (indicator_table.TableUnreadable, csv.Error) as error:
                words = (
                    "표를 읽을 수 없습니다. 따옴표를 살펴봐 주세요."
                    if isinstance(error, csv.Error)
                    else str(error)
                )
                self.add_error("table", words)
        return given


@for_officers
@require_http_methods(["GET", "POST"])
def indicators(request: HttpRequest) -> HttpResponse:
    """Of a whole 편람 at once."""
    form = IndicatorTableForm(
        request.POST if request.method == "POST" else None, initial={"year": timezone.localdate().year}
    )
    if request.method == "POST" and form.is_valid():
        count = indicator_table.keep(form.cleaned_data["found"])
        record(request, Action.CREATE, detail=f"지표 {form.cleaned_data['year']} {count}개")
        messages.success(request, f"지표 {count}개를 넣었습니다.")
        return redirect("privacy:evidence")
    context = {"menu": officer_menu.menu("evidence"), "form": form}
    return render(request, "privacy/indicator_table.html", context, status=422 if form.errors else 200)
