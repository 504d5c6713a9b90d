"""대신 접수하기: what a clerk types for somebody at the counter or on the phone. Nothing of it is remembered."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from people.models import District
from people.phones import NotAPhone, mobile, normalised
from privacy.consents import ConsentText

from .consent_texts import TEXTS
from .filing import DeviceFiled, Filed
from .groups import Group
from .models import Case, Device

#: Most devices on the form, whatever a rule says.
MOST_DEVICES = 10
OFF = {"autocomplete": "off"}


def _text(label: str, most: int, empty: str = "", **kwargs: Any) -> forms.CharField:
    attrs = OFF | kwargs.pop("attrs", {})
    return forms.CharField(
        label=label,
        required=bool(empty),
        max_length=most,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": empty, "max_length": f"{most}자 안으로 줄여 주세요."},
        **kwargs,
    )


def _chosen(label: str, choices: Any, wrong: str, **kwargs: Any) -> forms.ChoiceField:
    errors = dict.fromkeys(("required", "invalid_choice"), wrong)
    return forms.ChoiceField(label=label, choices=choices, error_messages=errors, **kwargs)


class EntryForm(forms.Form):
    """Everything but the devices (`device_forms`)."""

    once = forms.UUIDField(widget=forms.HiddenInput(attrs=OFF))
    way = _chosen(
        "어떻게 오셨나요?",
        [(Case.Way.COUNTER.value, "창구에 오심"), (Case.Way.PHONE.value, "전화하심")],
        "창구인지 전화인지 골라 주세요.",
        widget=forms.RadioSelect,
    )
    name = _text("이름", 50, "이름을 적어 주세요.", help_text="단체는 신청하러 오신 분의 이름을 적습니다.")
    birth_date = forms.DateField(
        label="생년월일",
        required=False,
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y.%m.%d.", "%Y. %m. %d.", "%Y%m%d"],
        widget=forms.TextInput(attrs=OFF | {"inputmode": "numeric"}),
        help_text="예: 1950-03-01. 단체는 적지 않아도 됩니다.",
        error_messages={"invalid": "생년월일을 1950-03-01처럼 적어 주세요."},
    )
    phone = _text(
        "전화번호",
        30,
        attrs={"type": "tel", "inputmode": "tel"},
        help_text="집 전화도 됩니다. 문자는 휴대전화로만 보냅니다.",
    )
    group = _chosen(
        "지원 대상",
        [("", "골라 주세요"), *[(group.value, group.label) for group in Group]],
        "어느 지원 대상인지 골라 주세요.",
    )
    organisation = _text("단체 이름", 80, help_text="복지단체만 적습니다.")
    helper_name = _text("도와주시는 분 이름", 50, help_text="가족이나 이웃이 대신 연락받으실 때만 적습니다.")
    helper_phone = _text("도와주시는 분 전화번호", 30, attrs={"type": "tel", "inputmode": "tel"})
    tells = _chosen(
        "문자는 누가 받을까요?",
        Case.Tells.choices,
        "문자를 받을 분을 골라 주세요.",
        widget=forms.RadioSelect,
    )
    district = forms.ModelChoiceField(
        District.objects.none(),
        label="읍면동",
        empty_label="골라 주세요",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "읍면동을 골라 주세요."),
    )
    address = _text(
        "주소", 200, "주소를 적어 주세요.", help_text="도로명과 번호까지. 예: 진주시 문산읍 동부로 12"
    )
    unit = _text("동·호", 40, help_text="예: 101동 202호")
    wishes = _text("방문 때 알아 둘 것", 300, help_text="예: 오후에만 집에 계십니다. 큰 개가 있습니다.")
    exception = _text(
        "같은 가구가 아닌 까닭", 200, help_text="예: 한 집에 세대가 둘입니다. 이름은 적지 마세요."
    )

    def __init__(self, *args: Any, districts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial["once"] = uuid.uuid4()
            if len(districts) == 1:
                self.initial["district"] = districts[0]
        for text in TEXTS:
            self.fields[self.consent_name(text)] = forms.BooleanField(
                label=f"말로 동의하셨습니다: {text.label}",
                required=text.needed,
                widget=forms.CheckboxInput(attrs=OFF),
                error_messages={"required": f"동의하셔야 접수할 수 있습니다. {text.refusing}"},
            )

    @staticmethod
    def consent_name(text: ConsentText) -> str:
        return f"agreed_{text.key.replace('.', '_')}"

    def consents(self) -> list[tuple[ConsentText, forms.BoundField]]:
        """The words that are read out, and the tick beside them."""
        return [(text, self[self.consent_name(text)]) for text in TEXTS]

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born and not date(1900, 1, 1) <= born <= timezone.localdate():
            raise forms.ValidationError("생년월일을 다시 확인해 주세요.")
        return born

    def _clean_phone(self, name: str) -> str:
        typed: str = self.cleaned_data[name]
        try:
            return normalised(typed) if typed else ""
        except NotAPhone as error:
            raise forms.ValidationError(str(error)) from None

    def clean_phone(self) -> str:
        return self._clean_phone("phone")

    def clean_helper_phone(self) -> str:
        return self._clean_phone("helper_phone")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_organisation = data.get("group") == Group.ORGANISATION
        if is_organisation and not data.get("organisation"):
            self._wrong("organisation", "단체 이름을 적어 주세요.")
        if data.get("organisation") and data.get("group") and not is_organisation:
            self._wrong("organisation", "단체로 신청하시면 지원 대상에서 ‘복지단체’를 골라 주세요.")
        if not is_organisation and not data.get("birth_date"):
            self._wrong("birth_date", "생년월일을 적어 주세요.")
        if bool(data.get("helper_name")) != bool(data.get("helper_phone")):
            missing = "helper_phone" if data.get("helper_name") else "helper_name"
            self._wrong(missing, "도와주시는 분의 이름과 전화번호를 함께 적어 주세요.")
        if not data.get("phone") and not data.get("helper_phone"):
            self._wrong("phone", "연락드릴 전화번호를 하나는 적어 주세요.")
        if data.get("tells") == Case.Tells.HELPER and not data.get("helper_phone"):
            self._wrong("tells", "도와주시는 분의 전화번호를 적어 주세요.")
        return data

    def _wrong(self, name: str, words: str) -> None:
        if name not in self.errors:
            self.add_error(name, words)

    def filed(self, devices: list[DeviceFiled]) -> Filed:
        given = self.cleaned_data
        return Filed(
            name=given["name"],
            birth_date=given["birth_date"].isoformat() if given["birth_date"] else "",
            phone=given["phone"],
            district=given["district"],
            address=given["address"],
            unit=given["unit"],
            group=given["group"],
            organisation=given["organisation"],
            devices=devices,
            consents={text.key: given[self.consent_name(text)] for text in TEXTS},
            helper_name=given["helper_name"],
            helper_phone=given["helper_phone"],
            tells=given["tells"],
            way=given["way"],
            wishes=given["wishes"],
            exception=given["exception"],
        )

    def can_be_texted(self) -> bool:
        """Whether whoever is to be told has a phone that takes texts."""
        name = "helper_phone" if self.cleaned_data["tells"] == Case.Tells.HELPER else "phone"
        try:
            return bool(self.cleaned_data[name] and mobile(self.cleaned_data[name]))
        except NotAPhone:
            return False


class DeviceForm(forms.Form):
    kind = _chosen("기기", [("", "골라 주세요"), *Device.Kind.choices], "어떤 기기인지 골라 주세요.")
    trouble = _chosen("고장", [("", "골라 주세요"), *Device.Trouble.choices], "어떤 고장인지 골라 주세요.")
    brand = _text("만든 곳", 40, help_text="예: 삼성, LG, 조립")
    bought_in = forms.IntegerField(
        label="산 해",
        required=False,
        min_value=1990,
        max_value=2100,
        widget=forms.TextInput(attrs=OFF | {"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "산 해를 2018처럼 적어 주세요."),
    )
    words = forms.CharField(
        label="고장 설명",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs=OFF | {"rows": 2}),
        error_messages={"max_length": "500자 안으로 줄여 주세요."},
    )

    def filed(self) -> DeviceFiled:
        given = self.cleaned_data
        return DeviceFiled(
            given["kind"], given["trouble"], given["brand"], given["bought_in"], given["words"]
        )


def device_forms(data: Mapping[str, Any] | None, most: int) -> list[DeviceForm]:
    """As many as an organisation may bring; all but the first may stay empty."""
    return [
        DeviceForm(data, prefix=f"device{n}", empty_permitted=n > 0, use_required_attribute=False)
        for n in range(max(1, min(most, MOST_DEVICES)))
    ]
