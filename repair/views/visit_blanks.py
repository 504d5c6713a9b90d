"""The forms of a visit as HTML. Those that are the same on every visit, as long as nothing is filled in, are drawn
once, not once a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ..models import Visit
from ..sent_deeds import DEEDS, form_of

#: Of the page's forms: those that are filled in.
FORMS = ("plan", "give_back", "diagnose", "add_line", "photos", "answer", "break_off", "finish")
#: What is chosen from is the visit's.
_OF_THE_VISIT = ("add_line", "finish")
#: Laid out field by field: the page says above all else what is wrong. A hidden field is the page's own.
_BY_FIELD = ("answer", "finish")


@dataclass(frozen=True)
class Drawn:
    """`html`: all fields, after what is wrong, or those besides `name`, which the page has elsewhere."""

    html: SafeString
    name: SafeString
    is_bound: bool = False


def drawn_forms(visit: Visit, bound: Mapping[str, forms.Form]) -> dict[str, Drawn]:
    """Of FORMS. `bound`: those that were refused, by their deed."""
    found = {}
    for name in FORMS:
        filled = _filled(name, visit)
        if name in bound:
            found[name] = _drawn(name, bound[name])
        elif filled or name in _OF_THE_VISIT:
            listed = visit.listed  # type: ignore[attr-defined]
            form = form_of(name, visit, auto_id=f"{name}_%s", listed=listed, initial=filled)
            found[name] = _drawn(name, form)
        else:
            found[name] = _blank(name)
    return found


def _filled(name: str, visit: Visit) -> dict[str, Any]:
    if name == "diagnose" and visit.diagnosis:
        return {"words": visit.diagnosis}
    if name == "plan" and visit.planned_at:
        return {"planned_at": visit.planned_at}
    return {}


@cache
def _blank(name: str) -> Drawn:
    form: Any = DEEDS[name][0]
    return _drawn(name, form(auto_id=f"{name}_%s", visit=None))


def _drawn(name: str, form: Any) -> Drawn:
    by_field = name in _BY_FIELD
    fields = [field for field in form if not (by_field and (field.name == "name" or field.is_hidden))]
    wrong = render_to_string("krds/errors.html", {"form": form}) if form.is_bound and not by_field else ""
    html = wrong + "".join(field.as_field_group() for field in fields)
    own = form["name"].as_field_group() if by_field else ""
    # Put together of what form_drawing.py and a template have written.
    return Drawn(mark_safe(html), mark_safe(own), form.is_bound)  # noqa: S308
