"""Making a broadcast through the pages: what a person sends in, and what they are told when it cannot be."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from broadcast.compose import NO_TEXT
from broadcast.models import Broadcast, ChiefPost, Delivery, Recording, Village
from people.models import User
from tests import make
from tests.voice import sounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Village:
    return make.gateway(make.village(name="시험마을")).village


@pytest.fixture
def chief(village: Village, client: Client) -> User:
    made = make.chief(village)
    make.signed_in(client, made)
    return made


def record(client: Client, sound: bytes, **fields: object) -> tuple[int, dict]:
    """As the page's script does. Returns status and JSON."""
    upload = SimpleUploadedFile("recording.webm", sound, "audio/webm")
    answer = client.post(
        "/broadcast/recordings/",
        {"where": "all", "category": "life", "sound": upload, **fields},
        headers={"Accept": "application/json"},
    )
    return answer.status_code, answer.json()


def test_a_chief_records_looks_at_it_and_sends(client: Client, chief: User, village: Village) -> None:
    status, told = record(client, sounds.recorded(**sounds.CHROME))
    assert status == 201
    page = client.get(told["review"]).content.decode()
    for words in (village.name, "스피커 1대", "40가구", "일반: 차례대로 나갑니다", "되돌릴 수 없습니다"):
        assert words in page
    sent = client.post(told["review"], {"category": "life", "text": "", "send": "1"}, follow=True)
    assert sent.redirect_chain[-1][0] == told["review"].removesuffix("review/")
    assert "1곳 중 0곳 방송함" in sent.content.decode()
    assert Delivery.objects.get().gateway.village == village


def test_two_taps_send_once(client: Client, chief: User, village: Village) -> None:
    draft = make.draft(chief, [village])
    for _ in range(2):
        answer = client.post(
            f"/broadcast/{draft.pk}/review/", {"category": "life", "text": draft.text, "send": "1"}
        )
        assert answer["Location"] == f"/broadcast/{draft.pk}/"
    assert Broadcast.objects.count() == Delivery.objects.count() == 1


def test_the_last_tap_saves_what_was_changed(client: Client, chief: User, village: Village) -> None:
    _, told = record(client, sounds.recorded())
    client.post(told["review"], {"category": "wildfire", "text": "산불입니다. 대피하십시오.", "send": "1"})
    sent = Broadcast.objects.get()
    assert (sent.category, sent.text, sent.is_urgent) == ("wildfire", "산불입니다. 대피하십시오.", True)
    assert sent.published_at


def test_a_typed_text_needs_no_script(client: Client, chief: User) -> None:
    answer = client.post(
        "/broadcast/new/", {"where": "all", "category": "rain", "text": "비가 많이 옵니다."}, follow=True
    )
    page = answer.content.decode()
    assert "긴급: 바로 나갑니다" in page
    assert "비가 많이 옵니다." in page


def test_a_file_needs_no_script_and_its_text_is_kept(client: Client, chief: User) -> None:
    sound = SimpleUploadedFile("my voice.m4a", sounds.recorded("mp4", "aac"), "video/mp4")
    client.post("/broadcast/new/", {"where": "all", "category": "life", "text": "건강 검진", "sound": sound})
    draft = Broadcast.objects.get()
    assert draft.text == "건강 검진"
    assert draft.recording.source == Recording.Source.MICROPHONE


BAD_SOUNDS = {
    "silence": (lambda: sounds.quiet(3), "목소리가 거의 들리지 않습니다."),
    "40 minutes": (lambda: sounds.repeated(40), "녹음이 너무 깁니다. 5분 안으로"),
    "video": (lambda: sounds.recorded("webm", "libopus", picture=True), "영상은 보낼 수 없습니다."),
    "text named .webm": (lambda: "방송입니다".encode() * 100, "소리 파일을 읽지 못했습니다."),
    "truncated": (lambda: sounds.recorded("mp4", "aac")[:3000], "다시 녹음해"),
    "empty": (lambda: b"", "녹음이 비어 있습니다."),
    "just over 20 MB": (lambda: bytes(20 * 1024**2 + 1), "녹음 파일이 너무 큽니다. 20MB보다"),
    "30 MB": (lambda: bytes(30 * 1024**2), "너무 큽니다. 20MB보다"),
}


@pytest.mark.parametrize("kind", BAD_SOUNDS)
def test_a_bad_sound_is_refused_in_words(client: Client, chief: User, kind: str) -> None:
    make_sound, words = BAD_SOUNDS[kind]
    status, told = record(client, make_sound())
    assert (status, told["sound_is_bad"]) == (422 if kind != "30 MB" else 413, True)
    assert words in told["error"]
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"where": "some"}, {"text": "가" * 1001}, {"category": "party"}, {"villages": "x"}]
)
def test_a_mistake_in_the_form_does_not_blame_the_sound(
    client: Client, chief: User, fields: dict[str, str]
) -> None:
    status, told = record(client, sounds.recorded(), **fields)
    assert (status, told["sound_is_bad"]) == (422, False)


def test_too_much_is_refused_before_it_is_read(client: Client, chief: User) -> None:
    sound = SimpleUploadedFile("long.mp3", bytes(22 * 1024**2), "audio/mpeg")
    answer = client.post("/broadcast/new/", {"where": "all", "category": "life", "sound": sound})
    assert answer.status_code == 413
    assert "20MB보다 작은 파일만" in answer.content.decode()
    assert "Content-Security-Policy" in answer


