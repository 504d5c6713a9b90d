"""Addresses of the applicant: /repair/, /repair/check/, /repair/apply/, /repair/status/, /repair/mine/."""

from django.urls import path

from .views import apply_papers, applying, citizen, filing, my_cases, my_deeds, status

urlpatterns = [
    path("", citizen.landing, name="landing"),
    path("check/", citizen.check, name="check"),
    path("apply/", applying.start, name="apply"),
    path("apply/again/", applying.again, name="apply_again"),
    path("apply/papers/", apply_papers.papers_step, name="apply_papers"),
    path("apply/papers/<uuid:pk>/remove/", apply_papers.remove, name="apply_paper_remove"),
    path("apply/check/", filing.check, name="apply_check"),
    path("apply/<slug:step>/", applying.step, name="apply_step"),
    path("status/", status.status, name="status"),
    path("mine/", my_cases.mine, name="mine"),
    path("mine/<uuid:pk>/", my_cases.case, name="my_case"),
    path("mine/<uuid:pk>/receipt/", my_cases.receipt, name="my_receipt"),
    path("mine/<uuid:pk>/papers/", my_deeds.bring_papers, name="my_papers"),
    path("mine/<uuid:pk>/correct/", my_deeds.correct, name="my_correct"),
    path("mine/<uuid:pk>/withdraw/", my_deeds.withdraw, name="my_withdraw"),
    path("mine/<uuid:pk>/object/", my_deeds.object_to, name="my_object"),
    path("mine/<uuid:pk>/rate/", my_deeds.rate, name="my_rate"),
]
