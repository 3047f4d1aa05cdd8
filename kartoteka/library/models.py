"""The library: decks, their notes and cards, media and ratings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kartoteka.engine.formulas import in_words
from kartoteka.library.maths import read_out
from kartoteka.store.keys import uuid7


class Visibility(models.TextChoices):
    PRIVATE = "private", _("Only me")
    LINK = "link", _("Anyone with the link")
    PUBLIC = "public", _("Everyone, and listed")


class Deck(models.Model):
    """A set of notes with an owner, a title, and a rule who may see it. In the bin while ``binned_at`` is set."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="decks")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")  # clean HTML
    description_original = models.TextField(blank=True, default="")
    tags = models.JSONField(default=list, blank=True)
    term_lang = models.CharField(max_length=12, blank=True, default="")
    definition_lang = models.CharField(max_length=12, blank=True, default="")
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PRIVATE)
    licence = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")
    source_format = models.CharField(max_length=40, blank=True, default="")
    copied_from = models.UUIDField(null=True, blank=True)
    words = models.TextField(blank=True, default="")  # title, tags and description made comparable: what a search finds it by
    extra = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    binned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "binned_at", "-changed_at"]),
            models.Index(fields=["visibility", "-changed_at"], condition=Q(binned_at=None), name="deck_public"),
            models.Index(fields=["owner", "source"], name="deck_source"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """The title with its formulas as one reads them; as it was written it stands in its field and leaves in exports."""
        return read_out(self.title)


class Note(models.Model):
    """What is to be known: a term, its definition, and more fields. ``original`` only leaves in exports.

    ``term`` and ``definition`` are the clean HTML, the only form ever shown; ``cleaner`` is the version that cleaned them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deck = models.ForeignKey(Deck, on_delete=models.CASCADE, related_name="notes", db_index=False)  # the index below begins with it
    guid = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=20, default="basic")
    position = models.FloatField(default=0)  # between two neighbours there is always room
    term = models.TextField(blank=True, default="")
    definition = models.TextField(blank=True, default="")
    term_text = models.TextField(blank=True, default="")
    definition_text = models.TextField(blank=True, default="")
    fields = models.JSONField(default=dict, blank=True)  # further clean fields by name
    original = models.JSONField(default=dict, blank=True)
    sides = models.JSONField(default=dict, blank=True)  # kind of card → clean front and back, for cards that ask neither term nor definition
    cleaner = models.PositiveSmallIntegerField(default=0)
    points = models.JSONField(default=list, blank=True)  # the author's own: merged, pinned, must have
    tags = models.JSONField(default=list, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    binned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["deck", "binned_at", "position"])]

    @property
    def shown_term(self) -> str:
        """The term in plain words, its formulas as one reads them."""
        return in_words(self.term_text, self.term)

    @property
    def shown_definition(self) -> str:
        return in_words(self.definition_text, self.definition)


class Card(models.Model):
    """One question a note gives rise to: ``forward``, ``reversed``, ``cloze-N``, or ``template-N`` with sides of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="cards", db_index=False)  # the constraint below begins with it
    deck = models.ForeignKey(Deck, on_delete=models.CASCADE, related_name="cards")
    kind = models.CharField(max_length=16, default="forward")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "kind"], name="one_card_a_kind")]


class Media(models.Model):
    """A picture or a sound, known by the hash of its bytes; the file lies in the media folder under that hash."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=80)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)


class DeckMedia(models.Model):
    """A deck's own name for a media file, and its words for those who cannot see it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deck = models.ForeignKey(Deck, on_delete=models.CASCADE, related_name="media")
    media = models.ForeignKey(Media, on_delete=models.PROTECT)
    name = models.CharField(max_length=255)
    alt = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deck", "name"], name="one_file_a_name")]


class Rating(models.Model):
    """One person's vote on a deck that is not theirs: 1 to 5 stars."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deck = models.ForeignKey(Deck, on_delete=models.CASCADE, related_name="ratings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    stars = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deck", "person"], name="one_vote_a_person"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"),
        ]
