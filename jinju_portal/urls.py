"""Every address of the portal."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("api/gateway/", include("broadcast.gateway_api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
]
