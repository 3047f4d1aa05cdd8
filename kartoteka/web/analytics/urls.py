"""Addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from kartoteka.web.analytics import views

urlpatterns: list[URLPattern] = [
    path("sets/<uuid:deck>/analytics/", views.analytics, name="analytics"),
    path("sets/<uuid:deck>/analytics/answers/", views.answers, name="answers"),
    re_path(r"^sets/(?P<deck>[0-9a-f-]{36})/analytics/(?P<name>cards|answers)\.csv$", views.analytics_csv, name="analytics_csv"),
]
