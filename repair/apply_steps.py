"""The way through an application: which steps there are, which are complete, and what is filed in the end.

Over the answers of a draft (drafts.py) and the rule in force when it is asked; changes nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms

from people.models import District

from . import apply_forms
from .apply_forms import ORGANISATION, OTHER, OWN, UNSURE
from .consent_texts import TEXTS
from .drafts import Answers
from .filing import DeviceFiled, Filed
from .groups import GROUP_LABELS, HOUSEHOLD_GROUPS, Group
from .models import Case, Device, Rule

LABELS = {
    "who": "누구",
    "contact": "연락",
    "where": "어디",
    "what": "고장",
    "group": "지원 대상",
    "papers": "사진과 서류",
    "consent": "동의",
    "check": "확인",
}
#: Typed by the page itself beside the ticks: to which words they belong.
WORDS = "words"


def consent_words() -> str:
    """Names the words that are asked now: a tick under older ones does not count."""
    return " ".join(f"{text.key}:{text.version}:{text.sha256[:12]}" for text in TEXTS)


@dataclass(frozen=True)
class Application:
    """`answers` as typed, the `phone` of the code (E.164) and the rule in force (None: none is)."""

    answers: Answers
    phone: str
    rule: Rule | None

    @cached_property
    def kind(self) -> str:
        typed = self.answers.get("who", {}).get("kind", OWN)
        return typed if typed in (OWN, OTHER, ORGANISATION) else OWN

    @property
    def is_organisation(self) -> bool:
        return self.kind == ORGANISATION

    @property
    def most_devices(self) -> int:
        if not self.is_organisation:
            return 1
        default = Rule._meta.get_field("organisation_devices").default
        return self.rule.organisation_devices if self.rule else default

    @property
    def count(self) -> int:
        """Computers on the page: as many as were asked for, one at least, and never so many that it cannot be shown."""
        typed = self.answers.get("what", {}).get("count", "1")
        return max(1, min(int(typed), 50)) if typed.isdecimal() and self.is_organisation else 1

    @cached_property
    def steps(self) -> list[str]:
        left_out = {"contact", "group"} if self.is_organisation else set()
        return [step for step in LABELS if step not in left_out]

    def form(self, step: str, typed: Any = None) -> forms.Form:
        """Of a step: over `typed`, or over what its answers are, or empty."""
        if typed is None:
            typed = self.answers.get(step) or None
            if step == "consent" and typed and typed.get(WORDS) != consent_words():
                typed = None
        if step == "who":
            return apply_forms.WhoForm(typed)
        if step == "contact":
            return apply_forms.ContactForm(typed, kind=self.kind, phone=self.phone)
        if step == "where":
            return apply_forms.WhereForm(typed)
        if step == "what":
            return apply_forms.WhatForm(typed, count=self.count, most=self.most_devices)
        if step == "group":
            groups = self.rule.groups if self.rule else [group.value for group in Group]
            return apply_forms.GroupForm(typed, groups=groups)
        return apply_forms.ConsentForm(typed)

    @cached_property
    def _made(self) -> dict[str, forms.Form]:
        return {}

    def _over(self, step: str) -> forms.Form | None:
        """The form of one step over what was typed, made when it is first asked for; None if it has none."""
        if step not in self.steps or step in ("papers", "check"):
            return None
        if step not in self._made:
            self._made[step] = self.form(step)
        return self._made[step]

    @cached_property
    def forms(self) -> dict[str, forms.Form]:
        """The forms of all steps that have one, over what was typed."""
        return {step: form for step in self.steps if (form := self._over(step)) is not None}

    def is_complete(self, step: str) -> bool:
        if step == "papers":
            return "papers" in self.answers
        form = self._over(step)
        return form is not None and form.is_valid()

    @cached_property
    def missing(self) -> list[str]:
        """Steps that must still be done; photos and papers need not be."""
        return [step for step in self.forms if not self.is_complete(step)]

    def after(self, step: str) -> str:
        return self.steps[min(self.steps.index(step) + 1, len(self.steps) - 1)]

    def before(self, step: str) -> str:
        """ "" before the first."""
        at = self.steps.index(step)
        return self.steps[at - 1] if at else ""

    def resume(self) -> str:
        """Where to go on: the first step that was not left complete."""
        return next((step for step in self.steps[:-1] if not self.is_complete(step)), "check")

    def data(self, step: str) -> dict[str, Any]:
        """What is right at a step; {} as long as it is not."""
        form = self._over(step)
        return form.cleaned_data if form is not None and form.is_valid() else {}

    @property
    def group(self) -> Group | None:
        if self.is_organisation:
            return Group.ORGANISATION
        typed = self.answers.get("group", {}).get("group", UNSURE)
        return Group(typed) if typed in HOUSEHOLD_GROUPS else None

    @property
    def group_label(self) -> str:
        return GROUP_LABELS[self.group] if self.group else "잘 모르겠어요"

    def devices(self) -> list[DeviceFiled]:
        data = self.data("what")
        if not data:
            return []
        names = apply_forms.WhatForm.NAMES
        return [
            DeviceFiled(**{name: data[f"{name}_{n}"] for name in names}) for n in range(1, self.count + 1)
        ]

    def filed(self) -> Filed:
        """What is filed. KeyError unless nothing is `missing`."""
        who, contact, where = self.data("who"), self.data("contact"), self.data("where")
        ticks = self.data("consent")
        own_phone, helper_phone = self.phone, contact.get("helper_phone", "")
        if self.kind == OTHER:
            own_phone, helper_phone = contact["own_phone"] or self.phone, self.phone
        return Filed(
            name=who["name"],
            phone=own_phone,
            birth_date=who["birth_date"],
            organisation=who["organisation"],
            district=District.objects.defer("boundary").get(pk=where["district"]),
            address=where["address"],
            unit=where["unit"],
            wishes=where["wishes"],
            group=self.group.value if self.group else "",
            devices=self.devices(),
            consents={text.key: ticks[apply_forms.short_key(text)] for text in TEXTS},
            helper_name=contact.get("helper_name", "") if helper_phone else "",
            helper_phone=helper_phone,
            tells=contact.get("tells", Case.Tells.APPLICANT),
        )


def with_another(typed: dict[str, str], count: int) -> dict[str, str]:
    """What was typed about computers, with room for one more."""
    return {**typed, "count": str(count + 1)}


def without(typed: dict[str, str], count: int, gone: int) -> dict[str, str]:
    """What was typed about computers without the one with that number; those behind it move up."""
    kept = [n for n in range(1, count + 1) if n != gone] or [gone]
    moved = {
        f"{name}_{at}": typed.get(f"{name}_{n}", "")
        for at, n in enumerate(kept, 1)
        for name in apply_forms.WhatForm.NAMES
    }
    return {**moved, "count": str(len(kept))}


def device_words(device: DeviceFiled) -> str:
    kind, trouble = Device.Kind(device.kind).label, Device.Trouble(device.trouble).label
    return ", ".join(filter(None, (f"{kind} {device.brand}".strip(), trouble, device.words)))
