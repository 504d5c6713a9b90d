"""Addresses under /privacy/."""

from django.urls import path

from .views import ledger

app_name = "privacy"
urlpatterns = [
    path("checkpoints/", ledger.checkpoints, name="checkpoints"),
    path("checkpoints/latest.txt", ledger.latest_note, name="latest_note"),
    path("check/", ledger.check, name="check"),
    path("check/verify_ledger.py", ledger.program, name="program"),
]
