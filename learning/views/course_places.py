"""배움터와 교실: where classes are held, what is in the rooms, and who works there."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from people.grants import revoke
from people.models import User
from privacy.access import Action, record

from ..course_forms import CentreForm, EndPostForm, RoomForm, StaffForm
from ..models import Centre, CentrePost, Room
from .course_pages import for_the_coordinator
from .desk_pages import shown

if TYPE_CHECKING:
    from ..actors import SignedIn


@for_the_coordinator
@require_GET
def places(request: "SignedIn") -> HttpResponse:
    found = Centre.objects.select_related("district").defer("district__boundary").prefetch_related("rooms")
    return shown(request, "places", "places", {"places": found})


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def new(request: "SignedIn") -> HttpResponse:
    form = CentreForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = Centre.objects.create(**form.cleaned_data)
        messages.success(request, "배움터를 더했습니다. 이제 교실을 더해 주세요.")
        return redirect("learning:place", made.pk)
    return shown(request, "place_new", "places", {"form": form}, 422 if form.errors else 200)


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def place(request: "SignedIn", pk: int) -> HttpResponse:
    found = get_object_or_404(Centre, pk=pk)
    names = list(CentreForm.base_fields)
    form = CentreForm(
        request.POST if request.method == "POST" else None,
        of=found,
        initial={name: getattr(found, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        for name in names:
            setattr(found, name, form.cleaned_data[name])
        found.save(update_fields=names)
        messages.success(request, "배움터를 고쳤습니다.")
        return redirect("learning:place", pk)
    context = {
        "place": found,
        "form": form,
        "rooms": found.rooms.all(),
        "posts": found.posts.in_force().select_related("user"),
    }
    return shown(request, "place", "places", context, 422 if form.errors else 200)


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def room_new(request: "SignedIn", pk: int) -> HttpResponse:
    centre = get_object_or_404(Centre, pk=pk)
    form = RoomForm(request.POST if request.method == "POST" else None, centre=centre)
    if request.method == "POST" and form.is_valid():
        Room.objects.create(centre=centre, **form.cleaned_data)
        messages.success(request, "교실을 더했습니다.")
        return redirect("learning:place", pk)
    context = {"place": centre, "form": form, "room": None}
    return shown(request, "room_form", "places", context, 422 if form.errors else 200)


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def room(request: "SignedIn", pk: int) -> HttpResponse:
    """Classes that are open already keep their seats."""
    found = get_object_or_404(Room.objects.select_related("centre"), pk=pk)
    now = {"name": found.name, "seats": found.seats, "is_active": found.is_active}
    form = RoomForm(
        request.POST if request.method == "POST" else None,
        centre=found.centre,
        of=found,
        initial={**now, "equipment": ", ".join(found.equipment)},
    )
    if request.method == "POST" and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(found, name, value)
        found.save(update_fields=list(form.cleaned_data))
        messages.success(request, "교실을 고쳤습니다.")
        return redirect("learning:place", found.centre_id)
    context = {"place": found.centre, "form": form, "room": found}
    return shown(request, "room_form", "places", context, 422 if form.errors else 200)


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def appoint(request: "SignedIn", pk: int) -> HttpResponse:
    """Who works at this centre from now on. Whoever signs in by phone has one factor: too little for people's names."""
    centre = get_object_or_404(Centre, pk=pk)
    form = StaffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        who = User.objects.filter(
            username__iexact=given["username"], is_active=True, phone_sign_in=False
        ).first()
        if who is None:
            form.add_error("username", "이런 아이디가 없습니다. 아이디를 다시 확인해 주세요.")
        elif not _appointed(request, centre, who, given["reason"]):
            form.add_error("username", "이미 이 배움터의 직원입니다.")
        else:
            messages.success(request, f"{who.username}: 이제 {centre}의 수업을 봅니다.")
            return redirect("learning:place", pk)
    context = {"place": centre, "form": form}
    return shown(request, "place_staff", "places", context, 422 if form.errors else 200)


def _appointed(request: "SignedIn", centre: Centre, who: User, reason: str) -> bool:
    """False if they are one already."""
    try:
        with transaction.atomic():
            CentrePost.objects.create(user=who, centre=centre, reason=reason, granted_by=request.user)
            record(request, Action.GRANT, [who], f"배움터 직원({centre}): {reason}")
    except IntegrityError:
        return False
    return True


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def dismiss(request: "SignedIn", pk: int) -> HttpResponse:
    post = get_object_or_404(CentrePost.objects.in_force().select_related("centre", "user"), pk=pk)
    form = EndPostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        revoke(post, reason=form.cleaned_data["reason"], by=request.user, request=request)
        messages.success(request, f"{post.user.username}: 이제 {post.centre}의 수업을 보지 않습니다.")
        return redirect("learning:place", post.centre_id)
    context = {"place": post.centre, "post": post, "form": form}
    return shown(request, "place_dismiss", "places", context, 422 if form.errors else 200)
