"""What this app holds about people (privacy/holdings.py): voices, and who spoke where."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from people.phones import national
from privacy import destruction, whose
from privacy.holdings import Holding, Kept, register

from .categories import SENSITIVE
from .models import Alert, Broadcast, ChiefPost, NoiseComplaint, Plan, Recording, Subscription

#: Why a post is kept although whoever had it asks to be forgotten.
POSTS_KEPT = "개인정보의 안전성 확보조치 기준 제5조 (권한 기록을 3년 보관)"
#: What the notice below promises.
VOICE_KEPT = timedelta(days=365)
#: Stands where somebody was named.
NAMES_GONE = "(사람을 찾는 방송이었습니다. 보관 기간이 지나 글을 지웠습니다)"


def erase_voice(recording: Recording) -> None:
    """The sound is destroyed once the transaction holds; the row stays without a file, because the broadcast that
    it carried stays on record as text."""
    storage, name = recording.file.storage, recording.file.name
    if not name:
        return
    recording.file, recording.size = "", 0
    recording.save(update_fields=["file", "size"])
    transaction.on_commit(lambda: storage.delete(name))


def forget_voices() -> int:
    """Destroys the sound of every broadcast that was sent, or refused, longer than VOICE_KEPT ago, and the words of
    those that named somebody. Returns how many."""
    since = timezone.now() - VOICE_KEPT
    refused = Q(published_at=None, submitted_at__lt=since)
    old = Broadcast.objects.filter(Q(published_at__lt=since) | refused)
    # What is repeated by a plan carries the same sound, and was sent last at its latest airing.
    young = Broadcast.objects.filter(Q(published_at__gte=since) | Q(planned__in=Plan.objects.going()))
    sounds = Recording.objects.filter(pk__in=old.values("recording")).exclude(
        pk__in=young.values("recording")
    )
    count = forget_names(old.exclude(pk__in=young.values("pk")))
    for recording in sounds.exclude(file=""):
        with transaction.atomic():
            destruction.time_is_over([recording], "방송한 목소리", "방송한 지 1년이 지남")
            erase_voice(recording)
        count += 1
    return count


def erase_names(broadcast: Broadcast) -> None:
    """That somebody was looked for, when and where, stays; who does not."""
    broadcast.text = NAMES_GONE
    broadcast.save(update_fields=["text"])


def forget_names(old: "QuerySet[Broadcast]") -> int:
    """The words of those that named somebody. Returns how many."""
    with transaction.atomic():
        rows = old.filter(category__in=SENSITIVE).exclude(text=NAMES_GONE)
        named = list(rows.select_for_update(of=("self",)))
        destruction.time_is_over(named, "사람을 찾는 방송의 글", "방송한 지 1년이 지남")
        for broadcast in named:
            erase_names(broadcast)
    return len(named)


def erase_alert(alert: Alert) -> None:
    """What became of it stays on record; the words that came are destroyed: an alert of a missing person names them."""
    alert.xml = ""
    alert.save(update_fields=["xml"])


def forget_alerts() -> int:
    """Destroys the words of every alert that came longer than VOICE_KEPT ago. Returns how many."""
    with transaction.atomic():
        old = Alert.objects.select_for_update(of=("self",)).exclude(xml="")
        old = old.filter(received_at__lt=timezone.now() - VOICE_KEPT)
        destruction.time_is_over(old.only("pk"), "재난 경보의 글", "받은 지 1년이 지남")
        return old.update(xml="")


def keep_post(post: ChiefPost) -> None:
    """Posts are kept for three years by law (append-only); whose they were goes with the account."""


def delete(row: Subscription | NoiseComplaint) -> None:
    row.delete()


register(
    Holding(
        model="broadcast.Recording",
        label="방송한 목소리",
        fields=("file",),
        ground="개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)",
        keeps="방송한 날부터 1년",
        export=lambda r: {
            "녹음한 때": f"{timezone.localtime(r.made_at):%Y-%m-%d %H:%M}",
            "길이": f"{r.duration:.0f}초",
        },
        erase=erase_voice,
        of=lambda person: Recording.objects.filter(made_by__phone_index=person.index).exclude(file=""),
    )
)
register(
    Holding(
        model="broadcast.Broadcast",
        label="사람을 찾는 방송의 글",
        fields=("text",),
        ground="개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)",
        keeps="방송한 날부터 1년",
        export=lambda b: {"때": f"{b.published_at:%Y-%m-%d}" if b.published_at else "", "글": b.text},
        erase=erase_names,
    )
)
register(
    Holding(
        model="broadcast.Alert",
        label="다른 기관이 보낸 재난 경보의 글",
        fields=("xml",),
        ground="개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)",
        keeps="받은 날부터 1년",
        export=lambda a: {
            "받은 때": f"{timezone.localtime(a.received_at):%Y-%m-%d %H:%M}",
            "일": a.event,
            "글": a.xml,
        },
        erase=erase_alert,
    )
)
register(
    Holding(
        model="broadcast.ChiefPost",
        label="이장 임명",
        fields=("user",),
        ground="개인정보 보호법 제15조 제1항 제3호 (공공기관의 소관 업무)",
        keeps="그만둔 날부터 3년 (개인정보의 안전성 확보조치 기준 제5조)",
        export=lambda post: {"마을": str(post.village), "맡은 때": f"{post.granted_at:%Y-%m-%d}"},
        erase=keep_post,
        of=lambda person: ChiefPost.objects.filter(user__phone_index=person.index).select_related("village"),
        kept=lambda post: Kept(POSTS_KEPT, None),
    )
)
register(
    Holding(
        model="broadcast.Subscription",
        label="방송 문자를 받는 전화번호",
        fields=("phone",),
        ground="개인정보 보호법 제15조 제1항 제1호 (동의)",
        keeps="그만 받기를 누른 날부터 30일",
        export=lambda s: {
            "휴대전화": national(s.phone),
            "마을": str(s.village),
            "신청한 때": f"{s.asked_at:%Y-%m-%d}",
        },
        erase=delete,
        of=lambda person: Subscription.objects.filter(phone_index=person.index).select_related("village"),
        phones=("phone",),
    )
)
register(
    Holding(
        model="broadcast.NoiseComplaint",
        label="방송 소음 민원",
        fields=("said", "phone"),
        ground="개인정보 보호법 제15조 제1항 제1호 (동의)",
        keeps="답한 날부터 1년",
        export=lambda c: {"내용": c.said, "연락처": national(c.phone) if c.phone else "", "답": c.answer},
        erase=delete,
        of=lambda person: NoiseComplaint.objects.filter(phone_index=person.index),
        phones=("phone",),
    )
)


@whose.register
def posts(identifiers: Collection[str]) -> Iterator[whose.Post]:
    rows = ChiefPost.objects.filter(user__username__in=identifiers).select_related("user", "village")
    for one in rows:
        yield whose.Post(one.user.username, f"{one.village} 이장", one.granted_at, one.revoked_at, "chief")
