"""보호수준 평가: figures that follow what happens, gaps that are said, a year ago beside today, and the zip."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.evidence import pack
from privacy.evidence.articles import ARTICLES
from privacy.evidence.figures import figures
from privacy.ledger import checkpoints
from privacy.ledger.sequence import sequence
from privacy.models import AccessRecord, EvidenceSnapshot, Indicator
from tests import make
from tests.privacy.ledger import things
from tests.privacy.mine.test_requests import asked, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return make.signed_in(Client(), officer())


def value(key: str) -> tuple[str, bool | None]:
    return next((one.value, one.well) for some in figures().values() for one in some if one.key == key)


def test_figures_follow_what_happens() -> None:
    assert value("13.late") == ("0", True)
    asked(due_on=timezone.localdate() - timedelta(days=1))
    assert value("13.late") == ("1", False)
    before = int(value("8.records")[0].replace(",", ""))
    things.written(7)
    things.written(2, timezone.now() - timedelta(days=400))
    assert int(value("8.records")[0].replace(",", "")) == before + 7
    things.written(3, action="download", detail="")
    assert value("12.without") == ("3", False)
    clerk = make.clerk()
    assert value("5.idle")[1] is True
    type(clerk).objects.filter(pk=clerk.pk).update(last_login=timezone.now() - timedelta(days=91))
    assert value("5.idle") == ("1", False)
    assert int(value("7.columns")[0]) > 40


def test_every_figure_belongs_to_an_article_and_gaps_are_said(desk: Client) -> None:
    numbers = {one.number for one in ARTICLES}
    assert set(figures()) <= numbers
    keys = [one.key for some in figures().values() for one in some]
    assert len(keys) == len(set(keys)) and all(one.how for some in figures().values() for one in some)
    page = desk.get("/privacy/evidence/").content.decode()
    for article in ARTICLES:
        assert article.title in page
        assert article.gap in page
        assert article.number in figures() or article.gap or article.where
    assert make.signed_in(Client(), make.clerk()).get("/privacy/evidence/").status_code == 403


def test_a_year_ago_stands_beside_today(desk: Client) -> None:
    for days, records in ((360, "7,001"), (200, "9")):
        EvidenceSnapshot.objects.create(
            at=timezone.now() - timedelta(days=days), figures={"8.records": records}
        )
    assert pack.year_ago() == {"8.records": "7,001"}
    assert "7,001" in desk.get("/privacy/evidence/").content.decode()
    assert pack.keep_monthly() is not None
    assert pack.keep_monthly() is None
    kept = EvidenceSnapshot.objects.first()
    assert kept
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        EvidenceSnapshot.objects.update(figures={})


def test_the_zip_holds_figures_indicators_checkpoint_and_their_digests(desk: Client) -> None:
    things.written(2)
    sequence()
    checkpoints.make(timezone.now())
    given = {"year": "2026", "number": "1-1", "title": "처리방침을 알기 쉽게", "articles": "4"}
    assert desk.post("/privacy/evidence/indicator/", {"year": "x"}).status_code == 422
    assert desk.post("/privacy/evidence/indicator/", given).status_code == 302
    assert desk.post("/privacy/evidence/indicator/", given).status_code == 422
    assert Indicator.objects.count() == 1
    answer = desk.post("/privacy/evidence/zip/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    told = json.loads(files.pop("manifest.json"))["sha256"]
    assert told == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert set(files) == {"figures.csv", "indicators.csv", "checkpoint.txt"}
    assert "접속기록" in files["figures.csv"].decode("utf-8-sig")
    assert "전산실" in files["figures.csv"].decode("utf-8-sig")
    assert "처리방침을 알기 쉽게" in files["indicators.csv"].decode("utf-8-sig")


def test_beside_a_figure_stand_its_question_and_rows_that_say_nobody(desk: Client) -> None:
    things.written(5, identifier="kim-clerk", detail="카나리아의 것")
    sequence()
    [one] = [one for some in figures().values() for one in some if one.key == "8.records"]
    newest = AccessRecord.objects.latest("pk")
    assert len(one.sample) == 3 and bytes(newest.commitment).hex()[:12] in one.sample[0]
    assert "FROM" in one.query and "privacy_accessrecord" in one.query
    page = desk.get("/privacy/evidence/").content.decode()
    assert one.sample[0] in page
    with zipfile.ZipFile(io.BytesIO(desk.post("/privacy/evidence/zip/").content)) as packed:
        table = packed.read("figures.csv").decode("utf-8-sig")
    assert "봉인" in table and "SELECT" in table
    for said in (page, table):
        assert "kim-clerk" not in said and "카나리아" not in said


def test_indicators_pasted_out_of_a_spreadsheet(desk: Client) -> None:
    address = "/privacy/evidence/indicators/"
    assert desk.get(address).status_code == 200
    table = "번호\t지표\t조\t서류\n1-1\t처리방침을 알기 쉽게\t4\t\n1-2\t접속기록을 점검한다\t8\t점검표\n"
    assert desk.post(address, {"year": "2026", "table": table}).status_code == 302
    assert desk.post(address, {"year": "2026", "table": '1-2,"새 말, 쉼표도",8\n'}).status_code == 302
    assert list(Indicator.objects.values_list("number", "title", "papers")) == [
        ("1-1", "처리방침을 알기 쉽게", ""),
        ("1-2", "새 말, 쉼표도", ""),
    ]
    page = desk.get("/privacy/evidence/").content.decode()
    assert "새 말, 쉼표도" in page
    for wrong, said in (
        ("2-1\t\t8", "1번째 줄: 번호와 지표"),
        ("2-1\t가\n2-1\t나", "2번째 줄: 번호 2-1"),
        ("2-1\t가\n" + "x" * 11 + "\t나", "2번째 줄: ‘번호’ 칸은 10자"),
        ("2-1\t가\t8\t서류\t더", "칸이 5개"),
        ("\n".join(f"{n}\t가" for n in range(201)), "200줄까지"),
        ("번호\t지표", "표를 붙여"),
        ('2-1,"가', "따옴표"),
    ):
        answer = desk.post(address, {"year": "2026", "table": wrong})
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page, wrong
        assert wrong.splitlines()[-1] in page.replace("&quot;", '"'), "what was typed is kept"
    assert Indicator.objects.count() == 2
    assert make.signed_in(Client(), make.clerk()).get(address).status_code == 403


def test_as_many_queries_however_many_records(desk: Client) -> None:
    counts = []
    desk.get("/privacy/evidence/")
    for many in (1, 3, 30):
        things.written(many)
        Indicator.objects.bulk_create(
            Indicator(year=2026, number=f"{many}-{n}", title="시험") for n in range(many)
        )
        with CaptureQueriesContext(connection) as queries:
            desk.get("/privacy/evidence/")
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
