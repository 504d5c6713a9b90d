"""The public addresses of alerts: /cap/."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import feed, writing


@login_not_required
@require_safe
@cache_control(public=True, max_age=10)
def atom(request: HttpRequest) -> HttpResponse:
    return HttpResponse(feed.atom(), content_type="application/atom+xml; charset=utf-8")


@login_not_required
@require_safe
@cache_control(public=True, max_age=60)
def alert(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    broadcast = get_object_or_404(feed.alerts(), pk=pk)
    return _cap(feed.cap_of(broadcast))


@login_not_required
@require_safe
@cache_control(public=True, max_age=60)
def cancelled(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    broadcast = get_object_or_404(feed.alerts(), pk=pk, cancelled_at__isnull=False)
    return _cap(writing.cancel_xml(broadcast))


def _cap(xml: bytes) -> HttpResponse:
    return HttpResponse(xml, content_type=f"{feed.TYPE}; charset=utf-8")
