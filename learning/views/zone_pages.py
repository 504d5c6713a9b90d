"""체험존: the page for everybody, and the pages of those who work there. No personal data anywhere in them."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from .. import zone as deeds
from ..booking_states import NotPossible
from ..models import Zone, ZoneDevice
from ..roles import is_centre_staff, is_coordinator
from ..staff_menu import menu
from ..zone_forms import CloseForm, DeviceForm, HoursForm, TapForm, TroubleForm

if TYPE_CHECKING:
    from ..actors import SignedIn

#: How many at once can be counted by one tap.
AT_ONCE = (1, 2, 3, 5, 10)


@login_not_required
@require_safe
def zones(request: HttpRequest) -> HttpResponse:
    """Whether it is open now, when it opens, what there is to try, and when it is closed."""
    return render(request, "learning/zone/zones.html", {"pages": deeds.pages()})


def of_zone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """view(request, zone, …): 403 for whoever works at no centre, 404 for another's zone."""

    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast("SignedIn", request).user
        if not (is_coordinator(user) or is_centre_staff(user)):
            raise PermissionDenied("이 화면은 체험존에서 일하는 사람만 봅니다.")
        return view(request, get_object_or_404(Zone.objects.for_user(user), pk=pk), *args, **kwargs)

    return asked


def shown(
    request: "SignedIn", template: str, zone: Zone, context: dict[str, Any], *, refused: bool = False
) -> HttpResponse:
    """The page, with the menu of the zone; 422 if what was sent was `refused`."""
    context = {"menu": menu(request.user, "zone_work"), "here": template, "zone": zone, **context}
    return render(request, f"learning/zone/{template}.html", context, status=422 if refused else 200)


@never_cache
@require_GET
def work(request: "SignedIn") -> HttpResponse:
    """Those that they look after; straight to the only one."""
    if not (is_coordinator(request.user) or is_centre_staff(request.user)):
        raise PermissionDenied("이 화면은 체험존에서 일하는 사람만 봅니다.")
    mine = list(Zone.objects.for_user(request.user))
    if len(mine) == 1:
        return redirect("learning:zone_desk", mine[0].pk)
    return render(
        request, "learning/zone/work.html", {"zones": mine, "menu": menu(request.user, "zone_work")}
    )


@require_GET
@of_zone
def desk(request: "SignedIn", zone: Zone) -> HttpResponse:
    """Counting by a tap. Every button carries what makes a tap that is sent twice count once."""
    page, today = deeds.page(zone), deeds.today(zone)
    devices = [(device, today.devices.get(device.pk, 0), uuid.uuid4()) for device in page.devices]
    people = [(n, uuid.uuid4()) for n in AT_ONCE]
    return shown(request, "desk", zone, {"page": page, "today": today, "people": people, "devices": devices})


@require_POST
@of_zone
def tap(request: "SignedIn", zone: Zone) -> HttpResponse:
    form = TapForm(request.POST)
    device = None
    if form.is_valid() and form.cleaned_data["device"]:
        device = get_object_or_404(ZoneDevice, zone=zone, pk=form.cleaned_data["device"])
    if not form.is_valid():
        messages.error(request, "세지 못했습니다. 다시 한 번 눌러 주세요.")
        return redirect("learning:zone_desk", zone.pk)
    given = form.cleaned_data
    counted = deeds.tap(zone, given["once"], given["people"], device, request.user)
    what = f"{counted.device} 이용" if counted.device else "오신 분"
    messages.success(request, f"{what} {counted.people}명을 더했습니다.")
    return redirect("learning:zone_desk", zone.pk)


@require_POST
@of_zone
def undo(request: "SignedIn", zone: Zone, tap: int) -> HttpResponse:
    gone = deeds.undo(zone, tap)
    if gone:
        messages.success(request, f"{gone.people}명을 더한 것을 지웠습니다.")
    else:
        messages.warning(request, "이미 지웠거나 오늘 센 것이 아닙니다.")
    return redirect("learning:zone_desk", zone.pk)


@require_http_methods(["GET", "POST"])
@of_zone
def days(request: "SignedIn", zone: Zone) -> HttpResponse:
    """Closed days: those of the list of holidays, and those that the zone decides."""
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            closure = deeds.close_on(zone, form.cleaned_data["on"], form.cleaned_data["reason"], request.user)
        except NotPossible as error:
            form.add_error("on", str(error))
        else:
            messages.success(
                request, f"{closure.on.month}월 {closure.on.day}일은 쉽니다. 안내 화면에 바로 보입니다."
            )
            return redirect("learning:zone_days", zone.pk)
    context = {"form": form, "page": deeds.page(zone), "closures": deeds.coming_closures(zone)}
    return shown(request, "days", zone, context, refused=bool(form.errors))


@require_POST
@of_zone
def day_open(request: "SignedIn", zone: Zone, closure: int) -> HttpResponse:
    deeds.open_after_all(zone, closure)
    messages.success(request, "쉬는 날에서 뺐습니다.")
    return redirect("learning:zone_days", zone.pk)


@require_http_methods(["GET", "POST"])
@of_zone
def hours(request: "SignedIn", zone: Zone) -> HttpResponse:
    form = HoursForm(request.POST if request.method == "POST" else None, initial=deeds.hours_as_typed(zone))
    if request.method == "POST" and form.is_valid():
        deeds.set_hours(zone, form.week(), form.rest())
        messages.success(request, "여는 시간을 고쳤습니다. 안내 화면에 바로 보입니다.")
        return redirect("learning:zone_desk", zone.pk)
    return shown(request, "hours", zone, {"form": form}, refused=bool(form.errors))


@require_http_methods(["GET", "POST"])
@of_zone
def devices(request: "SignedIn", zone: Zone) -> HttpResponse:
    """All of them, and one more."""
    more = ZoneDevice(zone=zone, order=zone.devices.count() + 1)
    form = DeviceForm(request.POST or None, instance=more)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, f"{made.name}: 기기를 더했습니다.")
        return redirect("learning:zone_devices", zone.pk)
    context = {"form": form, "devices": list(zone.devices.all())}
    return shown(request, "devices", zone, context, refused=bool(form.errors))


@require_http_methods(["GET", "POST"])
@of_zone
def device(request: "SignedIn", zone: Zone, device: int) -> HttpResponse:
    """One device. POST `deed`: broken (with `trouble`), works, or change."""
    found = get_object_or_404(zone.devices, pk=device)
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    trouble = TroubleForm(request.POST if deed == "broken" else None, initial={"trouble": found.trouble})
    change = DeviceForm(request.POST if deed == "change" else None, instance=found)
    said = ""
    if deed == "works":
        deeds.works_again(found)
        said = f"{found.name}: 이제 됩니다."
    elif deed == "broken" and trouble.is_valid():
        deeds.out_of_order(found, trouble.cleaned_data["trouble"])
        said = f"{found.name}: 고장으로 알립니다."
    elif deed == "change" and change.is_valid():
        change.save()
        said = f"{found.name}: 고쳤습니다."
    if said:
        messages.success(request, said)
        return redirect("learning:zone_devices", zone.pk)
    refused = bool(trouble.errors or change.errors)
    if change.errors:
        found = get_object_or_404(zone.devices, pk=device)  # what the form put into it was refused
    context = {
        "device": found,
        "trouble": trouble,
        "change": change,
        "form": trouble if trouble.errors else change,
    }
    return shown(request, "device", zone, context, refused=refused)
