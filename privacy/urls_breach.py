"""Addresses under /privacy/ of a breach: who was exposed, notices, the drill."""

from django.urls import path

from .views import breaches

urlpatterns = [
    path("breaches/", breaches.all_, name="breaches"),
    path("breaches/posted/", breaches.posted, name="posted"),
    path("breaches/<uuid:pk>/", breaches.one, name="breach"),
    path("breaches/<uuid:pk>/judge/", breaches.judge, name="breach_judge"),
    path("breaches/<uuid:pk>/write/", breaches.write, name="breach_write"),
    path("breaches/<uuid:pk>/approve/", breaches.approve, name="breach_approve"),
    path("breaches/<uuid:pk>/note/", breaches.note, name="breach_note"),
    path("breaches/<uuid:pk>/people/", breaches.people, name="breach_people"),
]
