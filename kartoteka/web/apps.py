"""Django's name for this room."""

from django.apps import AppConfig


class Web(AppConfig):
    name = "kartoteka.web"
    label = "web"
