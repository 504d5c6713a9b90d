"""처리방침 from what the apps register, its versions; the words of consents; contractors; downloads and why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy import consents, notice
from privacy.holdings import holdings
from privacy.ledger.kinds import kinds
from privacy.models import ConsentWording, Leaf, NoticeVersion, Processor, Supervision
from tests import make
from tests.privacy.ledger import things
from tests.privacy.mine.test_requests import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return make.signed_in(Client(), officer())


def test_everything_that_is_held_stands_in_it(client: Client) -> None:
    page = client.get("/privacy/notice/").content.decode()
    for one in holdings():
        if not one.part:
            assert one.label in page and one.keeps.split(",")[0][:20] in page
    for text in consents.texts():
        assert text.keeps in page
    for title in (
        "무엇을 왜",
        "얼마나",
        "민감정보",
        "맡겨서",
        "어떻게 지우나요",
        "하실 수 있는 일",
        "쿠키",
        "책임자",
    ):
        assert title in page
    assert "담당: 새 판" not in page
    assert "개인정보 처리방침" in client.get("/help/").content.decode()


def test_a_version_for_each_change_and_none_without(desk: Client, client: Client) -> None:
    assert "새 판 내기" in desk.get("/privacy/notice/").content.decode()
    desk.post("/privacy/notice/publish/")
    desk.post("/privacy/notice/publish/")
    first = NoticeVersion.objects.get()
    assert (first.number, first.sha256) == (1, notice.digest(notice.sections()))
    assert Leaf.objects.filter(kind="notice").count() == 1
    today = timezone.localdate()
    Processor.objects.create(
        name="예시 수리점", task="방문 수리", contract_on=today, ends_on=today + timedelta(days=90)
    )
    changed = desk.get("/privacy/notice/").content.decode()
    assert "<ins>예시 수리점: 방문 수리" in changed and "<del>없습니다." in changed
    assert "예시 수리점" not in client.get("/privacy/notice/").content.decode()
    desk.post("/privacy/notice/publish/")
    assert "2판" in client.get("/privacy/notice/").content.decode()
    assert "예시 수리점" not in client.get("/privacy/notice/1/").content.decode().split("지난 판")[0]
    assert make.signed_in(Client(), make.clerk()).post("/privacy/notice/publish/").status_code == 403


def test_what_was_published_stays() -> None:
    made = NoticeVersion(
        number=9, from_on=timezone.localdate(), sections=[], sha256="x", published_by=make.user()
    )
    made.seal()
    made.save(force_insert=True)
    consents.keep_wordings()
    for rows in (NoticeVersion.objects, ConsentWording.objects):
        for wrong in (lambda rows=rows: rows.update(sha256="y"), lambda rows=rows: rows.all().delete()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                wrong()
    assert {"notice", "consent_text", "destruction", "access", "erasure"} <= set(kinds())


def test_the_words_of_each_consent_are_kept_and_do_not_change_silently(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    consents.keep_wordings()
    consents.keep_wordings()
    kept = {one.sha256: one.words for one in ConsentWording.objects.all()}
    assert set(kept) == {text.sha256 for text in consents.texts()}
    text = consents.texts()[0]
    assert kept[text.sha256] == text.words
    monkeypatch.setitem(consents._texts, text.key, replace(text, purpose="다른 곳에 씁니다"))
    with pytest.raises(ValueError, match="without a new version"):
        consents.keep_wordings()
    monkeypatch.setitem(
        consents._texts, text.key, replace(text, purpose="다른 곳에 씁니다", version=text.version + 1)
    )
    consents.keep_wordings()
    assert ConsentWording.objects.filter(key=text.key).count() == 2


def test_contractors_and_their_supervision(desk: Client) -> None:
    assert desk.post("/privacy/contractors/", {"name": ""}).status_code == 422
    today = timezone.localdate()
    given = {"name": "예시 수리점", "task": "방문 수리", "contract_on": f"{today - timedelta(days=400)}"}
    desk.post("/privacy/contractors/", {**given, "ends_on": f"{today + timedelta(days=30)}"})
    assert "기한 지남" in desk.get("/privacy/contractors/").content.decode()
    one = Processor.objects.get()
    address = f"/privacy/contractors/{one.pk}/"
    assert desk.post(address, {"kind": "check", "on": "x"}).status_code == 422
    desk.post(address, {"kind": "check", "on": f"{today}", "result": "서류 파쇄 확인"})
    assert "서류 파쇄 확인" in desk.get(address).content.decode()
    assert "기한 지남" not in desk.get("/privacy/contractors/").content.decode()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Supervision.objects.update(result="좋음")


def test_what_was_downloaded_and_why(desk: Client) -> None:
    clerk = make.clerk(make.district("문산읍"))
    things.written(1, identifier=clerk.username, action="download", detail="강사료 파일 2026-10: 지급")
    things.written(1, identifier=clerk.username, action="view", detail="그냥 봄")
    things.written(1, identifier="010-****-1234 abcdef012345", action="download", detail="본인이 받음")
    counts = []
    for n in range(3):
        with CaptureQueriesContext(connection) as asked:
            page = desk.get("/privacy/downloads/").content.decode()
        counts.append(len(asked))
        things.written(9 * n, identifier=clerk.username, action="download")
    assert "강사료 파일 2026-10: 지급" in page and "문산읍 직원" in page
    assert "그냥 봄" not in page and "본인이 받음" not in page
    assert counts[1] == counts[2]
