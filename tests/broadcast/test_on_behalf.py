"""A correction says what it corrects; an office speaks for a chief and says so."""

import pytest
from django.test import Client
from django.utils import timezone

from broadcast.models import Broadcast, ChiefPost
from broadcast.on_behalf import posts_for
from broadcast.publish import publish
from broadcast.states import State
from people.models import Message, User
from tests import make

pytestmark = pytest.mark.django_db


def chief_of(village: object, phone: str = "") -> ChiefPost:
    user = make.chief(village, phone=phone)
    return ChiefPost.objects.get(user=user)


def written(client: Client, **fields: object) -> Broadcast:
    """Written and sent as a person does it."""
    data = {"where": "all", "category": "life", "text": "내일 청소를 합니다.", **fields}
    answer = client.post("/broadcast/new/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    review = answer["Location"]
    stop = {"stop_former": "1"} if "corrects" in fields else {}
    draft = Broadcast.objects.get(pk=review.split("/")[2])
    client.post(review, {"send": "1", "category": draft.category, "text": draft.text, **stop})
    draft.refresh_from_db()
    return draft


def test_for_whom_an_office_may_speak() -> None:
    here, there = chief_of(make.village()), chief_of(make.village(make.district("금산면")))
    former = chief_of(make.village())
    ChiefPost.objects.filter(pk=former.pk).update(
        revoked_at=timezone.now(), revoked_by=make.user(), revoked_reason="임기 끝"
    )
    assert list(posts_for(make.clerk())) == [here]
    assert set(posts_for(make.city_operator())) == {here, there}
    assert not posts_for(here.user)
    assert not posts_for(make.user())


def test_an_office_speaks_for_a_chief_to_their_village_only(client: Client) -> None:
    village, other = make.gateway().village, make.gateway().village
    post = chief_of(village, "+821012345678")
    make.signed_in(client, make.clerk())
    assert f"?on_behalf_of={post.pk}" in client.get("/broadcast/").content.decode()
    page = client.get("/broadcast/new/", {"on_behalf_of": post.pk}).content.decode()
    assert "이장을 대신해 방송합니다" in page
    assert other.name not in page
    sent = written(client, on_behalf_of=post.pk, villages=[other.pk], where="some")
    assert list(sent.villages.all()) == [village]
    assert sent.on_behalf_of == post
    words = f"문산읍 직원 ({village.name} 이장 대신)"
    assert words in client.get(f"/broadcast/{sent.pk}/").content.decode()
    assert words in client.get("/broadcast/history/").content.decode()
    message = Message.objects.get(template="on_behalf")
    assert message.to == "+821012345678"
    assert f"이장님 대신 {village.name}에 방송했습니다. 보낸 곳: 문산읍 직원" in message.text
    publish(sent.pk, sent.author)
    assert Message.objects.filter(template="on_behalf").count() == 1


def test_a_chief_without_a_phone_is_spoken_for_all_the_same(client: Client) -> None:
    post = chief_of(make.gateway().village)
    make.signed_in(client, make.clerk())
    assert written(client, on_behalf_of=post.pk).published_at
    assert not Message.objects.exists()


@pytest.mark.parametrize("who", ["chief", "other clerk", "the chief themselves"])
def test_nobody_else_speaks_for_a_chief(client: Client, who: str) -> None:
    village = make.gateway().village
    post = chief_of(village)
    user: User = {
        "chief": lambda: make.chief(village),
        "other clerk": lambda: make.clerk(
            make.gateway(make.village(make.district("금산면"))).village.district
        ),
        "the chief themselves": lambda: post.user,
    }[who]()
    make.signed_in(client, user)
    assert client.get("/broadcast/new/", {"on_behalf_of": post.pk}).status_code == 404
    fields = {"where": "all", "category": "life", "text": "청소", "on_behalf_of": post.pk}
    answer = client.post("/broadcast/new/", fields)
    assert answer.status_code == 422
    assert "이 이장을 대신할 수 없습니다." in answer.content.decode()
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize("odd", ["x", "9" * 400, "-1", "\u0663", ""])
def test_an_odd_chief_in_the_address(client: Client, odd: str) -> None:
    make.signed_in(client, make.clerk(make.gateway().village.district))
    assert client.get("/broadcast/new/", {"on_behalf_of": odd}).status_code in (200, 404)


def test_a_correction_starts_from_what_was_wrong_and_both_tell_of_each_other(client: Client) -> None:
    here, there = make.gateway().village, make.gateway().village
    clerk = make.clerk()
    wrong = publish(make.draft(clerk, [here], "event", text="모레 모입니다.").pk, clerk)
    make.signed_in(client, clerk)
    assert f"?corrects={wrong.pk}" in client.get(f"/broadcast/{wrong.pk}/").content.decode()
    page = client.get("/broadcast/new/", {"corrects": wrong.pk})
    assert page.context["form"].initial["villages"] == [here.pk]
    assert page.context["form"].initial["category"] == "event"
    assert "앞선 방송을 바로잡습니다." in page.content.decode()
    right = written(client, corrects=wrong.pk, where="some", villages=[here.pk], category="event")
    assert (right.corrects, list(right.villages.all())) == (wrong, [here])
    wrong.refresh_from_db()
    assert wrong.cancelled_by == clerk
    assert wrong.deliveries.get().state == State.CANCELLED
    assert f"/broadcast/{right.pk}/" in client.get(f"/broadcast/{wrong.pk}/").content.decode()
    assert f"/broadcast/{wrong.pk}/" in client.get(f"/broadcast/{right.pk}/").content.decode()
    history = client.get("/broadcast/history/").content.decode()
    assert "바로잡는 방송" in history
    assert "멈춘 방송" in history
    assert there.name not in history


def test_the_former_goes_on_if_nobody_wants_it_stopped(client: Client) -> None:
    clerk = make.clerk()
    wrong = make.published_to([make.gateway().village], clerk)
    make.signed_in(client, clerk)
    draft = make.draft(clerk, list(wrong.villages.all()), corrects=wrong)
    client.post(f"/broadcast/{draft.pk}/review/", {"send": "1", "category": "life", "text": draft.text})
    wrong.refresh_from_db()
    assert wrong.cancelled_at is None
    assert Broadcast.objects.get(pk=draft.pk).published_at


def test_only_ones_own_is_corrected_and_the_city_all(client: Client) -> None:
    village = make.gateway().village
    wrong = make.published_to([village], make.chief(village))
    make.signed_in(client, make.clerk())
    assert "바로잡기" not in client.get(f"/broadcast/{wrong.pk}/").content.decode()
    assert client.get("/broadcast/new/", {"corrects": wrong.pk}).status_code == 404
    fields = {"where": "all", "category": "life", "text": "청소", "corrects": wrong.pk}
    assert client.post("/broadcast/new/", fields).status_code == 422
    make.signed_in(client, make.city_operator())
    assert client.get("/broadcast/new/", {"corrects": wrong.pk}).status_code == 200


def test_a_draft_made_anew_still_corrects(client: Client) -> None:
    clerk = make.clerk()
    wrong = make.published_to([make.gateway().village], clerk)
    draft = make.draft(clerk, list(wrong.villages.all()), corrects=wrong)
    make.signed_in(client, clerk)
    page = client.get("/broadcast/new/", {"instead": draft.pk}).content.decode()
    assert f'name="corrects" value="{wrong.pk}"' in page


def test_stopping_by_the_page(client: Client) -> None:
    village = make.gateway().village
    chief = make.chief(village)
    sent = make.published_to([village], chief)
    page = f"/broadcast/{sent.pk}/"
    for stranger in (make.clerk(), make.chief(village)):
        make.signed_in(client, stranger)
        assert "멈추기" not in client.get(page).content.decode()
        assert client.get(f"{page}stop/").status_code == 404
        assert client.post(f"{page}stop/", {"chosen": "상황이 끝났습니다."}).status_code == 404
    make.signed_in(client, chief)
    assert f"{page}stop/" in client.get(page).content.decode()
    for wrong in ({}, {"chosen": "other"}, {"chosen": "odd"}, {"chosen": "other", "typed": "가" * 201}):
        assert client.post(f"{page}stop/", wrong).status_code == 422
    assert Broadcast.objects.get(pk=sent.pk).cancelled_at is None
    client.post(f"{page}stop/", {"chosen": "other", "typed": "날짜가 틀렸습니다"})
    text = client.get(page).content.decode()
    assert "까닭: 날짜가 틀렸습니다" in text
    assert "1곳 중 0곳 방송함, 1곳 멈춤" in text
    assert "다시 보내기" not in text
    assert client.get(f"{page}stop/").status_code == 302
    client.post(f"{page}stop/", {"chosen": "상황이 끝났습니다."})
    assert Broadcast.objects.get(pk=sent.pk).cancelled_reason == "날짜가 틀렸습니다"


def test_a_correction_that_waits_for_somebody_silences_nothing_yet(client: Client) -> None:
    make.gateway()
    author = make.city_operator()
    make.signed_in(client, author)
    former = written(client)
    make.sending_rule(category="life")
    correction = written(client, corrects=former.pk)
    assert correction.submitted_at
    former.refresh_from_db()
    assert former.cancelled_at is None
    page = client.get(f"/broadcast/{correction.pk}/", follow=True).content.decode()
    assert "앞선 방송은 아직 멈추지 않았습니다" in page
