"""Addresses of the editor, the bin and media."""

from __future__ import annotations

from django.urls import path, register_converter

from kartoteka.web.library import cards, media, views


class Sha256:
    """64 hex digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256, "sha256")

urlpatterns = [
    path("sets/new/", views.new_set, name="new_set"),
    path("sets/<uuid:deck>/edit/", views.edit, name="edit"),
    path("sets/<uuid:deck>/delete/", views.delete_set, name="delete_set"),
    path("sets/<uuid:deck>/restore/", views.restore_set, name="restore_set"),
    path("sets/<uuid:deck>/erase/", views.erase_set, name="erase_set"),
    path("sets/<uuid:deck>/files/", media.put_media, name="put_media"),
    path("sets/<uuid:deck>/cards/", cards.add_card, name="add_card"),
    path("sets/<uuid:deck>/cards/deleted/", cards.deleted_cards, name="deleted_cards"),
    path("sets/<uuid:deck>/cards/<uuid:note>/", cards.card, name="card"),
    path("sets/<uuid:deck>/cards/<uuid:note>/move/", cards.move_card, name="move_card"),
    path("sets/<uuid:deck>/cards/<uuid:note>/copy/", cards.copy_card, name="copy_card"),
    path("sets/<uuid:deck>/cards/<uuid:note>/answers/", cards.drop_answer, name="drop_answer"),
    path("sets/<uuid:deck>/cards/<uuid:note>/delete/", cards.delete_card, name="delete_card"),
    path("sets/<uuid:deck>/cards/<uuid:note>/restore/", cards.restore_card, name="restore_card"),
    path("library/bin/", views.bin, name="bin"),
    path("media/<uuid:deck>/<sha256:sha256>/", media.media, name="media"),
]
