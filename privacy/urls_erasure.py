"""Addresses under /privacy/ of destroying: previews, second person, register."""

from django.urls import path

from .views import erasures

urlpatterns = [
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/<uuid:pk>/", erasures.one, name="erasure"),
    path("erasures/<uuid:pk>/decide/", erasures.decide, name="erasure_decide"),
]
