"""The city's tables as forms: each row in words that a clerk says."""

from typing import Any

from django import forms

from people.models import District

from .default_rules import POLICE_STOP
from .models import SendingRule, SoundRule, Village

BAD_TIME = "시각을 22:00처럼 적어 주세요."
BAD_COUNT = "1에서 10,000 사이의 숫자를 적어 주세요."
ANY_HOUR = "몇 시부터와 몇 시까지를 둘 다 적거나 둘 다 비워 주세요."


def clock(label: str, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": BAD_TIME, "required": BAD_TIME},
        **kwargs,
    )


def _in_plain_words(form: forms.ModelForm, *names: str) -> None:
    """What is wrong is said as a clerk says it; an empty choice of `names` is every one of them."""
    for field in form.fields.values():
        if field.error_messages.get("required") not in (BAD_TIME, BAD_COUNT):
            field.error_messages["required"] = "빈칸을 채워 주세요."
        field.error_messages["invalid_choice"] = "목록에서 골라 주세요."
    for name in names:
        field = form.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = "모두"
        else:
            field.choices = [("", "모두"), *(c for c in field.choices if c[0])]  # type: ignore[attr-defined]


class SendingRuleForm(forms.ModelForm):
    villages_from = forms.IntegerField(
        label="몇 개 마을부터",
        help_text="한 번에 이만큼이나 더 많은 마을에 나갈 때",
        initial=1,
        min_value=1,
        max_value=10_000,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), BAD_COUNT),
    )
    hour_from = clock("몇 시부터", required=False, help_text="비우면 하루 내내입니다.")
    hour_until = clock("몇 시까지", required=False, help_text="시작보다 이르면 다음 날까지입니다.")
    with_template = forms.TypedChoiceField(
        label="틀",
        choices=[("", "쓰든 안 쓰든"), ("yes", "틀을 쓸 때"), ("no", "틀을 쓰지 않을 때")],
        required=False,
        empty_value=None,
        coerce=lambda value: value == "yes",
    )

    class Meta:
        model = SendingRule
        fields = (
            *("name", "sender", "category", "lane", "villages_from", "hour_from", "hour_until"),
            *("with_template", "outcome", "reason", "is_active"),
        )
        labels = {"lane": "긴급한지"}
        help_texts = {
            **dict.fromkeys(("sender", "category", "lane"), ""),
            "reason": "보내는 사람이 읽습니다. 문장으로 적어 주세요.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_plain_words(self, "sender", "category", "lane")
        held = self.instance.with_template
        self.initial["with_template"] = {None: "", True: "yes", False: "no"}[held]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if name == POLICE_STOP:
            raise forms.ValidationError(
                "이 이름은 경찰 방송을 멈추는 규칙이 씁니다. 다른 이름을 적어 주세요."
            )
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        one_only = (data.get("hour_from") is None) != (data.get("hour_until") is None)
        if one_only and not self.errors.keys() & {"hour_from", "hour_until"}:
            self.add_error("hour_until", ANY_HOUR)
        return data


class SoundRuleForm(forms.ModelForm):
    QUIET, VOLUME, EXCEPTION = "quiet", "volume", "exception"

    what = forms.ChoiceField(
        label="이 시간에는",
        choices=[
            (QUIET, "방송하지 않고 끝날 때까지 미룹니다 (긴급 방송은 나갑니다)"),
            (VOLUME, "소리 크기를 바꿉니다"),
            (EXCEPTION, "조용한 시간에서 뺍니다"),
        ],
        widget=forms.RadioSelect,
        initial=QUIET,
        error_messages={"required": "하나를 골라 주세요."},
    )
    hour_from = clock("몇 시부터")
    hour_until = clock("몇 시까지", help_text="시작보다 이르면 다음 날까지, 같으면 하루 내내입니다.")

    class Meta:
        model = SoundRule
        fields = ("name", "district", "village", "category", "lane", "hour_from", "hour_until")
        fields += ("what", "volume", "is_active")  # type: ignore[assignment]
        labels = {"lane": "긴급한지"}
        help_texts = {
            **dict.fromkeys(("category", "lane"), ""),
            "village": "읍면동과 마을 가운데 하나만 고릅니다. 둘 다 비우면 시 전체입니다.",
            "volume": "소리 크기를 바꿀 때만, 0에서 100까지",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_plain_words(self, "district", "village", "category", "lane")
        self.fields["district"].queryset = District.objects.defer("boundary")  # type: ignore[attr-defined]
        villages = Village.objects.filter(is_active=True).select_related("district")
        self.fields["village"].queryset = villages.defer("district__boundary")  # type: ignore[attr-defined]
        rule = self.instance
        if rule.pk:
            kind = self.QUIET if rule.is_quiet else self.EXCEPTION if rule.volume is None else self.VOLUME
            self.initial["what"] = kind

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        what, start, end = data.get("what"), data.get("hour_from"), data.get("hour_until")
        if data.get("village") and data.get("district"):
            self.add_error("village", "읍면동과 마을 가운데 하나만 골라 주세요.")
        if what == self.VOLUME and data.get("volume") is None and "volume" not in self.errors:
            self.add_error("volume", "소리 크기를 0에서 100 사이로 적어 주세요.")
        if what == self.QUIET and start and start == end:
            self.add_error("hour_until", "하루 내내 조용하게 할 수는 없습니다. 끝나는 시각을 바꿔 주세요.")
        if what != self.VOLUME:
            data["volume"] = None
        self.instance.is_quiet = what == self.QUIET
        return data
