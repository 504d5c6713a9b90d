"""What others may fetch without signing in: the alerts of the last days (Atom, RFC 4287), and each as CAP 1.2."""

from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from ..categories import CATEGORIES, Lane
from ..listeners import HIDDEN
from ..models import Broadcast, Village
from . import writing

MOST = 100
TYPE = "application/cap+xml"


def alerts() -> "QuerySet[Broadcast]":
    """What is let out, newest first: sent within REPLAY_DAYS, urgent or about the weather, and naming nobody."""
    since = timezone.now() - timedelta(days=settings.REPLAY_DAYS)
    shown = Broadcast.objects.filter(published_at__gt=since).exclude(category__in=HIDDEN)
    return shown.filter(Q(lane=Lane.URGENT) | Q(category="heat")).order_by("-published_at")


def cap_of(broadcast: Broadcast) -> bytes:
    """Three or four queries, however many villages."""
    # Those that are no longer in use count neither here nor there.
    reached = list(broadcast.villages.filter(is_active=True).select_related("district"))
    codes = {village.district_id for village in reached}
    counted = Village.objects.filter(is_active=True, district__in=codes).values("district")
    all_of = dict(counted.annotate(n=Count("pk")).order_by().values_list("district", "n"))
    districts = {village.district_id: village.district for village in reached}
    corrected = alerts().filter(pk=broadcast.corrects_id).first() if broadcast.corrects_id else None
    return writing.alert_xml(broadcast, writing.covered(reached, all_of, districts), corrected)


def atom() -> bytes:
    """One entry an alert; a second one where it was stopped and no correction stands in its place."""
    sent = Broadcast.objects.filter(published_at__isnull=False).only("pk", "corrects")
    found = list(alerts().prefetch_related(Prefetch("corrections", sent, "sent_corrections"))[:MOST])
    entries = []
    for broadcast in found:
        entries.append((broadcast.published_at, broadcast, False))
        if is_taken_back(broadcast):
            entries.append((broadcast.cancelled_at, broadcast, True))
    entries.sort(key=lambda entry: (entry[0], entry[2]), reverse=True)
    root = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    updated = entries[0][0] if entries else timezone.now()
    _head(root, address("broadcast_cap:feed"), f"{settings.CITY_NAME} 재난 경보", updated)
    SubElement(SubElement(root, "author"), "name").text = settings.CITY_NAME
    SubElement(root, "link", rel="self", href=address("broadcast_cap:feed"))
    for at, broadcast, cancelled in entries:
        entry = SubElement(root, "entry")
        name = "broadcast_cap:cancel" if cancelled else "broadcast_cap:alert"
        label = CATEGORIES[broadcast.category].label
        _head(entry, f"urn:uuid:{broadcast.pk}{':cancel' * cancelled}", f"{label}{' 취소' * cancelled}", at)
        SubElement(entry, "link", rel="alternate", type=TYPE, href=address(name, broadcast.pk))
        SubElement(entry, "summary").text = writing.plain(
            broadcast.cancelled_reason if cancelled else broadcast.text
        )
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def is_taken_back(broadcast: Broadcast) -> bool:
    """Stopped, with no correction that says so already. `sent_corrections`: as atom() fetches them."""
    return broadcast.cancelled_at is not None and not broadcast.sent_corrections  # type: ignore[attr-defined]


def address(name: str, *args: object) -> str:
    return settings.PORTAL_URL + reverse(name, args=args)


def _head(of: Element, name: str, title: str, updated: datetime | None) -> None:
    for tag, text in (("id", name), ("title", title), ("updated", timezone.localtime(updated).isoformat())):
        SubElement(of, tag).text = text
