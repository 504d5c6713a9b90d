"""How forms are written as HTML: Django's own widgets, and around each the look of our fields (KRDS).

A page of work has up to sixty questions. Through templates each costs a dozen of them, and each option of a list one
more: most of the time that such a page takes. So what every page has is put together here. Widgets that are not known
here go through Django's templates as ever. templates/krds/ is the same look for crispy's layouts, and draws with this.
"""

from collections.abc import Callable
from html import escape
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

WIDGETS = "django/forms/widgets/"
#: Widgets that are one <input>.
INPUTS = (
    *("checkbox", "color", "date", "datetime", "email", "file", "hidden", "number", "password"),
    *("search", "tel", "text", "time", "url"),
)
#: Choices that are an <input> each, with a label around if `wrap_label`.
OPTIONS = ("checkbox_option", "radio_option")


def shown(value: Any) -> str:
    """As a template writes it: escaped, unless it is known to be HTML."""
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))


def _attributes(widget: dict[str, Any]) -> str:
    return "".join(
        f" {shown(name)}" if value is True else f' {shown(name)}="{shown(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: dict[str, Any]) -> str:
    value = widget["value"]
    filled = "" if value is None else f' value="{shown(value)}"'
    return (
        f'<input type="{shown(widget["type"])}" name="{shown(widget["name"])}"{filled}{_attributes(widget)}>'
    )


def _choice(widget: dict[str, Any]) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    pk = widget["attrs"].get("id")
    named = f' for="{shown(pk)}"' if pk else ""
    return f"<label{named}>{_input(widget)} {shown(widget['label'])}</label>"


def _textarea(widget: dict[str, Any]) -> str:
    text = shown(widget["value"]) if widget["value"] else ""
    # A first line break is dropped by browsers; without this one it would be the person's.
    return f'<textarea name="{shown(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _option(widget: dict[str, Any]) -> str:
    return f'<option value="{shown(widget["value"])}"{_attributes(widget)}>{shown(widget["label"])}</option>'


def _select(widget: dict[str, Any]) -> str:
    written = [f'<select name="{shown(widget["name"])}"{_attributes(widget)}>']
    for group, options, _ in widget["optgroups"]:
        inside = "\n".join(map(_option, options))
        written.append(f'<optgroup label="{shown(group)}">\n{inside}\n</optgroup>' if group else inside)
    return "\n".join([*written, "</select>"])


def _field(field: BoundField) -> str:
    """Label, hint, the input, what is wrong. The ids are those that Django names in aria-describedby."""
    if field.is_hidden:
        return str(field)
    widget, pk = field.field.widget, shown(field.auto_id)
    need = "" if field.field.required else ' <span class="field-need">(선택)</span>'
    label = shown(field.label) + need
    hint = f'<p class="hint" id="{pk}_helptext">{field.help_text}</p>' if field.help_text else ""
    errors = field.errors
    wrong = f'<div class="field-error" id="{pk}_error">{" ".join(map(shown, errors))}</div>' if errors else ""
    if isinstance(widget, forms.CheckboxInput):
        check = f'{field}<label for="{shown(field.id_for_label)}">{label}</label>'
        start = f'<div id="div_{pk}" class="field">\n<div class="krds-form-check large">{check}</div>'
        return f"{start}\n{hint}{wrong}</div>"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        # One question in several inputs. The group takes the id, so that the link of the summary arrives.
        about = f' aria-describedby="{shown(by)}"' if (by := field.aria_describedby) else ""
        inside = _several(field, widget) if isinstance(widget, forms.MultiWidget) else _choices(field)
        start = f'<fieldset id="{pk}" tabindex="-1" class="field"{about}>\n<legend>{label}</legend>'
        return f"{start}\n{hint}{inside}\n{wrong}</fieldset>"
    look = "" if isinstance(widget, forms.FileInput) else _look(widget)
    drawn = field.as_widget(attrs={"class": look}) if look else str(field)
    also = f" {shown(more)}" if (more := field.css_classes()) else ""
    start = f'<div id="div_{pk}" class="field{also}">'
    named = f'<label class="field-label" for="{shown(field.id_for_label)}">{label}</label>'
    return f"{start}\n{named}\n{hint}{drawn}\n{wrong}</div>"


def _look(widget: forms.Widget) -> str:
    look = "krds-form-select" if isinstance(widget, forms.Select) else "krds-input"
    own = widget.attrs.get("class", "")
    return f"{own} {look}" if own else look


def _several(field: BoundField, widget: forms.MultiWidget) -> str:
    for one in widget.widgets:
        if "krds-" not in one.attrs.get("class", ""):
            one.attrs["class"] = _look(one)
    return str(field)


def _choices(field: BoundField) -> str:
    """A tick or a dot each, with its words beside it."""
    each = "\n".join(
        f'<div class="krds-form-check large">{choice.tag()}'
        f'<label for="{shown(choice.id_for_label)}">{shown(choice.choice_label)}</label></div>'
        for choice in field.subwidgets
    )
    return f'<div class="choices">\n{each}\n</div>'


DRAWN: dict[str, Callable[[dict[str, Any]], str]] = {
    **{f"{WIDGETS}{name}.html": _input for name in INPUTS},
    **{f"{WIDGETS}{name}.html": _choice for name in OPTIONS},
    f"{WIDGETS}textarea.html": _textarea,
    f"{WIDGETS}select.html": _select,
}


class FormDrawing(DjangoTemplates):
    """FORM_RENDERER. {{ field.as_field_group }} is a whole field."""

    field_template_name = "krds/field"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        if template_name == self.field_template_name:
            return mark_safe(_field(context["field"]))  # noqa: S308 - all that is put in is escaped above
        draw = DRAWN.get(template_name)
        if draw is not None:
            return mark_safe(draw(context["widget"]))  # noqa: S308 - as above
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 - a template's
