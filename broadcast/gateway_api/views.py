"""Receipts, status and sound."""

import time

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .. import receipts
from ..models import Broadcast
from ..sound_address import broadcast_of
from .bodies import (
    BoundedJSON,
    NowBody,
    ReceiptsBody,
    RefusedBody,
    ResultsBody,
    StatusBody,
    plain,
    said,
)
from .signed import GatewaySignature, IsGateway, caller

REFUSED = {400: OpenApiTypes.OBJECT, 401: RefusedBody}


class Receipts(APIView):
    """What became of deliveries. Section 4 of the protocol."""

    authentication_classes = [GatewaySignature]
    permission_classes = [IsGateway]
    parser_classes = [BoundedJSON]

    @extend_schema(
        operation_id="receipts",
        request=ReceiptsBody,
        responses={200: ResultsBody, **REFUSED},
        tags=["gateway"],
    )
    def post(self, request: Request) -> Response:
        body = ReceiptsBody(data=request.data)
        body.is_valid(raise_exception=True)
        gateway, signed_at = caller(request)
        told = [said(r, signed_at) for r in body.validated_data["receipts"]]
        results = receipts.record(gateway, told)
        return Response(
            {
                "results": [
                    {"delivery": str(r.delivery), "result": result}
                    for r, result in zip(told, results, strict=True)
                ]
            }
        )


class Status(APIView):
    """A sign of life. Section 5 of the protocol."""

    authentication_classes = [GatewaySignature]
    permission_classes = [IsGateway]
    parser_classes = [BoundedJSON]

    @extend_schema(
        operation_id="status", request=StatusBody, responses={200: NowBody, **REFUSED}, tags=["gateway"]
    )
    def post(self, request: Request) -> Response:
        body = StatusBody(data=request.data)
        body.is_valid(raise_exception=True)
        receipts.seen(caller(request)[0], plain(body.validated_data))
        return Response({"now": int(time.time())})


class Sound(APIView):
    """The sound of a broadcast. The address is signed by the portal and ends with the broadcast."""

    @extend_schema(
        operation_id="audio",
        responses={
            (200, "audio/mpeg"): OpenApiResponse(OpenApiTypes.BINARY),
            404: OpenApiResponse(description="not signed by the portal, or over"),
        },
        tags=["gateway"],
    )
    def get(self, request: Request, token: str) -> FileResponse:
        try:
            broadcast = Broadcast.objects.select_related("recording").get(
                pk=broadcast_of(token), expires_at__gt=timezone.now()
            )
            sound = broadcast.recording.file.open("rb")
        except (ValueError, Broadcast.DoesNotExist, FileNotFoundError) as e:
            raise NotFound from e
        return FileResponse(sound, content_type="audio/mpeg")
