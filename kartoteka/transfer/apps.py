"""Django's name for this room."""

from django.apps import AppConfig


class Transfer(AppConfig):
    name = "kartoteka.transfer"
    label = "transfer"
