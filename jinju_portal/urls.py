"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from broadcast.cap.api import push
from broadcast.views.subscriptions import stop_texts

from . import health, home, start

handler400 = "jinju_portal.errors.bad_request"
handler500 = "jinju_portal.errors.server_error"
urlpatterns = [
    path("", home.home, name="home"),
    path("start/", start.start, name="start"),
    path("help/", home.help_page, name="help"),
    path("reading/", home.reading, name="reading"),
    path("healthz/", health.alive, name="alive"),
    path("readyz/", health.ready, name="ready"),
    path("admin/", admin.site.urls),
    path("people/", include("people.urls")),
    path("accounts/", include("people.staff_urls")),
    # Short: it stands in every text message.
    path("s/<slug:token>/", stop_texts, name="stop_texts"),
    path("broadcast/", include("broadcast.urls")),
    path("repair/", include("repair.urls")),
    path("learning/", include("learning.urls")),
    path("privacy/", include("privacy.urls")),
    path("api/gateway/", include("broadcast.gateway_api.urls")),
    path("api/cap/", push),
    path("cap/", include("broadcast.cap.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
]
