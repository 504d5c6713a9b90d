"""What an applicant fills in besides the application: the four questions, where it stands, and what they still do."""

import re
from typing import Any

from django import forms
from django.db import models

from people.form_fields import PhoneField, choose, takes_texts, text
from people.phones import NotAPhone, normalised

from .eligibility import Asked
from .groups import GROUP_LABELS, Group
from .models import Case
from .paper_fields import PHOTOS_ONLY, PapersField

UNSURE = ("unsure", "잘 모르겠어요")
YES_NO = {"yes": True, "no": False}
#: Not a computer: told so.
SOMETHING_ELSE = "other"


class Device(models.TextChoices):
    DESKTOP = "desktop", "데스크톱(본체)"
    LAPTOP = "laptop", "노트북"
    OTHER = SOMETHING_ELSE, "다른 것 (휴대전화, 프린터, 텔레비전)"


def _question(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[*choices, UNSURE],
        widget=forms.RadioSelect,
        error_messages=choose("하나를 골라 주세요."),
    )


class CheckForm(forms.Form):
    """Four questions; nothing of it is kept."""

    lives_here = _question(
        "1. 진주시에 사시나요?", [("yes", "네, 주민등록이 진주시입니다"), ("no", "아니요")]
    )
    group = _question(
        "2. 어느 대상이신가요?",
        [*((g.value, label) for g, label in GROUP_LABELS.items()), ("none", "해당하는 것이 없어요")],
    )
    used = _question("3. 올해 이미 지원받으셨나요?", [("no", "아니요"), ("yes", "네, 받았습니다")])
    device = _question("4. 무엇을 고치시나요?", list(Device.choices))

    def asked(self) -> Asked:
        data = self.cleaned_data
        group = Group(data["group"]) if data["group"] in GROUP_LABELS else None
        return Asked(group, YES_NO.get(data["lives_here"]), YES_NO.get(data["used"]))


class StatusForm(forms.Form):
    number = text(
        "접수번호",
        "접수번호를 적어 주세요.",
        max_length=30,
        help_text="접수증이나 문자에 있습니다. 예: 2026-1234-5678",
        attrs={"inputmode": "numeric"},
    )
    phone = forms.CharField(
        label="전화번호",
        max_length=30,
        help_text="신청할 때 적으신 번호, 또는 도와주시는 분의 번호입니다.",
        error_messages={"required": "전화번호를 적어 주세요."},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_number(self) -> str:
        """2026-1234-5678, with or without its dashes."""
        digits = re.sub(r"\D", "", self.cleaned_data["number"])
        if len(digits) != 12:
            raise forms.ValidationError("접수번호는 숫자 12자리입니다. 예: 2026-1234-5678")
        return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"

    def clean_phone(self) -> str:
        try:
            return normalised(self.cleaned_data["phone"])
        except NotAPhone as error:
            raise forms.ValidationError(str(error)) from None


class CorrectForm(forms.Form):
    """What the applicant may still change by themselves. `with_own_phone`: not offered to the helper."""

    phone = PhoneField(
        label="신청하는 분의 전화번호",
        help_text="번호를 바꾸시면 다음부터 바꾼 번호로 확인하고 들어오셔야 합니다.",
    )
    helper_name = text("도와주시는 분 이름")
    helper_phone = PhoneField(label="도와주시는 분 전화번호", autocomplete="off")
    tells = forms.ChoiceField(
        label="알림 문자를 누가 받으시나요?",
        choices=Case.Tells.choices,
        widget=forms.RadioSelect,
        error_messages=choose("알림 문자를 받으실 분을 골라 주세요."),
    )
    wishes = text("방문할 때 알아 둘 것", max_length=300, widget=forms.Textarea, attrs={"rows": 3})
    address = text(
        "도로명 주소", "주소를 적어 주세요.", max_length=200, attrs={"autocomplete": "street-address"}
    )
    unit = text("동·호", max_length=40, attrs={"autocomplete": "address-line2"})

    def __init__(self, *args: Any, with_own_phone: bool, with_address: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_own_phone:
            del self.fields["phone"]
        if not with_address:
            del self.fields["address"], self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("phone") == "" and "phone" not in self.errors:
            self.add_error("phone", "신청하는 분의 전화번호를 적어 주세요.")
        told = "helper_phone" if data.get("tells") == Case.Tells.HELPER else "phone"
        if "tells" in data and data.get(told) == "" and told not in self.errors:
            self.add_error(told, "알림 문자를 받으실 분의 휴대전화 번호를 적어 주세요.")
        elif "tells" in data and data.get(told) and not takes_texts(data[told]):
            self.add_error(told, "집 전화로는 문자를 받을 수 없습니다. 휴대전화 번호를 적어 주세요.")
        if data.get("helper_phone") and not data.get("helper_name") and "helper_name" not in self.errors:
            self.add_error("helper_name", "도와주시는 분의 이름도 적어 주세요.")
        return data


class WithdrawForm(forms.Form):
    why = text("거두시는 까닭", max_length=300, help_text="적지 않으셔도 됩니다.")


class ObjectForm(forms.Form):
    why = text(
        "왜 다시 살펴봐야 하는지 적어 주세요",
        "다시 살펴볼 까닭을 적어 주세요.",
        max_length=500,
        widget=forms.Textarea,
        attrs={"rows": 6},
    )


class RateForm(forms.Form):
    points = forms.TypedChoiceField(
        label="수리가 어떠셨나요?",
        choices=[
            (5, "매우 좋았어요"),
            (4, "좋았어요"),
            (3, "보통이에요"),
            (2, "아쉬웠어요"),
            (1, "많이 아쉬웠어요"),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=choose("하나를 골라 주세요."),
    )
    words = text("더 하실 말씀", max_length=500, widget=forms.Textarea, attrs={"rows": 4})


class PapersForm(forms.Form):
    """Named after the kinds of paper. None is needed."""

    trouble = PapersField(label="고장 사진", accept=PHOTOS_ONLY, required=False)
    evidence = PapersField(label="지원 대상을 보여 주는 서류", required=False)


class BringForm(forms.Form):
    """What the office asked for."""

    evidence = PapersField(label="서류 사진 고르기")
