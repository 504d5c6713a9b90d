"""Addresses under /broadcast/."""

from django.urls import path

from .views import audio, board, history, sent, writing

app_name = "broadcast"
urlpatterns = [
    path("", board.landing, name="landing"),
    path("new/", writing.new, name="new"),
    path("recordings/", writing.recordings, name="recordings"),
    path("recordings/<uuid:pk>/audio/", audio.audio, name="audio"),
    path("history/", history.history, name="history"),
    path("map/", board.city, name="map"),
    path("<uuid:pk>/", sent.status, name="status"),
    path("<uuid:pk>/review/", writing.review, name="review"),
    path("<uuid:pk>/throw-away/", writing.throw_away, name="throw_away"),
    path("<uuid:pk>/live/", sent.live, name="live"),
    path("<uuid:pk>/resend/", sent.send_again, name="resend"),
    path("<uuid:pk>/text/", sent.text, name="text"),
    path("<uuid:pk>/receipts/", sent.receipts, name="receipts"),
]
