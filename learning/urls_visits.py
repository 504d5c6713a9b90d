"""Addresses under /learning/visits/: of those who ask for a visit, of the coordinator, and of instructors."""

from django.urls import path

from .views import (
    instructor_desk,
    instructor_pages,
    visit_asking,
    visit_class,
    visit_coverage,
    visit_desk,
    visit_fees,
    visit_request,
)

urlpatterns = [
    path("", visit_asking.landing, name="visits"),
    path("ask/", visit_asking.ask, name="visits_ask"),
    path("mine/", visit_asking.mine, name="visits_mine"),
    path("mine/<uuid:pk>/", visit_asking.one, name="visits_one"),
    path("mine/<uuid:pk>/do/", visit_asking.one_do, name="visits_one_do"),
    path("desk/", visit_desk.work, name="visits_desk"),
    path("desk/new/", visit_desk.new, name="visits_new"),
    path("desk/join/", visit_desk.join, name="visits_join"),
    path("desk/requests/<uuid:pk>/", visit_request.one, name="visits_request"),
    path("desk/requests/<uuid:pk>/do/", visit_request.one_do, name="visits_request_do"),
    path("desk/classes/<uuid:pk>/", visit_class.one, name="visits_class"),
    path("desk/classes/<uuid:pk>/do/", visit_class.one_do, name="visits_class_do"),
    path("desk/sessions/", visit_class.sessions, name="teachers"),
    path("desk/sessions/<int:pk>/", visit_class.session, name="session_teachers"),
    path("instructors/", instructor_desk.everybody, name="instructors"),
    path("instructors/<int:pk>/", instructor_desk.one, name="instructor"),
    path("fees/", visit_fees.fees, name="fees"),
    path("fees/rates/", visit_fees.rates, name="fee_rates"),
    path("fees/<str:month>/", visit_fees.month, name="fees_month"),
    path("fees/<str:month>/file/", visit_fees.file, name="fees_file"),
    path("coverage/", visit_coverage.coverage, name="coverage"),
    path("coverage/new/", visit_coverage.institution_new, name="institution_new"),
    path("teach/", instructor_pages.teach, name="teach"),
    path("teach/times/", instructor_desk.own_times, name="teach_times"),
    path("teach/fees/", instructor_pages.own_fees, name="teach_fees"),
    path("teach/<int:pk>/", instructor_pages.one, name="teach_one"),
    path("teach/<int:pk>/do/", instructor_pages.one_do, name="teach_one_do"),
]
