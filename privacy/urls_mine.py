"""Addresses under /privacy/ of what a person sees of their own, and of the landing page."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
