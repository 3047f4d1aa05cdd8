"""All addresses of the house."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("kartoteka.api.urls")),
    path("", include("kartoteka.web.urls")),
]

handler404 = "kartoteka.web.errors.not_found"
handler500 = "kartoteka.web.errors.broken"
handler429 = "kartoteka.web.errors.too_often"  # allauth asks for it by this name
