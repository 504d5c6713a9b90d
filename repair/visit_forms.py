"""What a technician fills in, and the household on the technician's screen. The same fields come from the page's form
and, later, from the phone that kept them through a dead spot (sent_deeds.py)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from .models import Device, Paper, PriceItem, Visit
from .paper_fields import PHOTOS_ONLY, PapersField

#: Farther ahead nobody promises a visit.
PLANNED_WITHIN = timedelta(days=60)
CHOOSE = [("", "골라 주세요")]


class DeedForm(forms.Form):
    """About one visit."""

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit


class PlanForm(DeedForm):
    planned_at = forms.DateTimeField(
        label="찾아갈 날과 시각",
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), "찾아갈 날과 시각을 골라 주세요."),
    )

    def clean_planned_at(self) -> Any:
        planned, now = self.cleaned_data["planned_at"], timezone.now()
        if not now <= planned <= now + PLANNED_WITHIN:
            raise forms.ValidationError("지금부터 60일 안의 시각을 골라 주세요.")
        return planned


class DiagnosisForm(DeedForm):
    words = forms.CharField(
        label="무엇이 고장 났나요?",
        max_length=1000,
        help_text="시청 직원이 읽습니다. 이름이나 전화번호는 적지 마세요.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "무엇이 고장 났는지 적어 주세요.",
            "max_length": "1,000자 안으로 줄여 주세요.",
        },
    )


class LineForm(DeedForm):
    """A part or work from the price list, on one of the devices."""

    device = forms.TypedChoiceField(
        label="기기", error_messages=dict.fromkeys(("required", "invalid_choice"), "기기를 골라 주세요.")
    )
    item = forms.TypedChoiceField(
        label="작업이나 부품",
        coerce=int,
        error_messages={
            "required": "작업이나 부품을 골라 주세요.",
            "invalid_choice": "단가표에 없습니다. 화면을 새로 고친 뒤 다시 골라 주세요.",
        },
    )
    count = forms.IntegerField(
        label="개수",
        min_value=1,
        max_value=20,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "개수를 1부터 20까지 적어 주세요."
        ),
    )

    def __init__(self, *args: Any, prices: list[PriceItem], devices: list[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        device, item = self.fields["device"], self.fields["item"]
        device.choices = [(str(one.pk), named(one, devices)) for one in devices]  # type: ignore[attr-defined]
        if len(devices) == 1:
            device.widget, device.initial = forms.HiddenInput(), str(devices[0].pk)
        kinds = [
            (label, [(one.pk, f"{one.name}, {one.price_won:,}원") for one in prices if one.kind == kind])
            for kind, label in PriceItem.Kind.choices
        ]
        item.choices = CHOOSE + [group for group in reversed(kinds) if group[1]]  # type: ignore[attr-defined]


def named(device: Device, among: list[Device]) -> str:
    """As people tell them apart: numbered if there are several."""
    if len(among) == 1:
        return str(device)
    return f"{[one.pk for one in among].index(device.pk) + 1}번 {device}"


class RemoveForm(DeedForm):
    line = forms.UUIDField(error_messages={"required": "지울 것을 골라 주세요."})


class AnswerForm(DeedForm):
    """The household's word on the rest, on a screen that showed them `own_won`."""

    name = forms.CharField(
        label="답하시는 분의 이름",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "답하시는 분의 이름을 적어 주세요.",
            "max_length": "이름만 짧게 적어 주세요.",
        },
    )
    own_won = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    agreed = forms.TypedChoiceField(
        choices=[("yes", "네, 나머지를 내겠습니다"), ("no", "아니요, 그만하겠습니다")],
        coerce=lambda said: said == "yes",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "‘네’나 ‘아니요’를 눌러 주세요."),
    )


class FinishForm(DeedForm):
    """What became of each device, confirmed by the household on a screen that showed them `total_won`."""

    total_won = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, devices: list[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.devices = devices
        for device in devices:
            about = f"{named(device, devices)}: " if len(devices) > 1 else ""
            self.fields[f"outcome_{device.pk}"] = forms.ChoiceField(
                label=f"{about}결과",
                choices=Device.Outcome.choices,
                widget=forms.RadioSelect,
                error_messages=dict.fromkeys(("required", "invalid_choice"), "결과를 골라 주세요."),
            )
            self.fields[f"barrier_{device.pk}"] = forms.ChoiceField(
                label=f"{about}못 고친 까닭",
                choices=Device.Barrier.choices,
                required=False,
                help_text="고쳤으면 ‘없음’으로 두세요.",
                error_messages={"invalid_choice": "못 고친 까닭을 골라 주세요."},
            )
        self.fields["name"] = forms.CharField(
            label="확인하시는 분의 이름",
            max_length=50,
            help_text="댁에 계신 분이 위의 금액을 보시고 적어 주세요.",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={
                "required": "수리를 확인하시는 분의 이름을 적어 주세요.",
                "max_length": "이름만 짧게 적어 주세요.",
            },
        )

    def outcomes(self) -> dict[Any, tuple[str, str]]:
        """device → (outcome, barrier)."""
        given = self.cleaned_data
        return {one.pk: (given[f"outcome_{one.pk}"], given[f"barrier_{one.pk}"]) for one in self.devices}


class GiveBackForm(DeedForm):
    why = forms.CharField(
        label="내놓는 까닭",
        max_length=300,
        error_messages={
            "required": "왜 못 가시는지 적어 주세요.",
            "max_length": "300자 안으로 줄여 주세요.",
        },
    )


class BreakOffForm(DeedForm):
    reason = forms.ChoiceField(
        label="마치지 못한 까닭",
        choices=[
            ("away", "댁에 아무도 안 계심"),
            ("part", "부품을 구해 와야 함"),
            ("later", "가구에서 다른 날을 원하심"),
            ("other", "다른 까닭"),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "까닭을 골라 주세요."),
    )
    words = forms.CharField(
        label="덧붙일 말",
        required=False,
        max_length=250,
        error_messages={"max_length": "250자 안으로 줄여 주세요."},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("reason") == "other" and not data.get("words"):
            self.add_error("words", "어떤 까닭인지 적어 주세요.")
        return data

    def why(self) -> str:
        labels = dict(self.fields["reason"].choices)  # type: ignore[attr-defined]
        said = labels[self.cleaned_data["reason"]]
        return f"{said}: {self.cleaned_data['words']}" if self.cleaned_data["words"] else said


class PhotosForm(DeedForm):
    kind = forms.ChoiceField(
        label="어느 때 사진인가요?",
        choices=[(Paper.Kind.BEFORE, "고치기 전"), (Paper.Kind.AFTER, "고친 뒤")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "고치기 전인지 고친 뒤인지 골라 주세요."
        ),
    )
    photos = PapersField(
        label="사진", accept=PHOTOS_ONLY, error_messages={"required": "사진을 찍거나 골라 주세요."}
    )
