"""Addresses under /privacy/ of evidence, the privacy notice, contractors, and what was downloaded."""

from django.urls import path

from .views import evidence, notice

urlpatterns = [
    path("notice/", notice.notice, name="notice"),
    path("notice/<int:number>/", notice.notice, name="notice_version"),
    path("notice/publish/", notice.publish, name="notice_publish"),
    path("contractors/", notice.contractors, name="contractors"),
    path("contractors/<int:pk>/", notice.contractor, name="contractor"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/keep/", evidence.keep, name="evidence_keep"),
    path("evidence/zip/", evidence.download, name="evidence_download"),
    path("evidence/indicator/", evidence.indicator, name="indicator"),
    path("evidence/indicators/", evidence.indicators, name="indicators"),
    path("downloads/<int:pk>/", notice.download_check, name="download_check"),
    path("downloads/", notice.downloads, name="downloads"),
]
