"""What a clerk writes when they do something with a case."""

from typing import Any

from django import forms
from django.db.models import Q

from people.models import District, RoleGrant, User
from people.phones import NotAPhone, national, normalised

from .groups import HOUSEHOLD_GROUPS
from .models import Case, Contractor, Evidence
from .paper_fields import PapersField

#: As Step.why holds.
LETTERS = 500


class WordsField(forms.CharField):
    """Some lines. `empty`: what is said if there are none; "" if there need be none."""

    def __init__(self, label: str, empty: str = "", **kwargs: Any) -> None:
        most = kwargs.pop("max_length", LETTERS)
        super().__init__(
            label=label,
            required=bool(empty),
            max_length=most,
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
            error_messages={"required": empty, "max_length": f"{most}자 안으로 줄여 주세요."},
            **kwargs,
        )


def _line(label: str, most: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": f"{label}를 적어 주세요.", "max_length": f"{most}자 안으로 줄여 주세요."},
    )


class NothingForm(forms.Form):
    """Nothing has to be written: the button says it all."""


class PaperForm(forms.Form):
    words = WordsField(
        "어떤 서류가 필요한가요?",
        "어떤 서류인지 적어 주세요.",
        help_text="신청한 분이 이 글을 그대로 읽습니다. 예: 장애인등록증 사진을 보내 주세요.",
    )


class RefusalForm(forms.Form):
    words = WordsField(
        "지원해 드리지 못하는 까닭",
        "까닭을 적어 주세요.",
        help_text="불가로 정해지면 신청한 분이 이 글을 그대로 읽습니다. 무엇이 기준과 다른지 알기 쉽게 적어 주세요.",
    )


class WhyForm(forms.Form):
    words = WordsField("까닭", "까닭을 적어 주세요.", help_text="처리 기록에 남습니다.")


class PauseForm(forms.Form):
    words = WordsField(
        "기한을 멈추는 까닭",
        "기한을 멈추려면 까닭을 적어야 합니다.",
        max_length=300,
        help_text="예: 신청한 분이 입원하셔서 12월 1일 뒤에 와 달라고 하셨습니다.",
    )


class ExceptionForm(forms.Form):
    words = WordsField(
        "같은 가구가 아닌 까닭",
        "까닭을 적어 주세요.",
        max_length=200,
        help_text="예: 한 집에 세대가 둘이고 주민등록이 따로 되어 있습니다. 이름은 적지 마세요.",
    )


class ObjectionForm(forms.Form):
    words = WordsField(
        "이의신청 내용", "어떤 점이 다르다고 하셨는지 적어 주세요.", help_text="말씀하신 대로 적어 주세요."
    )


class UpholdForm(forms.Form):
    words = WordsField(
        "받아들이지 않는 까닭",
        "까닭을 적어 주세요.",
        help_text="신청한 분이 이 글을 그대로 읽습니다.",
    )


class EvidenceForm(forms.Form):
    """What was seen, about one thing."""

    about = forms.ChoiceField(
        label="무엇을 확인했나요?",
        choices=Evidence.About.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "무엇을 확인했는지 골라 주세요."),
    )
    way = forms.ChoiceField(
        label="어떻게 확인했나요?",
        choices=[(way.value, way.label) for way in (Evidence.Way.SEEN, Evidence.Way.PAPER)],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "어떻게 확인했는지 골라 주세요."),
    )
    answer = forms.ChoiceField(
        label="결과",
        choices=Evidence.Answer.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "결과를 골라 주세요."),
    )
    words = forms.CharField(
        label="본 서류",
        required=False,
        max_length=200,
        help_text="예: 주민등록등본 2026년 11월 20일 발급. 주민등록번호는 적지 마세요.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "200자 안으로 줄여 주세요."},
    )


class LookUpForm(forms.Form):
    about = forms.ChoiceField(
        label="무엇을 조회할까요?",
        choices=Evidence.About.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "무엇을 조회할지 골라 주세요."),
    )


class HandOverForm(forms.Form):
    """To whom: those who may decide on this case."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label="누구에게 넘길까요?",
        empty_label="담당할 직원을 골라 주세요",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "넘겨받을 직원을 골라 주세요."),
    )
    words = WordsField("전할 말")
    words.help_text = "처리 기록에 남습니다."

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues(case)  # type: ignore[attr-defined]


def colleagues(case: Case) -> Any:
    """Clerks of its district and the city's officers, but for whom it is with now."""
    held = RoleGrant.objects.in_force().filter(
        Q(role=RoleGrant.Role.REPAIR_OFFICER) | Q(role=RoleGrant.Role.OFFICE_CLERK, district=case.district_id)
    )
    users = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return (users.exclude(pk=case.officer_id) if case.officer_id else users).order_by("username")


class MoveForm(forms.Form):
    to = forms.ModelChoiceField(
        District.objects.none(),
        label="어느 읍면동으로 넘길까요?",
        empty_label="읍면동을 골라 주세요",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "읍면동을 골라 주세요."),
    )
    words = WordsField("까닭", "까닭을 적어 주세요.", help_text="처리 기록에 남습니다.")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = District.objects.defer("boundary").exclude(pk=case.district_id)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]


class ContractorForm(forms.Form):
    to = forms.ModelChoiceField(
        Contractor.objects.none(),
        label="어느 업체가 수리하나요?",
        empty_label="업체를 골라 주세요",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "업체를 골라 주세요."),
    )
    words = WordsField("까닭", "까닭을 적어 주세요.", help_text="처리 기록에 남습니다. 예: 계약을 그만둠")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Contractor.objects.filter(is_active=True)
        if case.contractor_id:
            others = others.exclude(pk=case.contractor_id)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    received = PapersField(label="받은 서류")


class GroupForm(forms.Form):
    group = forms.ChoiceField(
        label="지원 대상",
        choices=[("", "골라 주세요"), *[(group.value, group.label) for group in HOUSEHOLD_GROUPS]],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "어느 지원 대상인지 골라 주세요."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["group"] = case.group


class CorrectForm(forms.Form):
    """As corrections.Corrected: phones as typed."""

    phone = _line("전화번호", 30)
    address = _line("주소", 200, required=True)
    unit = _line("동·호", 40)
    helper_name = _line("도와주시는 분 이름", 50)
    helper_phone = _line("도와주시는 분 전화번호", 30)
    tells = forms.ChoiceField(
        label="문자는 누가 받을까요?",
        choices=Case.Tells.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "문자를 받을 분을 골라 주세요."),
    )
    wishes = _line("방문 때 알아 둘 것", 300)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        resident = case.resident
        self.initial.update(
            phone=national(resident.phone) if resident.phone else "",
            address=resident.address,
            unit=case.unit,
            helper_name=case.helper_name,
            helper_phone=national(case.helper_phone) if case.helper_phone else "",
            tells=case.tells,
            wishes=case.wishes,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("phone", "helper_phone"):
            try:
                if data.get(name):
                    normalised(data[name])
            except NotAPhone as error:
                self.add_error(name, str(error))
        if bool(data.get("helper_name")) != bool(data.get("helper_phone")):
            self.add_error("helper_name", "도와주시는 분의 이름과 전화번호를 함께 적어 주세요.")
        if data.get("tells") == Case.Tells.HELPER and not data.get("helper_phone"):
            self.add_error("tells", "도와주시는 분의 전화번호를 적어 주세요.")
        if not data.get("phone") and not data.get("helper_phone"):
            self.add_error("phone", "연락드릴 전화번호를 하나는 적어 주세요.")
        return data
