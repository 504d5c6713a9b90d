"""Addresses under /privacy/ of the officers' desk of requests (열람, 정정·삭제, 처리정지)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
