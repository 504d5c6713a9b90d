"""Pages that anybody opens: what stands there, what never does, and how little they cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from broadcast.cancel import cancel
from broadcast.compose import NO_TEXT
from broadcast.models import Broadcast, Recording, Village
from broadcast.publish import publish
from people.models import User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Village:
    return make.gateway(make.village(name="삼계마을")).village


def sent(*villages: Village, category: str = "life", by: User | None = None, **fields: object) -> Broadcast:
    by = by or make.city_operator()
    return publish(make.draft(by, villages, category, **fields).pk, by)


def page_of(client: Client, village: Village, **asked: str) -> str:
    answer = client.get(f"/broadcast/listen/{village.pk}/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def sound_of(broadcast: Broadcast) -> str:
    return f"/broadcast/listen/sound/{broadcast.pk}/"


def test_what_was_said_is_read_and_heard_without_signing_in(client: Client, village: Village) -> None:
    chief = make.chief(village, name="예시 이장")
    about = sent(village, by=chief, text="내일 <청소>를 합니다.")
    page = page_of(client, village)
    assert "내일 &lt;청소&gt;를 합니다." in page
    assert "삼계마을 이장" in page
    assert "예시 이장" not in page
    assert "생활정보" in page
    assert f'src="{sound_of(about)}"' in page
    answer = client.get(sound_of(about))
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
    assert answer.content == make.mp3()


def test_one_can_wind_back(client: Client, village: Village) -> None:
    about = sent(village)
    answer = client.get(sound_of(about), headers={"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert answer.content == make.mp3()[100:200]
    assert answer["Content-Range"] == f"bytes 100-199/{len(make.mp3())}"


@pytest.mark.parametrize("category", ["missing", "test"])
def test_what_names_somebody_and_link_tests_are_nowhere(
    client: Client, village: Village, category: str
) -> None:
    about = sent(village, category=category, text="예시 어르신을 찾습니다")
    assert "예시 어르신" not in page_of(client, village)
    assert "예시 어르신" not in client.get(f"/broadcast/listen/{village.pk}/feed/").content.decode()
    assert client.get(f"/broadcast/listen/{village.pk}/fresh/?since=0").status_code == 204
    assert client.get(sound_of(about)).status_code == 404


def test_a_correction_of_what_is_hidden_does_not_show_it(client: Client, village: Village) -> None:
    hidden = sent(village, category="missing", text="예시 어르신을 찾습니다")
    sent(village, text="찾았습니다", corrects=hidden)
    page = page_of(client, village)
    assert "바로잡았습니다" not in page
    assert str(hidden.pk) not in page


def test_a_draft_and_what_is_old_are_not_there(client: Client, village: Village, settings) -> None:
    draft = make.draft(make.city_operator(), [village], text="아직 안 보낸 글")
    old = sent(village, text="오래된 글")
    past = timezone.now() - timedelta(days=settings.REPLAY_DAYS, minutes=1)
    Broadcast.objects.filter(pk=old.pk).update(published_at=past)
    page = page_of(client, village)
    assert "아직 안 보낸 글" not in page
    assert "오래된 글" not in page
    for each in (draft, old):
        assert client.get(sound_of(each)).status_code == 404
    settings.REPLAY_DAYS += 1
    assert "오래된 글" in page_of(client, village)


def test_other_villages_have_their_own(client: Client, village: Village) -> None:
    sent(make.gateway().village, text="남의 마을 소식")
    assert "남의 마을 소식" not in page_of(client, village)


def test_urgent_ones_stand_first_for_some_days(client: Client, village: Village) -> None:
    fire = sent(village, category="wildfire", text="산불 소식")
    sent(village, text="나중에 온 소식")
    page = page_of(client, village)
    assert page.index("산불 소식") < page.index("나중에 온 소식")
    assert "heard-urgent" in page
    Broadcast.objects.filter(pk=fire.pk).update(published_at=timezone.now() - timedelta(days=4))
    page = page_of(client, village)
    assert page.index("산불 소식") > page.index("나중에 온 소식")
    assert "heard-urgent" not in page
    assert "heard-mark" in page


def test_what_was_taken_back_says_so_and_is_silent(client: Client, village: Village) -> None:
    about = sent(village, category="wildfire", text="틀린 소식")
    cancel(about.pk, about.author, "잘못 보냄")
    page = page_of(client, village)
    assert "취소된 방송입니다" in page
    assert "heard-urgent" not in page
    assert "<audio" not in page
    assert client.get(sound_of(about)).status_code == 404


def test_a_correction_and_what_it_corrects_point_at_each_other(client: Client, village: Village) -> None:
    first = sent(village, text="열 시에 모입니다")
    second = sent(village, text="열한 시에 모입니다", corrects=first)
    page = page_of(client, village)
    assert f'href="#b-{second.pk}"' in page
    assert "나간 방송을 바로잡았습니다" in page
    cancel(second.pk, second.author, "아님")
    assert f'href="#b-{second.pk}"' not in page_of(client, village)


def test_a_voice_whose_sound_is_gone_is_text_only(client: Client, village: Village) -> None:
    about = sent(village, text="글은 남습니다")
    about.recording.file.delete()
    page = page_of(client, village)
    assert "글은 남습니다" in page
    assert "소리는 없고 글만 있습니다" in page
    assert "<audio" not in page
    assert client.get(sound_of(about)).status_code == 404


def test_a_voice_without_text_says_so(client: Client, village: Village) -> None:
    sent(village, text=NO_TEXT)
    page = page_of(client, village)
    assert "아직 글로 적지 않았습니다" in page
    assert "<audio" in page


def test_silence_is_not_offered(client: Client, village: Village) -> None:
    about = sent(village)
    Recording.objects.filter(pk=about.recording_id).update(source="silence")
    assert "<audio" not in page_of(client, village)
    assert client.get(sound_of(about)).status_code == 404


def test_news_come_while_the_page_is_open_and_are_said_once(client: Client, village: Village) -> None:
    sent(village, text="있던 소식")
    page = page_of(client, village)
    poll = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(poll).status_code == 204
    fire = sent(village, category="wildfire", text="산불이 났습니다")
    first = client.get(poll)
    assert first.status_code == 200
    assert "산불이 났습니다" in first.content.decode()
    assert "있던 소식" not in first.content.decode()
    assert "alert-error" in first.content.decode()
    again = first.content.decode().split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(again).status_code == 204
    cancel(fire.pk, fire.author, "아님")
    assert "취소된 방송입니다" in client.get(again).content.decode()


@pytest.mark.parametrize(
    "asked",
    ["", "since=x", "since=-1", f"since={'9' * 40}", f"since=1&known={'a' * 401}", "since=1&told=%00"],
)
def test_a_poll_that_makes_no_sense(client: Client, village: Village, asked: str) -> None:
    assert client.get(f"/broadcast/listen/{village.pk}/fresh/?{asked}").status_code == 404


@pytest.mark.parametrize("since", ["0", "100000000000000"])
def test_a_poll_from_the_edges_of_time(client: Client, village: Village, since: str) -> None:
    assert client.get(f"/broadcast/listen/{village.pk}/fresh/?since={since}").status_code == 204


def test_the_feed_is_atom(client: Client, village: Village) -> None:
    sent(village, category="wildfire", text="산불 \x0b소식")
    answer = client.get(f"/broadcast/listen/{village.pk}/feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    tree = etree.fromstring(answer.content)
    [entry] = tree.findall("{http://www.w3.org/2005/Atom}entry")
    assert entry.findtext("{http://www.w3.org/2005/Atom}title") == "[긴급] 산불"
    assert entry.findtext("{http://www.w3.org/2005/Atom}summary") == "산불 소식"


# What they cost, and who may keep them.


def test_answers_are_kept_for_a_moment_and_never_with_a_session(client: Client, village: Village) -> None:
    about = sent(village)
    pages = ["/broadcast/listen/", f"/broadcast/listen/{village.pk}/", sound_of(about)]
    for page in pages:
        answer = client.get(page)
        assert "public" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]
        assert not answer.cookies
    make.signed_in(client, make.clerk())
    for page in pages[:2]:
        assert "no-store" in client.get(page)["Cache-Control"]


def test_the_same_number_of_questions_for_one_broadcast_and_for_thirty(
    client: Client, village: Village
) -> None:
    addresses = {
        "/broadcast/listen/": 1,
        "/broadcast/listen/?q=마을": 2,
        f"/broadcast/listen/in/{village.district_id}/": 2,
        f"/broadcast/listen/{village.pk}/": 8,
        f"/broadcast/listen/{village.pk}/fresh/?since=0": 2,
        f"/broadcast/listen/{village.pk}/feed/": 7,
    }
    counts: dict[str, list[int]] = {address: [] for address in addresses}
    last = sent(village)
    for more in (1, 2, 27):
        for _ in range(more):
            make.village()
            last = sent(village, by=make.clerk(), corrects=last)
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts[address].append(len(asked))
    assert counts == {address: [n] * 3 for address, n in addresses.items()}


def test_older_ones_stand_on_further_pages(client: Client, village: Village) -> None:
    for n in range(21):
        sent(village, text=f"소식 {n}번")
    assert "소식 0번" not in page_of(client, village)
    last = page_of(client, village, page="2")
    assert "소식 0번" in last
    assert "hx-get" not in last
    assert client.get(f"/broadcast/listen/{village.pk}/?page=nine").status_code == 200


def test_no_name_and_no_number_of_anybody(client: Client, village: Village) -> None:
    author = make.clerk(name="예시 직원")
    sent(village, by=author)
    for page in (
        "/broadcast/listen/",
        f"/broadcast/listen/{village.pk}/",
        f"/broadcast/listen/{village.pk}/feed/",
    ):
        text = client.get(page).content.decode()
        assert "예시 직원" not in text
        assert author.username not in text
        assert str(author.pk) not in text
