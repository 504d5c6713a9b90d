"""The crispy template pack `krds`: what it writes for each kind of question, and for the layout objects that we use."""

import re

from crispy_forms.bootstrap import FormActions, InlineRadios, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout, Reset, Submit
from django import forms
from django.forms import formset_factory
from django.template import engines

from tests.trips.sample_urls import SampleForm


def drawn(template: str, **context: object) -> str:
    source = "{% load crispy_forms_tags %}" + template
    return engines["django"].from_string(source).render(context)


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


def test_every_question_has_a_label_and_its_hint() -> None:
    html = drawn("{{ form|crispy }}", form=SampleForm())
    for label in ("이름", "하실 말씀", "읍면동", "날짜", "서류"):
        assert re.search(rf'<label class="field-label" for="id_\w+">{label}', html)
    assert "<legend>연락 방법" in html and "<legend>좋은 때" in html
    assert html.count("(선택)") == 2  # only what may be left out is marked
    assert "errors" not in html
    assert len(ids(html)) == len(set(ids(html)))


def test_what_describes_a_question_exists() -> None:
    html = drawn("{{ form|crispy }}", form=SampleForm({}))
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()
    assert "id_name_helptext" in described and "id_name_error" in described and "id_way_error" in described
    assert set(described) <= set(ids(html))
    assert html.count('aria-invalid="true"') >= 5


def test_summary_leads_to_each_question_and_takes_the_focus() -> None:
    html = drawn("{{ form|crispy }}", form=SampleForm({}))
    summary = html[html.index('class="errors"') : html.index("</ul>")]
    assert "autofocus" in summary and 'tabindex="-1"' in summary
    links = re.findall(r'href="#([^"]+)"', summary)
    assert len(links) == 6
    assert set(links) <= set(ids(html))


def test_typed_words_are_kept_and_harmless() -> None:
    html = drawn("{{ form|crispy }}", form=SampleForm({"name": "<b>홍</b>", "way": "visit"}))
    assert 'value="&lt;b&gt;홍&lt;/b&gt;"' in html
    assert re.search(r'value="visit"[^>]*checked', html)


class WholeForm(forms.Form):
    name = forms.CharField(label="이름")
    way = forms.ChoiceField(label="방법", choices=[("a", "하나"), ("b", "둘")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = "/somewhere/"
        self.helper.layout = Layout(
            Fieldset("신청하는 분", Div(Field("name"), css_class="form-narrow"), InlineRadios("way")),
            "secret",
            HTML("<p>살펴보세요.</p>"),
            FormActions(
                Submit("send", "보내기"),
                Reset("again", "다시 쓰기"),
                StrictButton("더하기", css_class="krds-btn"),
            ),
        )

    def clean(self) -> None:
        raise forms.ValidationError("둘 중 하나만 됩니다.")


def test_whole_form_with_layout() -> None:
    html = drawn("{% crispy form %}", form=WholeForm(), csrf_token="token")
    assert re.search(r'<form[^>]*action="/somewhere/"[^>]*method="post"', html)
    assert 'name="csrfmiddlewaretoken"' in html
    assert "<legend>신청하는 분</legend>" in html and "choices-row" in html and "살펴보세요." in html
    assert re.search(r'<button type="submit"[^>]*class="krds-btn large primary"[^>]*>보내기</button>', html)
    assert re.search(
        r'<button type="reset"[^>]*class="krds-btn large secondary"[^>]*>다시 쓰기</button>', html
    )
    assert 'type="hidden" name="secret"' in html and "더하기" in html


def test_faults_of_the_whole_form_come_first() -> None:
    html = drawn("{% crispy form %}", form=WholeForm({"name": "홍"}), csrf_token="token")
    assert html.index("둘 중 하나만 됩니다.") < html.index("신청하는 분")


def test_form_set() -> None:
    html = drawn("{{ forms|crispy }}", forms=formset_factory(SampleForm, extra=2)())
    assert 'name="form-TOTAL_FORMS"' in html
    assert len(ids(html)) == len(set(ids(html)))
