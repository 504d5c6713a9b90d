"""Addresses under /people/."""

from django.urls import path

from .views import holidays, own, phone_sign_in, privacy_calls

app_name = "people"
urlpatterns = [
    path("sign-in/", phone_sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", phone_sign_in.code, name="code"),
    path("sign-in/resend/", phone_sign_in.resend, name="resend"),
    path("me/", own.me, name="me"),
    path("sign-out/", own.sign_out, name="sign_out"),
    path("holidays/", holidays.holidays, name="holidays"),
    path("holidays/as-listed/", holidays.back, name="holiday_back"),
    path("privacy-calls/", privacy_calls.calls, name="privacy_calls"),
    path("privacy-calls/<uuid:pk>/", privacy_calls.call, name="privacy_call"),
    path("second-factor/", own.second_factor, name="second_factor"),
]
