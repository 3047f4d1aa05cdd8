"""Addresses of what comes in."""

from __future__ import annotations

from django.urls import path

from kartoteka.web.transfer import views

urlpatterns = [
    path("add/", views.add, name="add"),
    path("add/<uuid:id>/", views.proposal, name="proposal"),
    path("add/<uuid:id>/accept/", views.accept, name="accept"),
    path("add/<uuid:id>/discard/", views.discard, name="discard"),
]
