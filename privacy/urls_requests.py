"""Addresses under /privacy/ of the officers' desk of requests (열람, 정정·삭제, 처리정지)."""

from django.urls import path

from .views import requests

urlpatterns = [
    path("requests/", requests.requests, name="requests"),
    path("requests/<uuid:pk>/", requests.one, name="request"),
]
