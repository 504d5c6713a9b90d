"""What the city's officer fills in: money, dates, rules, prices, contractors, and why a file is taken out."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from people.form_fields import CHOOSE, DayField, WonField, count, words

from .groups import GROUP_LABELS
from .models import Contractor, PriceItem, Programme
from .years import RuleWritten

#: For a single price or one household's cap.
MOST_PRICE = 10_000_000


class BudgetForm(forms.Form):
    way = forms.ChoiceField(
        label="무엇을 하시나요",
        choices=[("more", "예산을 더합니다"), ("less", "예산을 줄입니다")],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    amount = WonField(label="금액(원)")
    why = words(
        "까닭", 200, "까닭을 적어 주세요.", help_text="예: 본예산 배정, 제1회 추경. 이름은 적지 마세요."
    )

    @property
    def won(self) -> int:
        """Signed."""
        amount: int = self.cleaned_data["amount"]
        return amount if self.cleaned_data["way"] == "more" else -amount


class DatesForm(forms.Form):
    opens_on = DayField(label="접수 시작")
    closes_on = DayField(label="접수 끝", help_text="이날까지 접수합니다.")
    when_spent = forms.ChoiceField(
        label="예산이 다하면",
        choices=Programme.WhenSpent.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("opens_on") and data.get("closes_on") and data["closes_on"] < data["opens_on"]:
            self.add_error("closes_on", "접수 시작보다 늦은 날로 적어 주세요.")
        return data


class YearForm(DatesForm):
    year = count("연도", 2020, 2100)
    copies = forms.BooleanField(
        label="앞선 연도의 기준, 단가표, 수리 업체를 이어받습니다", required=False, initial=True
    )
    field_order = ["year", "opens_on", "closes_on", "when_spent", "copies"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        opens, year = data.get("opens_on"), data.get("year")
        if opens and year and abs(opens.year - year) > 1:
            self.add_error("opens_on", "사업연도에 맞는 날짜로 적어 주세요.")
        return data


class RuleForm(forms.Form):
    """From a day on. What is asked is asked of the whole rule: nothing is taken over unseen."""

    valid_from = DayField(label="적용하는 날", help_text="이날부터 선정하는 건에 적용합니다.")
    groups = forms.MultipleChoiceField(
        label="지원 대상",
        choices=[(group.value, label) for group, label in GROUP_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "지원 대상을 하나라도 골라 주세요.",
            "invalid_choice": "목록에서 골라 주세요.",
        },
    )
    cap_won = WonField(label="한 가구 지원 한도(원)", most=MOST_PRICE)
    organisation_devices = count("단체가 신청하는 기기 수", 1, 50, help_text="기기마다 한도까지 지원합니다.")
    once_a_year = forms.BooleanField(label="한 가구에 한 해 한 번만 지원합니다", required=False)
    working_days = count("방문 기한(근무일)", 1, 60, help_text="주말과 공휴일은 세지 않습니다.")
    counts_first_day = forms.BooleanField(
        label="선정한 날도 하루로 셉니다",
        required=False,
        help_text="고르지 않으면 다음 날부터 셉니다 (민법 제157조).",
    )
    source = words("근거", 200, "근거를 적어 주세요.", help_text="예: 진주시 공고 제2026-12호 (2026-01-05)")

    @property
    def written(self) -> RuleWritten:
        return RuleWritten(**self.cleaned_data)


class PriceForm(forms.Form):
    kind = forms.ChoiceField(
        label="구분", choices=PriceItem.Kind.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    name = words("이름", 60, "이름을 적어 주세요.", help_text="예: SSD 256GB, 윈도우 다시 설치")
    price_won = WonField(label="값(원)", most=MOST_PRICE)


class NewPriceForm(forms.Form):
    price_won = WonField(label="새 값(원)", most=MOST_PRICE)


class ContractorField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Contractor.objects.filter(is_active=True),
            error_messages=CHOOSE,
            empty_label="골라 주세요",
            **kwargs,
        )


class YearContractorForm(forms.Form):
    contractor = ContractorField(
        label="수리 업체", help_text="지금부터 선정하는 건을 맡습니다. 이미 선정한 건은 그대로입니다."
    )


class WaitingForm(forms.Form):
    """What becomes of those who wait for a year's money. `to`: the year that could take them over, if there is one;
    `undecided`: whether others are still looked at, who could go along."""

    CARRY, ALL, END = "carry", "all", "end"
    what = forms.ChoiceField(label="어떻게 할까요?", widget=forms.RadioSelect, error_messages=CHOOSE)

    def __init__(self, *args: Any, to: Programme | None, undecided: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(self.END, "마치기 (불가로 올리기)")]
        if to and undecided:
            choices.insert(0, (self.ALL, "아직 살펴보는 신청도 함께 넘기기"))
        if to:
            choices.insert(0, (self.CARRY, f"{to} 사업으로 넘기기"))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]


class ContractorForm(forms.Form):
    name = words("업체 이름", 60, "업체 이름을 적어 주세요.")
    phone = words("대표 전화", 20, "", required=False)


class AppointForm(forms.Form):
    username = words(
        "기사의 아이디",
        50,
        "아이디를 적어 주세요.",
        help_text="먼저 계정이 있어야 합니다. 계정은 시스템 담당이 만듭니다.",
    )
    contractor = ContractorField(label="업체")
    reason = words("까닭", 200, "까닭을 적어 주세요.", help_text="예: 2026년 수리 계약")


class DismissForm(forms.Form):
    reason = words("까닭", 200, "까닭을 적어 주세요.", help_text="예: 퇴사, 계약 끝")


class SettleForm(forms.Form):
    """What a button of the list sends; nobody types it."""

    programme = forms.ModelChoiceField(Programme.objects.all(), error_messages=CHOOSE)
    contractor = forms.ModelChoiceField(Contractor.objects.all(), error_messages=CHOOSE)
    month = DayField(label="달")


class DownloadForm(forms.Form):
    reason = words(
        "받는 까닭", 200, "왜 받으시는지 적어 주세요. 접속기록에 남습니다.", help_text="예: 9월분 지출 결의"
    )


def rule_initial(programme: Programme) -> dict[str, Any]:
    """The rule that was written last, from tomorrow on: so that a change is a change of what one sees."""
    rule = programme.rules.first()
    first = max(programme.opens_on, timezone.localdate() + timedelta(days=1))
    if rule is None:
        start: date = programme.opens_on
        return {"valid_from": start, "organisation_devices": 5, "once_a_year": True, "working_days": 3}
    names = ("groups", "cap_won", "organisation_devices", "once_a_year", "working_days", "counts_first_day")
    return {"valid_from": first, **{name: getattr(rule, name) for name in names}}
