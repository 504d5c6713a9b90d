"""Addresses under /privacy/."""

from django.urls import include, path

from .views import ledger, purpose

app_name = "privacy"
urlpatterns = [
    path("checkpoints/", ledger.checkpoints, name="checkpoints"),
    path("checkpoints/latest.txt", ledger.latest_note, name="latest_note"),
    path("check/", ledger.check, name="check"),
    path("check/verify_ledger.py", ledger.program, name="program"),
    path("look/", purpose.purpose, name="purpose"),
    path("", include("privacy.urls_mine")),
    path("", include("privacy.urls_requests")),
    path("", include("privacy.urls_erasure")),
    path("", include("privacy.urls_review")),
    path("", include("privacy.urls_breach")),
    path("", include("privacy.urls_evidence")),
    path("", include("privacy.urls_rotation")),
]
