"""처리방침 for everybody, its versions and publishing it; contractors; and what was downloaded for which reason."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from .. import notice as made
from .. import officer_menu, whose
from ..access import OF_A_CITIZEN, Action, record
from ..doors import for_officers, is_officer
from ..forms import day
from ..models import AccessRecord, DownloadCheck, NoticeVersion, Processor, Supervision

A_PAGE = 20
#: What became of a file is asked after this.
FOLLOWED_UP = timedelta(days=14)
#: A contractor is taught and checked at least so often.
SUPERVISED_EVERY = timedelta(days=365)


@login_not_required
@require_safe
def notice(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """The version in force, or an older one; as everything is registered today as long as none was published."""
    versions = list(NoticeVersion.objects.only("number", "from_on", "sha256", "sections"))
    shown = get_object_or_404(NoticeVersion, number=number) if number else (versions[0] if versions else None)
    said = shown.sections if shown else made.sections()
    latest = made.sections() if is_officer(request.user) else None
    context = {
        "shown": shown,
        "sections": said,
        "versions": versions,
        "changed": made.changes(latest, versions[0].sections if versions else []) if latest else [],
        "officer": latest is not None,
        "today": timezone.localdate(),
    }
    return render(request, "privacy/notice.html", context)


@for_officers
@require_http_methods(["POST"])
def publish(request: HttpRequest) -> HttpResponse:
    version = made.publish(request, timezone.localdate())
    messages.success(request, f"{version}을 냈습니다." if version else "바뀐 것이 없습니다.")
    return redirect("privacy:notice")


class ProcessorForm(forms.ModelForm):
    contract_on = day("계약한 날")
    ends_on = day("끝나는 날")

    class Meta:
        model = Processor
        fields = ("name", "task", "contract_on", "ends_on")
        error_messages = {
            "name": {"required": "업체 이름을 적어 주세요."},
            "task": {"required": "맡은 일을 적어 주세요."},
        }


class SupervisionForm(forms.ModelForm):
    on = day("한 날")

    class Meta:
        model = Supervision
        fields = ("kind", "on", "result")
        error_messages = {
            "kind": {"required": "하나를 골라 주세요."},
            "result": {"required": "결과를 적어 주세요."},
        }


@for_officers
@require_http_methods(["GET", "POST"])
def contractors(request: HttpRequest) -> HttpResponse:
    form = ProcessorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        record(request, Action.CREATE, detail=f"수탁자 {form.instance}")
        return redirect("privacy:contractors")
    today = timezone.localdate()
    lines = []
    for one in Processor.objects.prefetch_related("supervisions"):
        last = max((each.on for each in one.supervisions.all()), default=None)
        due = (last or one.contract_on) + SUPERVISED_EVERY
        lines.append((one, last, due, due < today <= one.ends_on))
    context = {"menu": officer_menu.menu("contractors"), "lines": lines, "form": form}
    return render(request, "privacy/contractors.html", context, status=422 if form.errors else 200)


@for_officers
@require_http_methods(["GET", "POST"])
def contractor(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Processor, pk=pk)
    form = SupervisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        form.instance.processor, form.instance.by = found, user
        form.save()
        record(request, Action.CREATE, detail=f"수탁자 {found}: {form.instance}")
        return redirect("privacy:contractor", pk)
    rows = found.supervisions.select_related("by")
    context = {"menu": officer_menu.menu("contractors"), "processor": found, "rows": rows, "form": form}
    return render(request, "privacy/contractor.html", context, status=422 if form.errors else 200)


class CheckForm(forms.ModelForm):
    class Meta:
        model = DownloadCheck
        fields = ("words",)
        error_messages = {"words": {"required": "무엇을 확인했는지 적어 주세요."}}
        help_texts = {"words": "예: 우편 발송 뒤 파일을 지움. 11월 3일 전화로 확인"}


@for_officers
@require_http_methods(["GET", "POST"])
def download_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of the file, as its taker says."""
    found = get_object_or_404(AccessRecord, pk=pk, action=Action.DOWNLOAD)
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and found.identifier == request.user.get_username():
        form.add_error(None, "직접 받은 파일은 다른 담당이 확인해야 합니다.")
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        DownloadCheck.objects.get_or_create(
            record=pk, defaults={"words": form.cleaned_data["words"], "by": user}
        )
        record(request, Action.CHANGE, detail="내려받은 파일을 확인함")
        return redirect("privacy:downloads")
    context = {"menu": officer_menu.menu("downloads"), "row": found, "form": form}
    return render(request, "privacy/download_check.html", context, status=422 if form.errors else 200)


@for_officers
@require_GET
def downloads(request: HttpRequest) -> HttpResponse:
    """Every file and print of staff, with the reason that was given for it and what became of it; the newest first."""
    rows = AccessRecord.objects.filter(action__in=[Action.DOWNLOAD, Action.PRINT]).exclude(
        identifier__regex=OF_A_CITIZEN
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    posts = whose.posts({row.identifier for row in shown})
    record(request, Action.VIEW, detail="내려받은 까닭 목록")
    checked = {one.record: one for one in DownloadCheck.objects.filter(record__in=[row.pk for row in shown])}
    old = timezone.now() - FOLLOWED_UP
    lines = [
        {
            "row": row,
            "office": whose.office_at(posts, row.identifier, row.at),
            "action": Action(row.action).label,
            "check": checked.get(row.pk),
            "is_file": row.action == Action.DOWNLOAD,
            "due": row.action == Action.DOWNLOAD and row.pk not in checked and row.at < old,
        }
        for row in shown
    ]
    context = {"menu": officer_menu.menu("downloads"), "lines": lines, "page": page}
    return render(request, "privacy/downloads.html", context)
