"""방송 틀: choosing one, filling it in with a preview of how it is read, and, for the city, writing one."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.models import User

from ..compose import keep
from ..models import Recording, Template, TemplatePart, Village
from ..reach import by_district, reach_of, with_speakers
from ..senders import sender_of
from ..sending_rules import choices_for
from ..template_forms import (
    NAME_TAKEN,
    PartsForm,
    TemplateForm,
    UseForm,
    first_values,
    kept_recordings,
    values_in,
)
from ..templates import NameTaken, draft_from, parts_of, pieces, write_template
from ..voice.recorded import evened_out
from ..voice.sound import BadSound
from ..wording import BadWording
from . import works_in_an_office
from .writing import NO_VILLAGE

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from . import SignedIn

CITY_ONLY = "방송 틀은 시청 방송 담당만 고칩니다."


@never_cache
@require_GET
def templates(request: "SignedIn") -> HttpResponse:
    """Those that the user may take; for the city, all."""
    parts = Prefetch("parts", TemplatePart.objects.order_by("order"))
    rows = list(_theirs(request.user).prefetch_related(parts))
    context = {
        "office": works_in_an_office(request.user),
        "may_write": request.user.is_city_operator,
        "templates": rows,
    }
    return render(request, "broadcast/templates.html", context)


def _theirs(user: User) -> "QuerySet[Template]":
    """Without those of kinds that the police may not send: they would fill one in only to be refused."""
    seen = Template.objects.for_user(user)
    return seen.filter(category__in=choices_for(sender_of(user))) if user.is_police else seen


@never_cache
@require_http_methods(["GET", "POST"])
def use(request: "SignedIn", pk: int) -> HttpResponse:
    """Variables and villages; POST makes a draft, which is heard and looked at before it is sent."""
    template = get_object_or_404(_theirs(request.user).filter(is_active=True), pk=pk)
    parts = parts_of(template)
    looks = request.method == "POST" and "look" in request.POST  # nothing is asked of somebody who only looks
    typed = None if looks else request.POST or None
    form = UseForm(typed, user=request.user, parts=parts, initial=request.POST.dict())
    if request.method == "POST" and not looks and form.is_valid():
        try:
            draft = draft_from(template, request.user, form.cleaned_data["villages"], form.values())
            return redirect("broadcast:review", draft.pk)
        except (BadWording, BadSound) as error:
            form.add_error(None, str(error))
    villages = with_speakers(Village.objects.for_user(request.user))
    if not villages:
        raise PermissionDenied(NO_VILLAGE)
    values = request.POST
    context = {
        "template": template,
        "form": form,
        "pieces": pieces(parts, values_in(form.names, values)),
        "groups": by_district(villages),
        "only_village": villages[0] if len(villages) == 1 else None,
        "reach": reach_of(villages),
        "office": works_in_an_office(request.user),
        "where": values.get("where", "all"),
        "chosen": set(values.getlist("villages")),
        "chosen_districts": set(values.getlist("districts")),
    }
    return render(request, "broadcast/template_use.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def reading(request: "SignedIn", pk: int) -> HttpResponse:
    """The part of the page that says how it will be read, as far as it is filled in."""
    template = get_object_or_404(Template.objects.for_user(request.user), pk=pk)
    parts = parts_of(template)
    names = UseForm(user=request.user, parts=parts).names
    return render(
        request, "broadcast/_reading.html", {"pieces": pieces(parts, values_in(names, request.POST))}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def write(request: "SignedIn", pk: int | None = None) -> HttpResponse:
    """A template, new or as it is. With `more`: the same page with room for more parts."""
    if not request.user.is_city_operator:
        raise PermissionDenied(CITY_ONLY)
    template = get_object_or_404(Template, pk=pk) if pk else None
    old = parts_of(template) if template else []
    form = TemplateForm(request.POST or None, instance=template)
    initial = first_values(template, old)
    parts = PartsForm(request.POST or None, request.FILES or None, initial=initial, prefix="part")
    posted = request.method == "POST"
    if posted and form.is_valid() and parts.is_valid():
        try:
            wanted = _wanted(parts, kept_recordings(old), request)
            write_template(pk, request.user, form.cleaned_data, wanted)
            return redirect("broadcast:templates")
        except NameTaken:
            form.add_error("name", NAME_TAKEN)
        except BadSound as error:
            form.add_error(None, str(error))
    context = {
        "office": True,
        "template": template,
        "form": form,
        "parts": parts,
        "recordings": kept_recordings(old),
    }
    failed = posted and bool(form.errors or parts.total_error_count())
    return render(request, "broadcast/template_write.html", context, status=422 if failed else 200)


def _wanted(
    parts: Any, kept: dict[Any, Recording], request: "SignedIn"
) -> list[tuple[str, Recording | None]]:
    """(text, recording) of each part that says something. Raises BadSound."""
    wanted = []
    for one in parts:
        data = one.cleaned_data
        if not data.get("text"):
            continue
        recording = None if data.get("drop") else kept.get(data.get("kept"))
        if sound := data.get("sound"):
            recording = keep(evened_out(sound.read()), Recording.Source.MICROPHONE, request.user)
        wanted.append((data["text"], recording))
    return wanted
