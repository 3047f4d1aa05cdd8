"""Addresses of the start page, the library and the search."""

from __future__ import annotations

from django.urls import path

from kartoteka.web.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("library/", views.library, name="library"),
    path("library/public/", views.public, name="public"),
    path("search/", views.search, name="search"),
]
