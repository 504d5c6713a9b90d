"""소음 민원: anybody leaves one, the right office reads and answers it once."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast import complaints
from broadcast.models import NoiseComplaint, Village
from people.models import Message
from privacy.access import Action
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db
PHONE = "+821099990001"


@pytest.fixture(autouse=True)
def nobody_wrote_before() -> None:
    cache.clear()


@pytest.fixture
def village() -> Village:
    return make.village()


def left(village: Village, phone: str = "") -> NoiseComplaint:
    return NoiseComplaint.objects.create(village=village, said="새벽에 너무 큽니다", phone=phone)


def test_anybody_leaves_one(client: Client, village: Village) -> None:
    page = f"/broadcast/listen/{village.pk}/noise/"
    assert client.get(page).status_code == 200
    answer = client.post(page, {"said": "새벽에 너무 큽니다"}, follow=True)
    assert "알려 주셔서 고맙습니다" in answer.content.decode()
    made = NoiseComplaint.objects.get()
    assert (made.village, made.said, made.phone, made.taken_by) == (village, "새벽에 너무 큽니다", "", None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"said": " "}, "무엇이 불편하셨는지 적어 주세요."),
        ({"said": "가" * 501}, "500자 안으로 줄여 주세요."),
        ({"said": "시끄럽습니다", "phone": "12", "agreed": "on"}, "전화번호를 다시 확인해 주세요."),
        ({"said": "시끄럽습니다", "phone": "010-9999-0001"}, "동의해 주세요"),
        ({"said": "시끄\x00럽"}, "고칠 것이 있습니다"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_kept(
    client: Client, village: Village, given: dict, words: str
) -> None:
    answer = client.post(f"/broadcast/listen/{village.pk}/noise/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert given["said"].strip() in answer.content.decode()
    assert not NoiseComplaint.objects.exists()


def test_who_writes_again_and_again_is_asked_to_wait_and_loses_nothing(
    client: Client, village: Village, monkeypatch
) -> None:
    monkeypatch.setattr(complaints, "MOST", 1)
    page = f"/broadcast/listen/{village.pk}/noise/"
    client.post(page, {"said": "하나"})
    answer = client.post(page, {"said": "둘째 글"})
    assert answer.status_code == 422
    assert "한 시간 뒤에" in answer.content.decode()
    assert "둘째 글" in answer.content.decode()
    assert NoiseComplaint.objects.count() == 1
    assert client.post(page, {"said": "셋"}, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_who_wrote_too_often_waits_for_the_hour_and_not_for_the_caches_own_minutes(village: Village) -> None:
    complaints.leave(village, "하나", "", "10.0.0.9")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT expires > now() + interval '50 minutes' FROM cache WHERE cache_key LIKE '%%noise%%'"
        )
        assert cursor.fetchall() == [(True,)]


def test_an_office_reads_and_answers_its_own(client: Client, village: Village) -> None:
    found = left(village, PHONE)
    elsewhere = left(make.village(make.district("금산면")))
    make.signed_in(client, make.clerk())
    page = client.get("/broadcast/complaints/").content.decode()
    assert str(found.pk) in page
    assert str(elsewhere.pk) not in page
    address = f"/broadcast/complaints/{found.pk}/"
    masked = client.get(address).content.decode()
    assert "010-****-0001" in masked and "010-9999-0001" not in masked
    assert "010-9999-0001" in make.seeing(client, found).get(address).content.decode()
    assert client.post(address, {"words": " "}).status_code == 422
    assert client.post(address, {"words": "소리를 줄였습니다."}).status_code == 302
    client.post(address, {"words": "다른 답"})
    found.refresh_from_db()
    assert found.answer == "소리를 줄였습니다."
    [message] = Message.objects.all()
    assert message.to == PHONE
    assert "소리를 줄였습니다." in message.text
    assert str(found.pk) in client.get("/broadcast/complaints/?state=answered").content.decode()


def test_without_a_number_nobody_is_texted(village: Village) -> None:
    complaints.answer(left(village).pk, make.clerk(), "고쳤습니다.")
    assert not Message.objects.exists()


def test_one_taken_by_telephone(client: Client, village: Village) -> None:
    clerk = make.clerk()
    make.signed_in(client, clerk)
    given = {"village": village.pk, "said": "밤에 시끄럽다고 합니다", "phone": "", "agreed": ""}
    client.post("/broadcast/complaints/new/", given)
    assert NoiseComplaint.objects.get().taken_by == clerk
    foreign = make.village(make.district("금산면"))
    answer = client.post("/broadcast/complaints/new/", {**given, "village": foreign.pk})
    assert answer.status_code == 422
    assert "맡은 마을에서 골라 주세요." in answer.content.decode()


def test_others_see_none(client: Client, village: Village) -> None:
    found = left(village)
    pages = ["/broadcast/complaints/", "/broadcast/complaints/new/", f"/broadcast/complaints/{found.pk}/"]
    for page in pages:
        assert client.get(page).status_code == 302
    for stranger in (make.chief(village), make.police()):
        make.signed_in(client, stranger)
        assert [client.get(page).status_code for page in pages] == [403] * 3
    make.signed_in(client, make.clerk(make.district("금산면")))
    assert client.get(pages[2]).status_code == 404
    assert client.post(pages[2], {"words": "남의 답"}).status_code == 404
    found.refresh_from_db()
    assert found.answer == ""


def test_who_looked_is_on_record(client: Client, village: Village) -> None:
    found = left(village, PHONE)
    clerk = make.clerk()
    make.signed_in(client, clerk)
    client.get("/broadcast/complaints/")
    client.get(f"/broadcast/complaints/{found.pk}/")
    records = AccessRecord.objects.filter(identifier=clerk.username, action=Action.VIEW)
    assert [record.subjects for record in records] == [[f"broadcast.noisecomplaint:{found.pk}"]] * 2


def test_nothing_personal_is_readable_in_the_table(village: Village) -> None:
    left(village, PHONE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(said, 'escape') || encode(phone, 'escape') FROM broadcast_noisecomplaint"
        )
        stored = cursor.fetchone()[0]
    assert "99990001" not in stored
    assert "새벽" not in stored


def test_answered_ones_are_forgotten_after_a_year(village: Village) -> None:
    waiting, answered = left(village), left(village)
    complaints.answer(answered.pk, make.clerk(), "고쳤습니다.")
    past = timezone.now() - timedelta(days=366)
    NoiseComplaint.objects.update(received_at=past)
    assert complaints.forget_answered() == 0
    NoiseComplaint.objects.filter(pk=answered.pk).update(answered_at=past)
    assert complaints.forget_answered() == 1
    assert make.destroyed() == [("방송 소음 민원", 1)]
    assert NoiseComplaint.objects.get() == waiting


def test_the_same_number_of_questions_for_one_and_for_thirty(client: Client) -> None:
    make.signed_in(client, make.clerk())
    counts = []
    for more in (1, 2, 27):
        for _ in range(more):
            left(make.village())
        client.get("/broadcast/complaints/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/broadcast/complaints/").status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1
