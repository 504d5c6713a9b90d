"""Who repairs: contractors, the one of the year, and their technicians."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from people.grants import CannotGrant
from privacy.access import reveal

from .. import technicians, years
from ..city_forms import AppointForm, ContractorForm, DismissForm, YearContractorForm
from ..models import Contractor, Programme, TechnicianPost
from .city import page_of
from .city_pages import for_the_officer, shown

if TYPE_CHECKING:
    from ..actors import SignedIn


@require_http_methods(["GET", "POST"])
@for_the_officer
def contractors(request: "SignedIn") -> HttpResponse:
    """All of them with their technicians; POST adds one."""
    form = ContractorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = technicians.add_contractor(
                form.cleaned_data["name"], form.cleaned_data["phone"], request.user
            )
        except CannotGrant as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"업체를 더했습니다: {made}")
            return redirect("repair:city_contractors")
    return _shown(request, form, AppointForm(), refused=request.method == "POST")


@require_POST
@for_the_officer
def appoint(request: "SignedIn") -> HttpResponse:
    form = AppointForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            post = technicians.appoint(
                given["username"], given["contractor"], reason=given["reason"], by=request.user
            )
        except CannotGrant as error:
            form.add_error("username", str(error))
        else:
            messages.success(request, f"{post}로 정했습니다: {post.user}")
            return redirect("repair:city_contractors")
    return _shown(request, ContractorForm(), form, refused=True)


def _shown(
    request: "SignedIn", contractor_form: ContractorForm, appoint_form: AppointForm, *, refused: bool
) -> HttpResponse:
    """Technicians by their name: so each is on record."""
    posts = TechnicianPost.objects.in_force().select_related("user", "contractor").order_by("granted_at")
    seen = list(posts)
    reveal(request, [post.user for post in seen], "무상수리 기사 목록")
    listed = [
        (contractor, [post for post in seen if post.contractor_id == contractor.pk])
        for contractor in Contractor.objects.all()
    ]
    context = {
        "contractors": listed,
        "contractor_form": contractor_form,
        "appoint_form": appoint_form,
        "form": appoint_form if appoint_form.is_bound else contractor_form,
    }
    return shown(request, "city_contractors", "city", context, refused=refused)


@require_http_methods(["GET", "POST"])
@for_the_officer
def dismiss(request: "SignedIn", pk: int) -> HttpResponse:
    posts = TechnicianPost.objects.filter(revoked_at=None).select_related("user", "contractor")
    post = get_object_or_404(posts, pk=pk)
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        freed = technicians.dismiss(post, reason=form.cleaned_data["reason"], by=request.user)
        more = f" 맡고 있던 방문 {freed}건은 다른 기사가 맡을 수 있습니다." if freed else ""
        messages.success(request, f"기사를 그만두게 했습니다: {post.user}.{more}")
        return redirect("repair:city_contractors")
    reveal(request, [post.user], "무상수리 기사를 그만두게 하기")
    context = {"post": post, "form": form}
    return shown(request, "city_dismiss", "city", context, refused=request.method == "POST")


@require_http_methods(["GET", "POST"])
@for_the_officer
def year_contractor(request: "SignedIn", year: int) -> HttpResponse:
    """Who repairs what is selected from now on in that year."""
    programme = get_object_or_404(Programme.objects.select_related("contractor"), pk=year)
    form = YearContractorForm(request.POST or None, initial={"contractor": programme.contractor_id})
    if request.method == "POST" and form.is_valid():
        try:
            years.set_contractor(year, form.cleaned_data["contractor"], request.user)
        except years.CannotChange as error:
            form.add_error("contractor", str(error))
        else:
            messages.success(request, f"{programme} 수리 업체: {form.cleaned_data['contractor']}")
            return redirect(page_of(programme))
    context = {"programme": programme, "form": form}
    return shown(request, "city_year_contractor", "city", context, refused=request.method == "POST")
