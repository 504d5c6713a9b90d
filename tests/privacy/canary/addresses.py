"""Every address of the portal, found by itself, and with what each is asked. One that needs something of which nobody
has thought here fails the test."""

from collections.abc import Iterator

from django.urls import URLPattern, get_resolver, reverse

from tests.learning.test_access_matrix import TABLE as LEARNING
from tests.repair.test_access_matrix import TABLE as REPAIR

from .city import City

#: Of broadcast/: address → name of what it is asked with (city.py).
BROADCAST = {
    **dict.fromkeys(("audio", "sound"), "recording"),
    **dict.fromkeys(("plan", "plan_stop"), "plan"),
    "airing_leave": "airing",
    **dict.fromkeys(("template_use", "template_reading", "template_edit"), "template"),
    "district": "district",
    **dict.fromkeys(("village", "fresh", "feed", "remember_village"), "village"),
    **dict.fromkeys(("subscribe", "subscribe_code", "subscribe_again", "noise"), "village"),
    "complaint": "complaint",
    **dict.fromkeys(("status", "live", "stop", "resend", "text", "receipts"), "sent"),
    **dict.fromkeys(("review", "throw_away", "plan_new"), "draft"),
    **dict.fromkeys(("decide", "waiting", "break_glass"), "waits"),
    "gateway": "gateway",
    **dict.fromkeys(("alert", "alert_take"), "alert"),
    **dict.fromkeys(("sending_rule", "sending_rule_move"), "sending_rule"),
    "sound_rule": "sound_rule",
}
#: Of privacy/: address → name of what it is asked with.
PRIVACY = {
    "proof": "entry",
    "withdraw_consent": "consent",
    **dict.fromkeys(("request", "withdraw_request"), "request"),
    **dict.fromkeys(("erasure", "erasure_decide"), "plan"),
    "breach": "breach",
    "review": "review",
    "notice_version": "version",
    "contractor": "processor",
    "download_check": "file",
    **dict.fromkeys(("finding", "finding_ask", "explain_one"), "finding"),
    **dict.fromkeys(
        ("breach_judge", "breach_write", "breach_approve", "breach_note", "breach_people"), "breach"
    ),
}
#: Of the rest: address → (app, name).
OTHERS = {
    "people:privacy_call": ("privacy", "call"),
    "stop_texts": ("broadcast", "token"),
    "broadcast_cap:alert": ("broadcast", "sent"),
    "broadcast_cap:cancel": ("broadcast", "sent"),
}
#: Address → why it is not asked.
NOT_ASKED = {
    "gateway:audio": "a box asks, with an address that is signed",
    "account_change_password": "of one's own password; the accounts of tests have none",
    "mfa_remove_webauthn": "of one's own passkeys",
    "mfa_edit_webauthn": "of one's own passkeys",
    "admin:view_on_site": "redirects to pages that no row has",
    "admin:None": "redirects to the page of a row, which is asked",
    "admin:app_list": "names of tables",
}


def _found(under: list, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in under:
        if isinstance(one, URLPattern):
            yield f"{prefix}{one.name}", one
        else:
            yield from _found(one.url_patterns, f"{one.namespace}:" if one.namespace else prefix)


def addresses(city: City) -> dict[str, str]:
    """Name → path. KeyError for one that nobody has thought of."""
    paths = {}
    for name, pattern in _found(get_resolver().url_patterns):
        if name in NOT_ASKED or name in paths:
            continue
        if name == "None":  # a door for programs, without a name
            paths[str(pattern.pattern)] = f"/{pattern.pattern}"
            continue
        paths[name] = reverse(name, args=_asked_with(name, pattern, city))
    return paths


def _asked_with(name: str, pattern: URLPattern, city: City) -> list[object]:
    app, _, short = name.rpartition(":")
    if app in ("repair", "learning"):
        return [city.args[app][one] for one in (REPAIR if app == "repair" else LEARNING)[short][1]]
    if not pattern.pattern.converters:
        return []
    if app == "admin":
        return [city.args["admin"][short.split("_")[1]]]
    tables = {"broadcast": BROADCAST, "privacy": PRIVACY}
    group, one = (app, tables[app][short]) if app in tables else OTHERS[name]
    return [city.args[group][one]]
