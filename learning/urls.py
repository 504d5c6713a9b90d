"""Addresses under /learning/."""

from django.urls import include, path

app_name = "learning"
urlpatterns = [
    path("", include("learning.urls_citizen")),
    path("", include("learning.urls_desk")),
    path("visits/", include("learning.urls_visits")),
    path("", include("learning.urls_zone")),
]
