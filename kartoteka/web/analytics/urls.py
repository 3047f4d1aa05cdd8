"""Addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kartoteka.web.analytics import insights, views

urlpatterns: list[URLPattern] = [
    path("analytics/", insights.insights, name="insights"),
    path("sets/<uuid:deck>/analytics/", views.analytics, name="analytics"),
    path("sets/<uuid:deck>/analytics/answers/", views.answers, name="answers"),
    path("sets/<uuid:deck>/analytics/<slug:name>.csv", views.analytics_csv, name="analytics_csv"),
]
