"""Addresses under /cap/: for whoever reads our alerts."""

from django.urls import path

from . import pages

app_name = "broadcast_cap"
urlpatterns = [
    path("feed.atom", pages.atom, name="feed"),
    path("<uuid:pk>.xml", pages.alert, name="alert"),
    path("<uuid:pk>-cancel.xml", pages.cancelled, name="cancel"),
]
