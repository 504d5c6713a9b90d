"""Addresses under /privacy/ of the monthly review, downloads, who could see whom."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
