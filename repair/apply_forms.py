"""The short steps of an application. Each is a plain form over what was typed, so that it can be asked again later."""

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from people.form_fields import PhoneField, choose, takes_texts, text
from people.models import District
from privacy.consents import GUARDIAN, ConsentText, needs_guardian
from privacy.masking import masked_phone

from .consent_texts import TEXTS
from .groups import GROUP_LABELS, HOUSEHOLD_GROUPS
from .models import Case, Device

OWN, OTHER, ORGANISATION = "own", "other", "organisation"
#: Typed instead of a group: the office finds out.
UNSURE = "unsure"


class WhoForm(forms.Form):
    kind = forms.ChoiceField(
        label="누구의 컴퓨터를 고치시나요?",
        choices=[
            (OWN, "우리 집 컴퓨터"),
            (OTHER, "제가 도와드리는 다른 분의 컴퓨터 (부모님, 이웃, 이용자)"),
            (ORGANISATION, "복지단체의 컴퓨터"),
        ],
        widget=forms.RadioSelect,
        error_messages=choose("누구의 컴퓨터인지 골라 주세요."),
    )
    organisation = text(
        "단체 이름",
        max_length=80,
        help_text="복지단체의 컴퓨터일 때만 적어 주세요.",
        attrs={"autocomplete": "organization"},
    )
    name = text(
        "신청하는 분 이름",
        "이름을 적어 주세요.",
        help_text="컴퓨터를 쓰시는 분의 이름입니다. 복지단체는 담당하시는 분의 이름을 적어 주세요.",
        attrs={"autocomplete": "name"},
    )
    birth_date = text(
        "신청하는 분의 태어난 날",
        max_length=20,
        help_text="여덟 자리 숫자로 적어 주세요. 예: 1950년 3월 1일이면 19500301. 복지단체는 비워 두세요.",
        attrs={"autocomplete": "bday"},
    )

    def clean_birth_date(self) -> str:
        typed = self.cleaned_data["birth_date"]
        return born(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == ORGANISATION:
            data["birth_date"] = ""
            if not data.get("organisation") and "organisation" not in self.errors:
                self.add_error("organisation", "단체 이름을 적어 주세요.")
        elif "kind" in data:
            data["organisation"] = ""
            if not data.get("birth_date") and "birth_date" not in self.errors:
                self.add_error("birth_date", "태어난 날을 적어 주세요.")
            elif data["kind"] == OWN and needs_guardian(data.get("birth_date", ""), timezone.localdate()):
                self.add_error("kind", GUARDIAN)
        return data


def born(typed: str) -> str:
    """ "YYYY-MM-DD" however it was typed: 19500301, 1950. 3. 1., 1950년 3월 1일. ValidationError."""
    wrong = forms.ValidationError("태어난 날을 여덟 자리 숫자로 적어 주세요. 예: 19500301")
    digits = re.findall(r"[0-9]+", typed)
    if len(digits) == 1 and len(digits[0]) == 8:
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    if len(digits) != 3 or len(digits[0]) != 4:
        raise wrong
    try:
        day = date(*map(int, digits))
    except ValueError:
        raise wrong from None
    if not date(1900, 1, 1) <= day <= timezone.localdate():
        raise wrong
    return day.isoformat()


class ContactForm(forms.Form):
    """Who else is there, and who gets the messages. `kind`: of the first step; `phone`: the one of the code."""

    own_phone = PhoneField(
        label="신청하는 분의 전화번호",
        help_text="집 전화도 됩니다. 전화가 없으시면 비워 두세요. 그러면 도와주시는 분께 연락드립니다.",
        autocomplete="off",
    )
    helper_name = text("도와주시는 분 이름")
    helper_phone = PhoneField(label="도와주시는 분 전화번호", autocomplete="off")
    tells = forms.ChoiceField(
        label="알림 문자를 누가 받으시나요?",
        widget=forms.RadioSelect,
        error_messages=choose("알림 문자를 받으실 분을 골라 주세요."),
        help_text="접수, 선정, 방문 날짜를 이분께만 문자로 알려 드립니다.",
    )

    def __init__(self, *args: Any, kind: str, phone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.phone = kind, phone
        shown = masked_phone(phone)
        applicant, helper = "신청하는 분", "도와주시는 분"
        if kind == OTHER:
            del self.fields["helper_phone"]
            self.fields["helper_name"].label = "도와주시는 분(지금 적고 계신 분)의 이름"
            self.fields["helper_name"].required = True
            self.fields["helper_name"].error_messages["required"] = "도와주시는 분의 이름을 적어 주세요."
            self.fields["helper_name"].widget.attrs["autocomplete"] = "name"
            helper = f"{helper} ({shown})"
        else:
            del self.fields["own_phone"]
            self.fields[
                "helper_name"
            ].help_text = "가족이나 복지사처럼 도와주시는 분이 있을 때만 적어 주세요."
            applicant = f"{applicant} ({shown})"
        self.fields["tells"].choices = [  # type: ignore[attr-defined]
            (Case.Tells.APPLICANT, applicant),
            (Case.Tells.HELPER, helper),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        other = "own_phone" if self.kind == OTHER else "helper_phone"
        told = Case.Tells.APPLICANT if self.kind == OTHER else Case.Tells.HELPER
        if data.get("tells") == told and other in data:
            if not data[other]:
                self.add_error(other, "알림 문자를 받으실 분의 휴대전화 번호를 적어 주세요.")
            elif not takes_texts(data[other]):
                self.add_error(
                    other,
                    "집 전화로는 문자를 받을 수 없습니다. 휴대전화 번호를 적거나 다른 분을 골라 주세요.",
                )
        if self.kind != OTHER and data.get("helper_phone") and not data.get("helper_name"):
            self.add_error("helper_name", "도와주시는 분의 이름도 적어 주세요.")
        return data


class WhereForm(forms.Form):
    district = forms.ChoiceField(
        label="읍면동",
        help_text="사시는 곳(단체는 컴퓨터가 있는 곳)의 읍면동입니다. 담당 읍면동에서 확인해 드립니다.",
        error_messages=choose("읍면동을 골라 주세요."),
        widget=forms.Select(attrs={"autocomplete": "address-level3"}),
    )
    address = text(
        "도로명 주소",
        "주소를 적어 주세요.",
        max_length=200,
        help_text="예: 경상남도 진주시 문산읍 동부로 12",
        attrs={"autocomplete": "street-address"},
    )
    unit = text(
        "동·호",
        max_length=40,
        help_text="아파트나 빌라일 때만 적어 주세요. 예: 101동 202호",
        attrs={"autocomplete": "address-line2"},
    )
    wishes = text(
        "방문할 때 알아 둘 것",
        max_length=300,
        help_text="예: 오전에는 병원에 갑니다. 귀가 어두우니 크게 불러 주세요.",
        widget=forms.Textarea,
        attrs={"rows": 3},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = District.objects.values_list("code", "name")
        self.fields["district"].choices = [("", "골라 주세요"), *named]  # type: ignore[attr-defined]


class WhatForm(forms.Form):
    """One computer, or several of an organisation: fields kind_1, brand_1, trouble_1, words_1, kind_2 …"""

    NAMES = ("kind", "brand", "trouble", "words")

    def __init__(self, *args: Any, count: int = 1, most: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count, self.most = count, most
        for n in range(1, count + 1):
            of = f"{n}번째 컴퓨터: " if count > 1 else ""
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=f"{of}어떤 컴퓨터인가요?",
                choices=Device.Kind.choices,
                widget=forms.RadioSelect,
                error_messages=choose("데스크톱인지 노트북인지 골라 주세요."),
            )
            self.fields[f"brand_{n}"] = text(
                f"{of}만든 회사", max_length=40, help_text="예: 삼성, LG. 모르시면 비워 두세요."
            )
            self.fields[f"trouble_{n}"] = forms.ChoiceField(
                label=f"{of}어떤 고장인가요?",
                choices=Device.Trouble.choices,
                widget=forms.RadioSelect,
                error_messages=choose("가장 가까운 것을 골라 주세요."),
            )
            self.fields[f"words_{n}"] = text(
                f"{of}더 하실 말씀",
                max_length=500,
                help_text="언제부터 그랬는지, 어떤 글이 나오는지 적어 주시면 부품을 미리 챙겨 갑니다.",
                widget=forms.Textarea,
                attrs={"rows": 3},
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.count > self.most:
            self.add_error(None, f"컴퓨터는 {self.most}대까지 신청하실 수 있습니다. 대수를 줄여 주세요.")
        for n in range(1, self.count + 1):
            # None: what was typed there is wrong already.
            if data.get(f"trouble_{n}") == Device.Trouble.OTHER and data.get(f"words_{n}") == "":
                self.add_error(f"words_{n}", "어떤 고장인지 적어 주세요.")
        return data

    def computers(self) -> list[tuple[int, list[forms.BoundField]]]:
        return [(n, [self[f"{name}_{n}"] for name in self.NAMES]) for n in range(1, self.count + 1)]


class GroupForm(forms.Form):
    group = forms.ChoiceField(
        label="어느 지원 대상이신가요?",
        widget=forms.RadioSelect,
        help_text="집에 함께 사시는 분 가운데 한 분만 해당해도 됩니다.",
        error_messages={
            "required": "해당하는 것을 골라 주세요. 모르시면 ‘잘 모르겠어요’를 골라 주세요.",
            "invalid_choice": "올해는 그 지원이 없습니다. 다시 골라 주세요.",
        },
    )

    def __init__(self, *args: Any, groups: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(group.value, GROUP_LABELS[group]) for group in HOUSEHOLD_GROUPS if group in groups]
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            *known,
            (UNSURE, "잘 모르겠어요 (직원이 확인해 드립니다)"),
        ]


def short_key(consent: ConsentText) -> str:
    """repair.look_up → look_up: a field's name."""
    return consent.key.partition(".")[2]


class ConsentForm(forms.Form):
    """Each consent apart, none ticked beforehand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for consent in TEXTS:
            missing = "동의하지 않으시면 신청을 받지 못합니다. 동의하시면 네모를 눌러 주세요."
            self.fields[short_key(consent)] = forms.BooleanField(
                label=consent.label, required=consent.needed, error_messages={"required": missing}
            )

    def asked(self) -> list[tuple[ConsentText, forms.BoundField]]:
        return [(consent, self[short_key(consent)]) for consent in TEXTS]
