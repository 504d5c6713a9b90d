"""Every page of the broadcast: who may open it, what it says, and how many questions it asks the database."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcast.cancel import cancel
from broadcast.compose import NO_TEXT
from broadcast.models import Broadcast, ChiefPost, Receipt
from broadcast.publish import publish
from broadcast.states import State
from people.models import RoleGrant, User
from tests import make

pytestmark = pytest.mark.django_db

AWAY = "http://127.0.0.1:9"
#: Of one broadcast: (method, address).
OF_ONE = [
    ("get", "/broadcast/{pk}/"),
    ("get", "/broadcast/{pk}/live/"),
    ("get", "/broadcast/{pk}/receipts/"),
    ("get", "/broadcast/{pk}/review/"),
    ("post", "/broadcast/{pk}/review/"),
    ("post", "/broadcast/{pk}/resend/"),
    ("post", "/broadcast/{pk}/text/"),
    ("post", "/broadcast/{pk}/throw-away/"),
    ("get", "/broadcast/recordings/{recording}/audio/"),
]
OF_ALL = ["/broadcast/", "/broadcast/new/", "/broadcast/history/", "/broadcast/map/"]


def ask(client: Client, method: str, address: str, about: Broadcast) -> HttpResponse:
    return getattr(client, method)(address.format(pk=about.pk, recording=about.recording_id))


def sent_to(*villages: object, by: User, category: str = "life", **fields: object) -> Broadcast:
    return publish(make.draft(by, villages, category, **fields).pk, by)  # type: ignore[arg-type]


@pytest.mark.parametrize(("method", "address"), OF_ONE)
@pytest.mark.parametrize("is_sent", [True, False])
def test_others_find_nothing(client: Client, method: str, address: str, is_sent: bool) -> None:
    here, there = make.gateway().village, make.gateway(make.village(make.district("금산면"))).village
    chief = make.chief(here)
    about = make.draft(chief, [here])
    if is_sent:
        publish(about.pk, chief)
    before = Broadcast.objects.values().get(pk=about.pk)
    for stranger in (make.chief(there), make.clerk(make.district("금산면")), make.user()):
        make.signed_in(client, stranger)
        assert ask(client, method, address, about).status_code in (403, 404)
    assert Broadcast.objects.values().get(pk=about.pk) == before
    client.logout()
    answer = ask(client, method, address, about)
    assert answer.status_code == 302
    assert "/people/sign-in/?next=/broadcast/" in answer["Location"]


@pytest.mark.parametrize(("method", "address"), OF_ONE)
def test_a_draft_is_its_authors_alone(client: Client, method: str, address: str) -> None:
    here = make.gateway().village
    draft = make.draft(make.chief(here), [here])
    for other in (make.chief(here), make.clerk(), make.city_operator()):
        make.signed_in(client, other)
        assert ask(client, method, address, draft).status_code in (403, 404)
    assert Broadcast.objects.get(pk=draft.pk).published_at is None


@pytest.mark.parametrize("page", OF_ALL)
def test_nobody_sees_a_page_without_signing_in(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"] == f"/people/sign-in/?next={page}"


def test_who_has_no_village_is_told_what_to_do(client: Client) -> None:
    make.signed_in(client, make.user())
    answer = client.get("/broadcast/new/")
    assert answer.status_code == 403
    assert "이장 등록" in answer.content.decode()


def test_a_post_that_ended_opens_nothing_more(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    about = sent_to(here, by=make.clerk())
    make.signed_in(client, chief)
    assert client.get(f"/broadcast/{about.pk}/").status_code == 200
    ChiefPost.objects.filter(user=chief).update(
        revoked_at=timezone.now(), revoked_by=make.user(), revoked_reason="임기 끝"
    )
    assert client.get(f"/broadcast/{about.pk}/").status_code == 404
    assert client.get("/broadcast/new/").status_code == 403


def test_a_chief_starts_at_the_microphone_and_an_office_at_the_board(client: Client) -> None:
    make.signed_in(client, make.chief())
    assert client.get("/broadcast/")["Location"] == "/broadcast/new/"
    make.signed_in(client, make.clerk())
    assert "방송하기" in client.get("/broadcast/").content.decode()
    make.signed_in(client, officer := make.user())
    RoleGrant.objects.create(user=officer, role=RoleGrant.Role.PRIVACY_OFFICER, reason="시험")
    assert client.get("/broadcast/")["Location"] == "/people/me/"


def test_pages_for_offices_only(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    about = sent_to(here, by=chief)
    make.signed_in(client, chief)
    assert client.get("/broadcast/map/").status_code == 403
    assert client.get(f"/broadcast/{about.pk}/receipts/").status_code == 403
    make.signed_in(client, make.clerk())
    assert client.get("/broadcast/map/").status_code == 200
    assert client.get(f"/broadcast/{about.pk}/receipts/").status_code == 200


def test_a_chief_sees_their_own_village_of_a_city_wide_broadcast(client: Client) -> None:
    here, there = make.gateway().village, make.gateway(make.village(make.district("금산면"))).village
    about = sent_to(here, there, by=make.city_operator())
    make.signed_in(client, make.chief(here))
    page = client.get(f"/broadcast/{about.pk}/").content.decode()
    assert "1곳 중 0곳 방송함" in page
    assert there.name not in page


def test_what_went_wrong_is_said_with_what_to_do(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    about = sent_to(here, by=chief)
    about.deliveries.update(state=State.FAILED, reason="speaker", ended_at=timezone.now())
    make.signed_in(client, chief)
    page = client.get(f"/broadcast/{about.pk}/").content.decode()
    assert "스피커 고장입니다. 수리를 요청해 주세요." in page
    assert "못 한 1곳에 다시 보내기" in page
    assert "hx-get" not in page
    client.post(f"/broadcast/{about.pk}/resend/")
    assert about.deliveries.get().state == State.WAITING
    page = client.get(f"/broadcast/{about.pk}/").content.decode()
    assert "다시 보내기" not in page
    assert "hx-get" in page


def test_the_live_part_says_when_to_stop(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    about = sent_to(here, by=chief)
    make.signed_in(client, chief)
    live = f"/broadcast/{about.pk}/live/"
    assert client.get(live).status_code == 200
    about.deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    last = client.get(live)
    assert last.status_code == 286
    assert "1곳 중 1곳 방송함" in last.content.decode()
    assert "모두 방송했습니다." in last.content.decode()


def test_a_voice_s_text_can_be_written_once_after_sending(client: Client) -> None:
    here = make.gateway().village
    chief = make.chief(here)
    about = sent_to(here, by=chief, text=NO_TEXT)
    make.signed_in(client, chief)
    page = f"/broadcast/{about.pk}/"
    assert client.post(f"{page}text/", {"text": " "}).status_code == 422
    assert "글 남기기" in client.get(page).content.decode()
    client.post(f"{page}text/", {"text": "청소를 합니다."})
    client.post(f"{page}text/", {"text": "다른 말"})
    text = client.get(page).content.decode()
    assert "청소를 합니다." in text
    assert "글 남기기" not in text
    assert "다른 말" not in text


def test_the_history_filters(client: Client) -> None:
    here, there = make.gateway().village, make.gateway(make.village(make.district("금산면"))).village
    operator = make.city_operator()
    fire = sent_to(here, by=operator, category="wildfire", text="산불입니다")
    fire.deliveries.update(state=State.UNREACHED)
    feast = sent_to(there, by=make.clerk(make.district("금산면")), category="event", text="잔치입니다")
    feast.deliveries.update(state=State.PLAYED)
    make.signed_in(client, operator)
    today = timezone.localdate().isoformat()

    def found(**filters: str) -> tuple[bool, bool]:
        page = client.get("/broadcast/history/", filters).content.decode()
        return "산불입니다" in page, "잔치입니다" in page

    assert found() == (True, True)
    assert found(category="wildfire") == (True, False)
    assert found(state="trouble") == (True, False)
    assert found(state="done") == (False, True)
    assert found(state="going") == (False, False)
    assert found(district=there.district_id) == (False, True)
    assert found(state="unknown") == found(state="stopped") == (False, False)
    fire.deliveries.update(state=State.UNKNOWN)
    cancel(feast.pk, operator, "잘못")
    feast.deliveries.update(state=State.STOPPED)
    assert found(state="unknown") == (True, False)
    assert found(state="stopped") == (False, True)
    assert found(state="trouble") == found(state="done") == (False, False)
    assert found(mine="on") == (True, False)
    assert found(since=today, until=today) == (True, True)
    assert found(until="2020-01-31") == (False, False)


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"since": "어제"}, "날짜를 2026-01-31처럼 적어 주세요."),
        ({"since": "2026-02-31"}, "날짜를 2026-01-31처럼 적어 주세요."),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "끝 날짜가 시작 날짜보다 빠릅니다."),
        ({"category": "nothing"}, "없는 종류입니다."),
        ({"state": "nothing"}, "없는 상태입니다."),
        ({"district": "x' OR 1=1"}, "볼 수 없는 읍면동입니다."),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_kept(client: Client, filters: dict, words: str) -> None:
    make.signed_in(client, make.city_operator())
    answer = client.get("/broadcast/history/", filters)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    if "since" in filters:
        assert filters["since"] in answer.content.decode()


def test_a_clerk_cannot_filter_by_another_office(client: Client) -> None:
    make.village(make.district("금산면"))
    make.signed_in(client, make.clerk(make.district("문산읍")))
    assert client.get("/broadcast/history/", {"district": make.district("금산면").pk}).status_code == 422


def test_receipts_by_state(client: Client) -> None:
    operator = make.city_operator()
    boxes = [make.gateway() for _ in range(3)]
    about = sent_to(*[box.village for box in boxes], by=operator)
    lost = about.deliveries.get(gateway=boxes[0])
    lost.state, lost.reason = State.UNREACHED, "no_answer"
    lost.save()
    make.signed_in(client, operator)
    page = client.get(f"/broadcast/{about.pk}/receipts/", {"state": "trouble"}).content.decode()
    assert boxes[0].code in page
    assert boxes[1].code not in page
    assert "장비가 대답하지 않습니다." in page
    about.deliveries.filter(gateway=boxes[1]).update(state=State.UNKNOWN)
    about.deliveries.filter(gateway=boxes[2]).update(state=State.CANCELLED)
    for state, box in (("trouble", 0), ("unknown", 1), ("stopped", 2)):
        rows = client.get(f"/broadcast/{about.pk}/receipts/", {"state": state}).context["page"]
        assert [row.gateway for row in rows] == [boxes[box]]
    assert client.get(f"/broadcast/{about.pk}/receipts/", {"state": "odd"}).status_code == 422
    assert client.get(f"/broadcast/{about.pk}/receipts/", {"page": "nine"}).status_code == 200


def test_the_map_tells_which_speakers_are_silent(client: Client) -> None:
    make.gateway(seen_at=timezone.now())
    silent = make.gateway()
    make.signed_in(client, make.clerk())
    page = client.get("/broadcast/map/").content.decode()
    assert "스피커 2대 중 <strong>1대</strong>" in page
    assert "연결 안 됨" in page
    assert silent.code in page


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        (None, 200, slice(None)),
        ("bytes=0-1", 206, slice(0, 2)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-100", 206, slice(-100, None)),
        ("bytes=0-99999999", 206, slice(None)),
        ("bytes=99999999-", 416, None),
        ("bytes=5-2", 416, None),
        ("bytes=-", 416, None),
        (f"bytes={'9' * 5000}-", 200, slice(None)),
        (f"bytes=-{'9' * 5000}", 200, slice(None)),
        ("bytes=\u0663-", 200, slice(None)),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("pages=1-2", 200, slice(None)),
    ],
)
def test_the_sound_comes_in_parts(client: Client, asked: str | None, status: int, part: slice | None) -> None:
    author = make.city_operator()
    recording = make.recording(author)
    make.signed_in(client, author)
    headers = {"Range": asked} if asked else {}
    answer = client.get(f"/broadcast/recordings/{recording.pk}/audio/", headers=headers)
    assert answer.status_code == status
    assert answer["Accept-Ranges"] == "bytes"
    if part is not None:
        assert answer.content == make.mp3()[part]
        assert answer["Content-Type"] == "audio/mpeg"


def test_a_voice_that_was_erased_is_not_found(client: Client) -> None:
    author = make.city_operator()
    recording = make.recording(author)
    recording.file.delete()
    make.signed_in(client, author)
    assert client.get(f"/broadcast/recordings/{recording.pk}/audio/").status_code == 404


def test_unknown_ids_are_not_found(client: Client) -> None:
    make.signed_in(client, make.city_operator())
    for address in ("{}/", "{}/live/", "{}/review/", "{}/receipts/", "recordings/{}/audio/"):
        assert client.get(f"/broadcast/{address.format(uuid.uuid4())}").status_code == 404


PAGES: dict[str, Callable[[Broadcast], str]] = {
    "board": lambda about: "/broadcast/",
    "new": lambda about: "/broadcast/new/",
    "status": lambda about: f"/broadcast/{about.pk}/",
    "live": lambda about: f"/broadcast/{about.pk}/live/",
    "receipts": lambda about: f"/broadcast/{about.pk}/receipts/",
    "history": lambda about: "/broadcast/history/",
    "map": lambda about: "/broadcast/map/",
}
#: Three of each are the session, the user and their roles.
QUERIES = {"board": 12, "new": 5, "status": 10, "live": 5, "receipts": 11, "history": 10, "map": 4}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_same_number_of_questions_for_one_village_and_for_thirty(
    client: Client, page: str
) -> None:
    operator = make.city_operator()
    make.signed_in(client, operator)
    counts = []
    for villages in (1, 3, 30):
        about = sent_to(*[make.gateway().village for _ in range(villages)], by=operator)
        make.published([AWAY], by=make.clerk())
        for delivery in about.deliveries.all():
            Receipt.objects.create(delivery=delivery, state="accepted", said_at=timezone.now(), counted=True)
        address = PAGES[page](about)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts == [QUERIES[page]] * 3


def test_the_review_asks_the_same_number_of_questions_for_one_village_and_for_thirty(
    client: Client, django_assert_num_queries: Callable
) -> None:
    operator = make.city_operator()
    make.signed_in(client, operator)
    for villages in (1, 3, 30):
        draft = make.draft(operator, [make.gateway().village for _ in range(villages)])
        client.get(f"/broadcast/{draft.pk}/review/")
        with django_assert_num_queries(8):
            assert client.get(f"/broadcast/{draft.pk}/review/").status_code == 200
