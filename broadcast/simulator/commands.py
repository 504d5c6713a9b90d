"""Reading a command (docs/gateway-protocol.md, section 2). Pure."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MAX_AUDIO = 32 * 1024 * 1024
"""Bytes. Half an hour of MP3 at 128 kbit/s is 29 MB."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Audio:
    url: str
    size: int
    sha256: str


@dataclass(slots=True)
class Delivery:
    """A command, and what became of it. Times: Unix seconds of the machine, whatever the box's clock says."""

    id: str
    broadcast: str
    urgent: bool
    audio: Audio
    expires_at: float
    round: int = 1
    volume: float | None = None
    accepted_at: float = 0.0
    state: str = "accepted"
    reason: str = ""
    started_at: float | None = None
    ended_at: float | None = None
    times_played: int = 0
    heard_seconds: float | None = None
    heard_dbfs: float | None = None


def read(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises ValueError."""
    try:
        data = json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(data, dict):
        raise ValueError("an object expected")
    return data


def delivery(data: dict[str, Any]) -> Delivery:
    """Raises ValueError, saying which field is wrong."""
    if data.get("command") != "play":
        raise ValueError("command")
    for name in ("delivery", "broadcast", "expires_at"):
        if not isinstance(data.get(name), str) or not 1 <= len(data[name]) <= 64:
            raise ValueError(name)
    if data.get("lane") not in ("urgent", "routine"):
        raise ValueError("lane")
    expires = datetime.fromisoformat(data["expires_at"])
    if expires.tzinfo is None:
        raise ValueError("expires_at")
    return Delivery(
        id=data["delivery"],
        broadcast=data["broadcast"],
        urgent=data["lane"] == "urgent",
        audio=_audio(data.get("audio")),
        expires_at=expires.timestamp(),
        round=_round(data),
        volume=_volume(data),
    )


def stop(data: dict[str, Any]) -> Delivery | None:
    """What a box remembers of a delivery that was stopped before it came; None if the command is no `stop`.

    Raises ValueError.
    """
    if data.get("command") != "stop":
        return None
    if not isinstance(data.get("delivery"), str) or not 1 <= len(data["delivery"]) <= 64:
        raise ValueError("delivery")
    return stopped_before(data["delivery"], _round(data))


def stopped_before(id: str, again: int = 1) -> Delivery:
    return Delivery(id, "", False, Audio("", 0, ""), 0.0, again, state="stopped")


def _round(data: dict[str, Any]) -> int:
    again = data.get("round", 1)
    if isinstance(again, bool) or not isinstance(again, int) or not 1 <= again <= 10_000:
        raise ValueError("round")
    return again


def _volume(data: dict[str, Any]) -> float | None:
    volume = data.get("volume")
    if isinstance(volume, bool) or not isinstance(volume, int | float | None):
        raise ValueError("volume")
    if volume is not None and not 0 <= volume <= 100:
        raise ValueError("volume")
    return volume


def _audio(data: Any) -> Audio:
    if not isinstance(data, dict):
        raise ValueError("audio")
    url, size, sha256 = data.get("url"), data.get("size"), data.get("sha256")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise ValueError("audio.url")
    if not isinstance(size, int) or not 0 < size <= MAX_AUDIO:
        raise ValueError("audio.size")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise ValueError("audio.sha256")
    return Audio(url, size, sha256)


def remembered(delivery: Delivery) -> dict[str, Any]:
    """As `delivery` reads it again after a power cut."""
    audio = delivery.audio
    return {
        "command": "play",
        "delivery": delivery.id,
        "broadcast": delivery.broadcast,
        "round": delivery.round,
        "lane": "urgent" if delivery.urgent else "routine",
        "audio": {"url": audio.url, "size": audio.size, "sha256": audio.sha256},
        "volume": delivery.volume,
        "expires_at": datetime.fromtimestamp(delivery.expires_at, UTC).isoformat(),
    }
