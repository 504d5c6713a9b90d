"""Addresses under /privacy/ of a breach: who was exposed, notices, the drill."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
