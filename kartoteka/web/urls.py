"""The addresses of all pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("kartoteka.web.home.urls")),
    path("", include("kartoteka.web.sets.urls")),
    path("", include("kartoteka.web.library.urls")),
    path("", include("kartoteka.web.study.urls")),
    path("", include("kartoteka.web.analytics.urls")),
    path("", include("kartoteka.web.transfer.urls")),
    path("account/", include("kartoteka.web.people.urls")),
]
