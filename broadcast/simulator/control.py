"""The simulator's own API, for tests, benchmarks and demonstrations. JSON both ways.

| request | what |
|---|---|
| GET /_control/ | behaviour; how many gateways, arrivals {broadcast: n}, unsent receipts, answers {result: n} |
| POST /_control/behaviour | any fields of Behaviour; answers all of them |
| GET /_control/gateways | {code: link, quirk, delay, clock_offset}, as settled |
| POST /_control/gateways/<code> | the same fields for one box, until the next such request; {} : like the others |
| POST /_control/gateways/<code>/keys | {"2": "<64 hex digits>"}: the box's live keys from now on |
| POST /_control/gateways/<code>/reboot | the power goes and comes back |
| GET /_control/plays[?broadcast=ID] | {"plays": [{gateway, delivery, broadcast, accepted_at, started_at, …}]} |
| GET /_control/arrivals?broadcast=ID | {"arrivals": {code: Unix seconds at which the box accepted}} |
| POST /_control/reset | all boxes as new; behaviour stays |
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .box import Box
from .city import City
from .commands import read
from .server import Request

Answer = tuple[int, Any]


def control(city: City, request: Request) -> Answer:
    """(status, body)."""
    url = urlsplit(request.path)
    query = {name: values[-1] for name, values in parse_qs(url.query).items()}
    _, _, *words = url.path.rstrip("/").split("/")
    try:
        if words[:1] == ["gateways"] and len(words) > 1:
            return _one(city, request, unquote(words[1]), words[2:])
        deed = DEEDS.get((request.method, *words))
        if deed is None:
            return 404, {"error": "no such control"}
        return 200, deed(city, read(request.body or b"{}"), query)
    except (ValueError, TypeError) as error:
        return 400, {"error": str(error)}


def _one(city: City, request: Request, code: str, deed: list[str]) -> Answer:
    box = city.boxes.get(code)
    if box is None or request.method != "POST" or deed not in ([], ["keys"], ["reboot"]):
        return 404, {"error": "no such gateway or control"}
    data = read(request.body or b"{}")
    if deed == ["keys"]:
        box.keys = _keys(data)
    elif deed == ["reboot"]:
        box.reboot()
    else:
        city.override(box, data)
    return 200, _traits(box)


def _keys(data: dict[str, Any]) -> dict[int, bytes]:
    keys = {int(number): bytes.fromhex(secret) for number, secret in data.items()}
    if not keys or any(len(secret) != 32 for secret in keys.values()):
        raise ValueError("one or two keys of 32 bytes")
    return keys


def _traits(box: Box) -> dict[str, Any]:
    return {**asdict(box.traits), "keys": sorted(box.keys)}


def _summary(city: City, data: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    return {
        "behaviour": asdict(city.behaviour),
        "gateways": len(city.boxes),
        "arrivals": {broadcast: len(at) for broadcast, at in city.arrivals.items()},
        "unsent_receipts": sum(len(box.unsent) for box in city.boxes.values()),
        "answers": dict(city.reporter.results),
    }


def _behave(city: City, data: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    city.behave(replace(city.behaviour, **data))
    return asdict(city.behaviour)


def _gateways(city: City, data: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    return {code: _traits(box) for code, box in city.boxes.items()}


def _plays(city: City, data: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    return {"plays": city.plays(query.get("broadcast", ""))}


def _arrivals(city: City, data: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    return {"arrivals": city.arrivals.get(query.get("broadcast", ""), {})}


def _reset(city: City, data: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    city.reset()
    return {}


DEEDS: dict[tuple[str, ...], Callable[[City, dict[str, Any], dict[str, str]], dict[str, Any]]] = {
    ("GET",): _summary,
    ("POST", "behaviour"): _behave,
    ("GET", "gateways"): _gateways,
    ("GET", "plays"): _plays,
    ("GET", "arrivals"): _arrivals,
    ("POST", "reset"): _reset,
}
