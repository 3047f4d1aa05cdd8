"""Django's name for this room."""

from django.apps import AppConfig


class Study(AppConfig):
    name = "kartoteka.study"
    label = "study"
