"""Addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kartoteka.web.analytics import insights, memory, views

urlpatterns: list[URLPattern] = [
    path("analytics/", insights.insights, name="insights"),
    path("analytics/memory/", memory.memory, name="memory"),
    path("analytics/memory/fit/", memory.fit, name="memory_fit"),
    path("analytics/memory/use/", memory.use, name="memory_use"),
    path("sets/<uuid:deck>/analytics/", views.analytics, name="analytics"),
    path("sets/<uuid:deck>/analytics/answers/", views.answers, name="answers"),
    path("sets/<uuid:deck>/analytics/<slug:name>.csv", views.analytics_as, {"form": "csv"}, name="analytics_csv"),
    path("sets/<uuid:deck>/analytics/<slug:name>.json", views.analytics_as, {"form": "json"}, name="analytics_json"),
]
