"""Addresses under /broadcast/."""

from django.urls import include, path

from .views import audio, board, calendar, complaints, history, performance, plans, sent, stopping, writing

app_name = "broadcast"
urlpatterns = [
    path("", board.landing, name="landing"),
    path("new/", writing.new, name="new"),
    path("recordings/", writing.recordings, name="recordings"),
    path("recordings/<uuid:pk>/audio/", audio.audio, name="audio"),
    path("history/", history.history, name="history"),
    path("map/", board.city, name="map"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("plans/<uuid:pk>/stop/", plans.stop, name="plan_stop"),
    path("plans/airings/<int:pk>/", plans.leave, name="airing_leave"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("<uuid:pk>/plan/", plans.new, name="plan_new"),
    path("listen/", include("broadcast.listen_urls")),
    path("performance/", performance.performance, name="performance"),
    path("performance/csv/", performance.performance_csv, name="performance_csv"),
    path("complaints/", complaints.complaint_list, name="complaints"),
    path("complaints/new/", complaints.take, name="complaint_take"),
    path("complaints/<uuid:pk>/", complaints.complaint, name="complaint"),
    path("<uuid:pk>/", sent.status, name="status"),
    path("<uuid:pk>/review/", writing.review, name="review"),
    path("<uuid:pk>/throw-away/", writing.throw_away, name="throw_away"),
    path("<uuid:pk>/live/", sent.live, name="live"),
    path("<uuid:pk>/stop/", stopping.stop, name="stop"),
    path("<uuid:pk>/resend/", sent.send_again, name="resend"),
    path("<uuid:pk>/text/", sent.text, name="text"),
    path("<uuid:pk>/receipts/", sent.receipts, name="receipts"),
]
