"""보호수준 평가: the evidence on one page that prints, as a zip, and the indicators of the year's 편람."""

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
from ..evidence import pack
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
