"""Addresses for gateways, under /api/gateway/."""

from django.urls import path

from . import views

app_name = "gateway"
urlpatterns = [
    path("receipts/", views.Receipts.as_view(), name="receipts"),
    path("status/", views.Status.as_view(), name="status"),
    path("audio/<str:token>/", views.Sound.as_view(), name="audio"),
]
