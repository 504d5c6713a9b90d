"""What is written at the desk: who is on the telephone and wants which class; why something is done."""

from typing import Any

from django import forms

from people.form_fields import choose
from privacy.consents import Consents

from .booking import Asked
from .callers import Caller
from .consent_texts import NEEDS, PERSONAL
from .fields import BirthYearField, PhoneField, count, words
from .models import Booking

#: Chosen instead of somebody whom the number is known of.
SOMEBODY_NEW = "new"


class CallerPhoneForm(forms.Form):
    """The first question of every call."""

    phone = PhoneField(
        "전화번호",
        "전화번호를 적어 주세요.",
        help_text="전화하신 분의 번호입니다. 집 전화도 됩니다. 숫자만 적어도 됩니다.",
    )


class CallerForm(forms.Form):
    """Who learns, and in which class. `phone`: of whoever called (E.164); `known`: what is known of that number."""

    who = forms.ChoiceField(
        label="누가 배우시나요?",
        widget=forms.RadioSelect,
        error_messages=choose("배우실 분을 골라 주세요."),
    )
    name = words("이름", 50)
    birth_year = BirthYearField(help_text="나이 조건이 있는 과정에만 여쭤 주세요. 예: 1950")
    own_phone = PhoneField("배우는 분 전화", help_text="전화하신 분과 다르면 적어 주세요.")
    booker_name = words("전화하신 분 이름", 50, help_text="배우는 분과 다르면 적어 주세요.")
    wishes = words("알아 둘 것", 300, help_text="예: 귀가 어두우심, 휠체어")
    needs = forms.BooleanField(label=f"말로 동의하셨습니다: {NEEDS.label}", required=False)
    personal = forms.BooleanField(label=f"말로 동의하셨습니다: {PERSONAL.label}", required=False)
    despite = words(
        "조건에 맞지 않아도 받는 까닭",
        300,
        help_text="꼭 필요할 때만 적어 주세요. 기록에 남습니다.",
    )
    pick = forms.CharField(
        max_length=12, error_messages={"required": "수업을 골라 주세요."}, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, phone: str, known: Caller, called: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        """`called`: (key, what they are called on the page) of each learner."""
        super().__init__(*args, **kwargs)
        self.phone, self.known = phone, known
        self.learners = {str(each.pk): each for each in known.learners}
        who = self.fields["who"]
        who.choices = [*called, (SOMEBODY_NEW, "다른 분")]  # type: ignore[attr-defined]
        if not called:
            who.widget = forms.HiddenInput()
            self.initial["who"] = SOMEBODY_NEW

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("who") == SOMEBODY_NEW and not data.get("name") and "name" not in self.errors:
            self.add_error("name", "배우실 분의 이름을 적어 주세요.")
        if "who" in data and data["who"] not in self.known.agreed and not data.get("personal"):
            self.add_error(
                "personal", "동의를 여쭙고, 동의하시면 네모를 눌러 주세요. 그래야 자리를 잡아 드립니다."
            )
        if data.get("wishes") and not data.get("needs"):
            self.add_error(
                "needs", "‘알아 둘 것’을 적었습니다. 동의하시면 네모를 누르고, 아니면 지워 주세요."
            )
        return data

    def consents(self) -> Consents:
        """What was said now; who agreed before is not asked again."""
        data = self.cleaned_data
        said = {PERSONAL.key: True} if data["personal"] else {}
        return said | ({NEEDS.key: True} if data["wishes"] else {})

    def asked(self, way: Booking.Way) -> Asked:
        given, phone = self.cleaned_data, self.phone
        learner = self.learners.get(given["who"])
        born = given["birth_year"] or (int(learner.birth_year) if learner and learner.birth_year else None)
        return Asked(
            name=learner.name if learner else given["name"],
            phone=learner.phone if learner else given["own_phone"] or phone,
            birth_year=born,
            booker_phone=phone,
            booker_name=given["booker_name"],
            contact=phone,
            wishes=given["wishes"],
            way=way,
        )


class WhyForm(forms.Form):
    """Why, if anybody said."""

    why = words("까닭", 200, help_text="들으신 것이 있으면 적어 주세요. 기록에 남습니다.")


class CancelForm(WhyForm):
    """`left`: how many bookings of the same series there are besides."""

    whole = forms.BooleanField(required=False)

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whole"].label = f"매주 오시는 수업입니다. 남은 {left + 1}번을 모두 취소합니다"
        if not left:
            del self.fields["whole"]


class CallOffForm(forms.Form):
    """Why a class does not take place. `sure`: asked a second time, with the words that go out."""

    why = words(
        "휴강하는 까닭",
        200,
        "까닭을 적어 주세요.",
        help_text="신청하신 분들이 문자로 그대로 읽습니다. 예: 강사님이 편찮으십니다.",
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)


class CloseForm(forms.Form):
    why = words("까닭", 200, help_text="신청하려는 분이 읽습니다. 예: 준비물이 모자랍니다.")


class SeatsForm(forms.Form):
    seats = count("정원", 1, 500)


class PickForm(forms.Form):
    """A class of a list (choosing.Choice.key)."""

    pick = forms.CharField(
        label="수업",
        max_length=12,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "max_length"), "옮길 수업을 골라 주세요."),
    )
