"""Templates: words with {variables}, filled in, read aloud or recorded, by those for whom they are meant."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from broadcast import compose
from broadcast.demo_templates import DEMO_TEMPLATES, give_templates
from broadcast.models import Broadcast, Recording, Template, TemplatePart, Village
from broadcast.templates import draft_from, parts_of, pieces
from broadcast.wording import LONGEST_VALUE, BadWording, check, fill, half_filled, variables
from people.models import RoleGrant, User
from tests import make
from tests.voice.sounds import recorded

pytestmark = pytest.mark.django_db

WATER = "{날짜} {시각}부터 {마을}에 물이 나오지 않습니다."

# ---- the words


def test_variables_in_the_order_in_which_they_are_met() -> None:
    assert variables([WATER, "{마을} 주민 여러분, {문의 전화}로 물어 주십시오."]) == [
        "날짜",
        "시각",
        "마을",
        "문의 전화",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "}",
        "{}",
        "{ 마을}",
        "{마을 }",
        "{{마을}}",
        "{마을",
        "마을}",
        "{가" + "나" * 20 + "}",
        "{a\nb}",
        "{a{b}}",
    ],
)
def test_braces_that_are_no_variable(text: str) -> None:
    with pytest.raises(BadWording, match="중괄호"):
        check([text])


def test_too_many_variables() -> None:
    check(["".join(f"{{빈칸{n}}}" for n in range(12))])
    with pytest.raises(BadWording, match="12개까지"):
        check(["".join(f"{{빈칸{n}}}" for n in range(13))])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"날짜": "내일", "시각": "오후 3시"}, "‘마을’에 들어갈 말을"),
        ({"날짜": "내일", "시각": " \n", "마을": "삼계"}, "‘시각’에 들어갈 말을"),
        ({"날짜": "내일", "시각": "가" * (LONGEST_VALUE + 1), "마을": "삼계"}, "너무 깁니다"),
        ({"날짜": "내일", "시각": "{마을}", "마을": "삼계"}, "중괄호"),
    ],
)
def test_a_value_that_is_missing_or_no_value(values: dict, words: str) -> None:
    with pytest.raises(BadWording, match=words):
        fill(WATER, values)


def test_filled_in() -> None:
    values = {"날짜": "내일", "시각": "오후\n3시", "마을": "삼계마을", "남는 것": "말"}
    assert fill(WATER, values) == "내일 오후 3시부터 삼계마을에 물이 나오지 않습니다."
    assert half_filled(WATER, {"날짜": "내일"}) == "내일 [시각]부터 [마을]에 물이 나오지 않습니다."


@given(st.text(max_size=80), st.dictionaries(st.text(max_size=5), st.text(max_size=80), max_size=3))
def test_any_words_are_filled_or_refused(text: str, values: dict) -> None:
    try:
        check([text])
        filled = fill(text, values)
    except BadWording:
        return
    assert "{" not in filled
    assert len(filled) <= len(text) * LONGEST_VALUE


# ---- drafts


def template(*parts: str | tuple[str, Recording], **fields: object) -> Template:
    made = Template.objects.create(
        **{"name": f"단수 {Template.objects.count()}", "category": "life", **fields}
    )
    for order, part in enumerate(parts or (WATER,), 1):
        text, recording = part if isinstance(part, tuple) else (part, None)
        TemplatePart.objects.create(template=made, order=order, text=text, recording=recording)
    return made


def filled_in(**values: str) -> dict[str, str]:
    return {"날짜": "내일", "시각": "오후 3시", "마을": "삼계마을", **values}


def test_a_draft_of_text_is_read_aloud_and_keeps_its_template() -> None:
    here = make.gateway().village
    chief = make.chief(here)
    draft = draft_from(made := template(), chief, [here], filled_in())
    assert (draft.template, draft.category, draft.recording.source) == (made, "life", "text")
    assert draft.text == "내일 오후 3시부터 삼계마을에 물이 나오지 않습니다."
    assert list(draft.villages.all()) == [here]
    # Other words are no longer those that were agreed on.
    compose.change_draft(draft.pk, chief, "life", draft.text)
    assert Broadcast.objects.get(pk=draft.pk).template == made
    compose.change_draft(draft.pk, chief, "life", "다른 말")
    assert Broadcast.objects.get(pk=draft.pk).template is None


def test_a_recorded_part_is_joined_with_what_is_read() -> None:
    here = make.gateway().village
    chief, voice = make.chief(here), make.recording()
    made = template(("알려 드립니다.", voice), WATER)
    draft = draft_from(made, chief, [here], filled_in())
    assert draft.recording.source == Recording.Source.JOINED
    assert draft.recording.duration > 2
    assert draft.text == "알려 드립니다.\n내일 오후 3시부터 삼계마을에 물이 나오지 않습니다."
    one, two = pieces(parts_of(made), {})
    assert (one.read, one.recording) == ("", voice)
    assert "물이 나오지 않습니다." in two.read


def test_a_voice_that_was_destroyed_is_read_instead() -> None:
    here = make.gateway().village
    voice = make.recording()
    made = template(("알려 드립니다.", voice), "물이 나오지 않습니다.")
    voice.file.delete()
    assert draft_from(made, make.chief(here), [here], {}).recording.source == Recording.Source.TEXT


def test_a_template_s_voice_is_not_forgotten() -> None:
    voice = make.recording()
    template(("알려 드립니다.", voice))
    Recording.objects.update(made_at=timezone.now() - timedelta(days=9))
    assert compose.forget_old() == 0


def test_the_database_refuses_a_variable_in_a_recorded_part() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        template((WATER, make.recording()))


# ---- pages


def police() -> User:
    made = make.user()
    RoleGrant.objects.create(user=made, role=RoleGrant.Role.POLICE, reason="시험")
    return made


def test_whose_templates_they_are(client: Client) -> None:
    here = make.gateway().village
    for_all, for_police = (
        template(name="모두의 틀"),
        template(name="경찰의 틀", sender="police", category="theft"),
    )
    unused = template(name="쉬는 틀", is_active=False)
    # A kind that the police may not send is not offered to them.
    seen = {make.chief(here): {for_all}, make.clerk(): {for_all}, police(): {for_police}}
    seen[make.city_operator()] = {for_all, for_police, unused}
    for user, theirs in seen.items():
        make.signed_in(client, user)
        assert set(client.get("/broadcast/templates/").context["templates"]) == theirs
        for each in (for_all, for_police, unused):
            may_use = each in theirs and each.is_active
            page = f"/broadcast/templates/{each.pk}/"
            assert (client.get(page).status_code == 404) is not may_use
            assert client.get(f"{page}edit/").status_code == (200 if user.is_city_operator else 403)


def test_from_a_template_to_the_review(client: Client) -> None:
    here = make.gateway().village
    made = template()
    make.signed_in(client, make.chief(here))
    page = f"/broadcast/templates/{made.pk}/"
    looked = client.post(page, {"where": "all", "v0": "11/23(월)", "v1": "15:00", "look": 1})
    assert looked.status_code == 200
    text = looked.content.decode()
    assert "십일월 이십삼일 월요일 십오 시부터" in text
    assert 'value="11/23(월)"' in text
    live = client.post(f"{page}reading/", {"v0": "내일", "v1": "09:30"}).content.decode()
    assert "내일 아홉 시 삼십 분부터" in live
    assert not Broadcast.objects.exists()
    bad = client.post(page, {"where": "all", "v0": "내일", "v1": ""})
    assert bad.status_code == 422
    assert "‘시각’에 들어갈 말을 적어 주세요." in bad.content.decode()
    assert 'value="내일"' in bad.content.decode()
    done = client.post(page, {"where": "all", "v0": "내일", "v1": "오후 3시", "v2": "삼계마을"})
    draft = Broadcast.objects.get()
    assert done["Location"] == f"/broadcast/{draft.pk}/review/"
    assert "내일 오후 3시부터 삼계마을에" in client.get(done["Location"]).content.decode()


def test_foreign_villages_are_refused(client: Client) -> None:
    here, there = make.gateway().village, make.gateway(make.village(make.district("금산면"))).village
    made = template("물이 나오지 않습니다.")
    make.signed_in(client, make.chief(here))
    answer = client.post(f"/broadcast/templates/{made.pk}/", {"where": "some", "villages": [there.pk]})
    assert answer.status_code == 422
    assert not Broadcast.objects.exists()


def written(**fields: object) -> dict[str, object]:
    return {
        "name": "단수 안내",
        "category": "life",
        "sender": "",
        "agreed": "",
        "is_active": "on",
        "part-TOTAL_FORMS": "3",
        "part-INITIAL_FORMS": "0",
        "part-0-text": "알려 드립니다.",
        "part-1-text": WATER,
        "part-2-text": "",
        **fields,
    }


def test_the_city_writes_and_changes_a_template(client: Client) -> None:
    operator = make.city_operator()
    make.signed_in(client, operator)
    sound = SimpleUploadedFile("voice.webm", recorded())
    answer = client.post("/broadcast/templates/new/", written(**{"part-0-sound": sound}))
    assert answer.status_code == 302, answer.context["form"].errors
    made = Template.objects.get()
    one, two = parts_of(made)
    assert (one.text, two.text) == ("알려 드립니다.", WATER)
    assert one.recording.source == Recording.Source.MICROPHONE
    assert two.recording is None
    edit = f"/broadcast/templates/{made.pk}/edit/"
    assert "1번째 부분의 녹음 듣기" in client.get(edit).content.decode()
    kept = {"part-INITIAL_FORMS": "2", "part-0-kept": str(one.recording_id)}
    client.post(edit, written(name="단수", **kept))
    made.refresh_from_db()
    assert made.name == "단수"
    assert parts_of(made)[0].recording == one.recording
    # An id from elsewhere opens nobody else's voice.
    stranger = {"part-INITIAL_FORMS": "2", "part-0-kept": str(make.recording().pk)}
    client.post(edit, written(**stranger))
    assert parts_of(made)[0].recording is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "이름을 적어 주세요."),
        ({"name": "있는 틀"}, "같은 이름의 틀이 있습니다."),
        ({"category": "nothing"}, "없는 종류입니다."),
        ({"category": "test"}, "없는 종류입니다."),
        ({"part-0-text": "{", "part-1-text": ""}, "중괄호"),
        ({"part-0-text": "", "part-1-text": ""}, "한 부분이라도"),
        ({"part-0-text": "가" * 1001}, "1,000자 안으로"),
        ({"part-0-text": "가" * 600, "part-1-text": "나" * 600}, "1,000자를 넘습니다"),
        ({"part-TOTAL_FORMS": "x"}, ""),
        ({"part-TOTAL_FORMS": "99"}, ""),
    ],
)
def test_a_template_that_makes_no_sense_is_said(client: Client, fields: dict, words: str) -> None:
    template(name="있는 틀")
    make.signed_in(client, make.city_operator())
    answer = client.post("/broadcast/templates/new/", written(**fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Template.objects.count() == 1


def test_sounds_that_are_none(client: Client) -> None:
    make.signed_in(client, make.city_operator())
    noise = SimpleUploadedFile("voice.webm", b"not a sound")
    answer = client.post("/broadcast/templates/new/", written(**{"part-0-sound": noise}))
    assert answer.status_code == 422
    assert "소리 파일을 읽지 못했습니다." in answer.content.decode()
    sound = SimpleUploadedFile("voice.webm", recorded())
    answer = client.post("/broadcast/templates/new/", written(**{"part-1-sound": sound}))
    assert answer.status_code == 422
    assert "녹음한 부분에는 빈칸 { }를 쓸 수 없습니다." in answer.content.decode()


@pytest.mark.parametrize("page", ["list", "use", "edit", "reading"])
def test_a_page_asks_the_same_number_of_questions_for_one_and_for_thirty(client: Client, page: str) -> None:
    make.signed_in(client, make.city_operator())
    counts = []
    for many in (1, 3, 30):
        while Village.objects.count() < many:
            make.gateway()
        parts = [("알립니다.", make.recording()), *(f"{{빈칸{n}}}" for n in range(min(many, 10)))]
        made = template(*parts)
        ask: Callable[[], object] = {
            "list": lambda: client.get("/broadcast/templates/"),
            "use": lambda: client.get(f"/broadcast/templates/{made.pk}/"),  # noqa: B023
            "edit": lambda: client.get(f"/broadcast/templates/{made.pk}/edit/"),  # noqa: B023
            "reading": lambda: client.post(f"/broadcast/templates/{made.pk}/reading/"),  # noqa: B023
        }[page]
        ask()
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200  # type: ignore[attr-defined]
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 12


def test_the_example_city_has_templates_that_can_be_used() -> None:
    give_templates()
    give_templates()
    assert Template.objects.count() == len(DEMO_TEMPLATES)
    for one in Template.objects.prefetch_related("parts"):
        texts = [part.text for part in one.parts.all()]
        check(texts)
        assert all(fill(text, dict.fromkeys(variables(texts), "내일")) for text in texts)
