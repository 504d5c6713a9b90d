"""The shapes of what gateways send. Everything is bounded: a box may be broken or hostile."""

from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from .. import receipts
from ..states import REPORTABLE, State

#: What a gateway may give as the reason of a failure.
FAILURES = ("audio_fetch", "audio_decode", "speaker", "expired", "interrupted", "device_error")
#: Seconds. What a box says happened before that is a clock that was never set.
OLDEST = 30 * 24 * 3600.0
RESULTS = ("counted", "repeated", "late", "unknown")


class BoundedJSON(JSONParser):
    """JSON that is nested too deep is refused like any other that makes no sense."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as e:
            raise ParseError("nested too deep") from e


class ReceiptBody(serializers.Serializer):
    delivery = serializers.UUIDField()
    state = serializers.ChoiceField([state.value for state in REPORTABLE])
    round = serializers.IntegerField(min_value=1, max_value=10_000, required=False, default=1)
    at = serializers.DateTimeField()
    reason = serializers.ChoiceField(FAILURES, required=False, allow_blank=True, default="")
    heard_seconds = serializers.FloatField(min_value=0, max_value=86400, required=False)
    heard_dbfs = serializers.FloatField(min_value=-200, max_value=20, required=False)


class ReceiptsBody(serializers.Serializer):
    receipts = serializers.ListField(child=ReceiptBody(), min_length=1, max_length=100)


def said(receipt: dict[str, Any], now: float) -> receipts.Said:
    """A checked receipt as the portal keeps it. `now`: Unix seconds by the box's own clock when it reported."""
    return receipts.Said(
        delivery=receipt["delivery"],
        state=State(receipt["state"]),
        at=receipt["at"],
        age=min(now - receipt["at"].timestamp(), OLDEST),
        reason=receipt["reason"] if receipt["state"] == State.FAILED else "",
        round=receipt["round"],
        heard_seconds=receipt.get("heard_seconds"),
        heard_dbfs=receipt.get("heard_dbfs"),
    )


class ResultBody(serializers.Serializer):
    delivery = serializers.UUIDField()
    result = serializers.ChoiceField(RESULTS)


class ResultsBody(serializers.Serializer):
    results = ResultBody(many=True)


class StatusBody(serializers.Serializer):
    firmware = serializers.CharField(max_length=40, required=False, allow_null=True)
    volume = serializers.FloatField(min_value=0, max_value=100, required=False, allow_null=True)
    battery = serializers.FloatField(min_value=0, max_value=100, required=False, allow_null=True)
    signal = serializers.FloatField(min_value=-200, max_value=0, required=False, allow_null=True)
    playing = serializers.UUIDField(required=False, allow_null=True)
    uptime = serializers.FloatField(min_value=0, max_value=1e10, required=False, allow_null=True)


def plain(status: dict[str, Any]) -> dict[str, Any]:
    """A checked status as it is kept: values that JSON knows."""
    return {name: str(value) if isinstance(value, UUID) else value for name, value in status.items()}


class NowBody(serializers.Serializer):
    now = serializers.IntegerField(help_text="the portal's clock, Unix seconds")


class RefusedBody(NowBody):
    error = serializers.ChoiceField(["unknown_key", "signature", "clock", "replay"])
