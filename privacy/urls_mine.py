"""Addresses under /privacy/ of what a person sees of their own, and of the landing page."""

from django.urls import path

from .views import mine

urlpatterns = [
    path("", mine.landing, name="landing"),
    path("mine/", mine.mine, name="mine"),
    path("mine/name/", mine.name, name="name"),
    path("mine/held/", mine.held, name="held"),
    path("mine/looks/", mine.looks, name="looks"),
    path("mine/looks/<int:pk>/proof/", mine.proof, name="proof"),
    path("mine/agreed/", mine.agreed, name="agreed"),
    path("mine/agreed/<int:pk>/withdraw/", mine.withdraw_consent, name="withdraw_consent"),
    path("mine/requests/", mine.requests, name="my_requests"),
    path("mine/requests/<uuid:pk>/withdraw/", mine.withdraw_request, name="withdraw_request"),
]
