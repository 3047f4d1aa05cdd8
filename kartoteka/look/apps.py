"""Django's name for this room."""

from django.apps import AppConfig


class Look(AppConfig):
    name = "kartoteka.look"
    label = "look"
