"""What a feed lists: Atom (RFC 4287) or RSS 2.0, as alerts that stand in it or links to them. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, tostring

from .message import NAMESPACE
from .reading import tree_of
from .refused import Refused

ATOM = "{http://www.w3.org/2005/Atom}"
CAP_TYPES = ("application/cap+xml", "application/common-alerting-protocol+xml")
#: The newest that are looked at.
MOST_ENTRIES = 50


@dataclass(frozen=True)
class Entry:
    """`xml`: the alert itself, or else `link`: where it is. `mark`: another one if the entry has changed."""

    mark: str
    link: str = ""
    xml: bytes = b""


def entries_of(data: bytes, feed: str) -> list[Entry]:
    """Oldest first, as an Update comes after its alert. Raises Refused.

    Links lead to the feed's own host only: a feed cannot make the portal ask a machine inside the house.
    """
    root, _ = tree_of(data)
    if root.tag == f"{{{NAMESPACE}}}alert":
        return [Entry("", xml=data)]
    of_one: Callable[[Element], tuple[str, list[str]]]
    if root.tag == f"{ATOM}feed":
        items, of_one = root.findall(f"{ATOM}entry"), _of_atom
    elif root.tag == "rss":
        items, of_one = root.findall("channel/item"), _of_rss
    else:
        raise Refused(
            "not_a_feed",
            "Atom이나 RSS가 아닙니다. 주소를 확인해 주세요.",
            "neither Atom nor RSS nor an alert",
        )
    found = []
    for item in items[:MOST_ENTRIES]:
        alert = next(item.iter(f"{{{NAMESPACE}}}alert"), None)
        mark, links = of_one(item)
        if alert is not None:
            found.append(Entry(mark, xml=tostring(alert, encoding="utf-8")))
        elif link := next((url for url in (urljoin(feed, each) for each in links) if _is_at(url, feed)), ""):
            found.append(Entry(f"{link} {mark}", link=link))
    return found[::-1]


def _of_atom(entry: Element) -> tuple[str, list[str]]:
    links = [
        link for link in entry.findall(f"{ATOM}link") if link.get("rel") in (None, "alternate", "enclosure")
    ]
    links.sort(key=lambda link: link.get("type") not in CAP_TYPES)
    return _texts(entry, f"{ATOM}id", f"{ATOM}updated"), [
        link.get("href", "") for link in links if link.get("href")
    ]


def _of_rss(item: Element) -> tuple[str, list[str]]:
    enclosed = [e.get("url", "") for e in item.findall("enclosure") if e.get("type") in CAP_TYPES]
    return _texts(item, "guid", "pubDate"), [*enclosed, *_nonempty(item.findtext("link"))]


def _nonempty(text: str | None) -> Iterator[str]:
    if text and text.strip():
        yield text.strip()


def _texts(of: Element, *names: str) -> str:
    return " ".join((of.findtext(name) or "").strip() for name in names)


def _is_at(url: str, feed: str) -> bool:
    try:
        there, here = urlsplit(url), urlsplit(feed)
        return there.scheme in ("http", "https") and (there.scheme, there.netloc) == (
            here.scheme,
            here.netloc,
        )
    except ValueError:
        return False
