"""Django's name for this room."""

from django.apps import AppConfig


class Library(AppConfig):
    name = "kartoteka.library"
    label = "library"
