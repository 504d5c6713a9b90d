"""Widgets that are put together without a template say what Django's templates say, to the attribute."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from jinju_portal.form_drawing import DRAWN, WIDGETS, FormDrawing

CHOICES = [("", "골라 주세요"), ("모둠 <&>", [(1, "하나 & 둘"), (2, '"셋"')])]
ODD = '<b>"홍"</b> & \n'
SEVERAL = {
    "text": (forms.TextInput({"class": "own", "hidden": True, "x": False, "data-a": ODD}), ODD),
    "empty": (forms.TextInput(), None),
    "number": (forms.NumberInput(), 0),
    "day": (forms.DateInput(), None),
    "secret": (forms.PasswordInput(), "x"),
    "hidden": (forms.HiddenInput(), ODD),
    "file": (forms.FileInput(), None),
    "lines": (forms.Textarea({"rows": 3}), "\n" + ODD),
    "tick": (forms.CheckboxInput(), True),
    "list": (forms.Select(choices=CHOICES), 2),
    "several": (forms.SelectMultiple(choices=CHOICES), ["1", "2"]),
    "radio": (forms.RadioSelect(choices=CHOICES), "1"),
    "ticks": (forms.CheckboxSelectMultiple(choices=CHOICES), ["2"]),
    "two": (forms.SplitDateTimeWidget(), None),
}


def plain(html: str) -> str:
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", html)


@pytest.mark.parametrize("name", SEVERAL)
def test_as_the_templates_say(name: str) -> None:
    widget, value = SEVERAL[name]
    drawn = widget.render(name, value, {"id": f"id_{name}"}, FormDrawing())
    assert plain(drawn) == plain(widget.render(name, value, {"id": f"id_{name}"}, DjangoTemplates()))
    assert "<b>" not in drawn


def test_every_drawn_widget_is_one_of_djangos() -> None:
    renderer = DjangoTemplates()
    assert all(name.startswith(WIDGETS) and renderer.get_template(name) for name in DRAWN)
