"""Addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kartoteka.web.sets import views

urlpatterns: list[URLPattern] = [
    path("sets/<uuid:deck>/", views.set_page, name="set"),
    path("sets/<uuid:deck>/star/", views.star, name="star"),
    path("sets/<uuid:deck>/back/", views.bring_back, name="bring_back"),
    path("sets/<uuid:deck>/print/", views.print_page, name="print"),
    path("sets/<uuid:deck>/export/<slug:name>/", views.export, name="export"),
    path("sets/<uuid:deck>/share/", views.share, name="share"),
    path("sets/<uuid:deck>/copy/", views.copy_set, name="copy_set"),
    path("sets/<uuid:deck>/rate/", views.rate, name="rate"),
]
