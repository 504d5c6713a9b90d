"""What residents fill in, and what an office writes about it."""

from typing import Any

from django import forms

from people.forms import CodeForm, PhoneForm
from people.models import User
from people.phones import NotAPhone, mobile

from .models import Village

LETTERS = 500


class SubscribeForm(PhoneForm):
    """Phone, what is wished, and the consent without which no number is kept (개인정보 보호법 제15조)."""

    wanted = forms.ChoiceField(
        label="어떤 방송을 받으시겠어요?",
        choices=[("all", "모든 방송"), ("urgent", "긴급 방송만 (산불, 호우 같은 재난)")],
        initial="all",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "받으실 방송을 골라 주세요."),
    )
    agreed = forms.BooleanField(
        label="전화번호를 방송 문자를 보내는 데 쓰는 것에 동의합니다",
        error_messages={"required": "동의하셔야 문자를 보내 드릴 수 있습니다. 네모를 눌러 주세요."},
    )


class SubscribeCodeForm(CodeForm):
    """The code that went to the phone."""


class SaidField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs["max_length"] = LETTERS
        rows = kwargs.pop("rows", 4)
        long = f"{LETTERS}자 안으로 줄여 주세요."
        kwargs["error_messages"] = {"max_length": long} | kwargs.get("error_messages", {})
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class NoiseForm(forms.Form):
    """A complaint about loud or badly timed broadcasts."""

    said = SaidField(
        label="무엇이 불편하셨나요?",
        help_text="언제, 어디에서 그랬는지 적어 주시면 빨리 고칠 수 있습니다.",
        error_messages={"required": "무엇이 불편하셨는지 적어 주세요."},
    )
    phone = forms.CharField(
        label="답을 문자로 받을 휴대전화 번호",
        required=False,
        max_length=30,
        help_text="적으시면 답을 보내는 데만 쓰고, 답한 날부터 1년 뒤에 지웁니다. 적지 않아도 접수됩니다.",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    agreed = forms.BooleanField(label="적은 번호를 답을 보내는 데 쓰는 것에 동의합니다", required=False)

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        try:
            return mobile(phone) if phone else ""
        except NotAPhone as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("phone") and not data.get("agreed"):
            self.add_error(
                "agreed", "번호를 남기시려면 네모를 눌러 동의해 주세요. 싫으시면 번호를 지워 주세요."
            )
        return data


class VillageField(forms.ModelChoiceField):
    def label_from_instance(self, village: Any) -> str:
        return str(village)


class TakenNoiseForm(NoiseForm):
    """A complaint that an office took by telephone."""

    village = VillageField(
        Village.objects.none(),
        label="어느 마을",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "맡은 마을에서 골라 주세요."),
    )
    field_order = ["village", "said", "phone", "agreed"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Village.objects.held_by(user).select_related("district").defer("district__boundary")
        self.fields["village"].queryset = own  # type: ignore[attr-defined]
        self.fields["said"].help_text = "들은 대로 적어 주세요. 이름이나 주소는 적지 마세요."
        self.fields["agreed"].label = "전화한 분이 번호를 답에 쓰는 데 동의했습니다"


class AnswerForm(forms.Form):
    words = SaidField(
        label="답",
        help_text="휴대전화 번호를 남긴 분에게는 이대로 문자로 나갑니다. 보낸 답은 바꾸지 못합니다.",
        error_messages={"required": "답을 적어 주세요."},
    )


class FindForm(forms.Form):
    """One's village, by name."""

    q = forms.CharField(
        label="마을 이름으로 찾기",
        required=False,
        max_length=40,
        error_messages={"max_length": "마을 이름만 짧게 적어 주세요."},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class FreshForm(forms.Form):
    """What a page that is open asks with (residents.fresh); nobody types it."""

    since = forms.IntegerField(min_value=0, max_value=10**14)
    known = forms.CharField(required=False, max_length=400)
    told = forms.CharField(required=False, max_length=400)