def test_a_bad_file_keeps_what_was_typed(client: Client, chief: User) -> None:
    sound = SimpleUploadedFile("a.webm", b"nothing", "audio/webm")
    answer = client.post(
        "/broadcast/new/", {"where": "all", "category": "rain", "text": "적어 둔 글", "sound": sound}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "소리 파일을 읽지 못했습니다." in page
    assert "적어 둔 글" in page
    assert '<option value="rain" selected>' in page


BAD_FIELDS = {
    "no text": ({"text": ""}, "방송할 글을 적거나 녹음해 주세요."),
    "only spaces": ({"text": " \n "}, "방송할 글을 적거나 녹음해 주세요."),
    "no letters": ({"text": "!!!"}, "읽을 글이 없습니다."),
    "5,000 letters": ({"text": "가" * 5000}, "글이 너무 깁니다. 1,000자 안으로 줄여 주세요. (지금 5,000자)"),
    "no such category": ({"category": "party"}, "방송 종류를 골라 주세요."),
    "nowhere": ({"where": "some"}, "방송할 마을을 한 곳 이상 골라 주세요."),
    "no way to choose": ({"where": ""}, "어느 마을인지 골라 주세요."),
    "not a number": ({"where": "some", "villages": "x"}, "맡지 않은 마을이 들어 있습니다."),
    "null byte": ({"text": "안녕\x00하세요"}, "null 문자"),
}


@pytest.mark.parametrize("kind", BAD_FIELDS)
def test_a_bad_field_is_refused_in_words(client: Client, chief: User, kind: str) -> None:
    fields, words = BAD_FIELDS[kind]
    typed = {"where": "all", "category": "life", "text": "내일 청소합니다.", **fields}
    answer = client.post("/broadcast/new/", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize("where", ["all", "some"])
@pytest.mark.parametrize("field", ["villages", "districts"])
def test_anothers_village_is_refused(client: Client, chief: User, where: str, field: str) -> None:
    other = make.village(make.district("금산면"))
    value = {"villages": other.pk, "districts": other.district_id}[field]
    status, told = record(client, sounds.recorded(), where=where, **{field: value})
    assert status == 422
    assert "맡지 않은 마을이 들어 있습니다." in told["error"]
    assert not Broadcast.objects.exists()


def test_a_village_that_was_taken_away_before_the_last_tap(
    client: Client, chief: User, village: Village
) -> None:
    draft = make.draft(chief, [village])
    ChiefPost.objects.filter(user=chief).update(
        revoked_at=timezone.now(), revoked_by=make.user(), revoked_reason="임기 끝"
    )
    answer = client.post(
        f"/broadcast/{draft.pk}/review/", {"category": "life", "text": draft.text, "send": "1"}
    )
    assert answer.status_code == 403
    assert not Delivery.objects.exists()


def test_a_village_without_a_speaker_is_said_before_sending(client: Client) -> None:
    village = make.village()
    chief = make.chief(village)
    make.signed_in(client, chief)
    draft = make.draft(chief, [village])
    review = f"/broadcast/{draft.pk}/review/"
    assert "쓸 수 있는 스피커가 없어" in client.get(review).content.decode()
    assert client.post(review, {"category": "life", "text": draft.text, "send": "1"}).status_code == 422
    assert Broadcast.objects.get().published_at is None


def test_an_office_chooses_districts_and_villages(client: Client) -> None:
    munsan, geumsan = make.district("문산읍"), make.district("금산면")
    first, second, third = make.village(munsan), make.village(munsan), make.village(geumsan)
    make.signed_in(client, make.city_operator())
    typed = {"where": "some", "category": "life", "text": "내일 청소합니다."}
    client.post("/broadcast/new/", {**typed, "districts": geumsan.pk, "villages": first.pk})
    assert set(Broadcast.objects.get().villages.all()) == {first, third}
    Broadcast.objects.all().delete()
    client.post("/broadcast/new/", {**typed, "where": "all"})
    assert set(Broadcast.objects.get().villages.all()) == {first, second, third}


def test_signed_out_in_the_middle_is_told_in_json(client: Client) -> None:
    status, told = record(client, sounds.recorded())
    assert status == 401
    assert "녹음은 이 기기에 남아 있습니다." in told["error"]
    plain = client.post("/broadcast/recordings/", {})
    assert plain.status_code == 302
    assert plain["Location"] == "/people/sign-in/?next=/broadcast/new/"


def test_the_same_upload_twice_is_one_draft(client: Client, chief: User) -> None:
    key = str(uuid.uuid4())
    first, second = (record(client, sounds.recorded(), key=key) for _ in range(2))
    assert first == second
    assert Broadcast.objects.count() == 1


def test_anothers_key_gives_nothing_away(client: Client, chief: User, village: Village) -> None:
    other = make.draft(make.chief(village), [village])
    status, told = record(client, sounds.recorded(), key=str(other.pk))
    assert status == 422
    assert str(other.pk) not in str(told)
    assert Broadcast.objects.count() == 1


def test_a_recording_made_anew_takes_the_place_of_the_old(
    client: Client, chief: User, django_capture_on_commit_callbacks
) -> None:
    _, first = record(client, sounds.recorded(), category="rain")
    old = Broadcast.objects.get()
    page = client.get("/broadcast/new/", {"instead": str(old.pk)}).content.decode()
    assert str(old.pk) in page
    assert '<option value="rain" selected>' in page
    assert NO_TEXT not in page
    _, second = record(client, sounds.recorded(), instead=str(old.pk))
    assert first != second
    assert Broadcast.objects.count() == Recording.objects.count() == 1
    assert client.get("/broadcast/new/", {"instead": "odd"}).status_code == 200


def test_an_unfinished_draft_is_offered_and_can_be_thrown_away(
    client: Client, chief: User, village: Village
) -> None:
    draft = make.draft(chief, [village])
    page = client.get("/broadcast/new/").content.decode()
    assert f"/broadcast/{draft.pk}/review/" in page
    client.post(f"/broadcast/{draft.pk}/throw-away/")
    assert not Broadcast.objects.exists()
