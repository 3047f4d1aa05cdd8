"""The log: one answer a row, the past that a card brought from another program, and both as the rows that are read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Said(models.Model):
    """One answer, as it is read. Times are ms since 1970 UTC.

    ``at_ms`` is the client's time corrected by the measured offset, never in the future.
    ``evidence`` holds every fact the memory was moved by, so that other numbers can replay it; empty: exposure.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    card_id = models.UUIDField()
    deck_id = models.UUIDField()
    sitting_id = models.UUIDField(null=True, blank=True)
    hand = models.IntegerField(default=0)  # -1: takes back an answer that has not arrived yet
    mode = models.CharField(max_length=20)
    question = models.CharField(max_length=120, blank=True, default="")
    qtype = models.CharField(max_length=20, blank=True, default="")
    at_ms = models.BigIntegerField()
    client_ms = models.BigIntegerField()
    received_ms = models.BigIntegerField()
    offset_ms = models.BigIntegerField(default=0)
    time_zone = models.CharField(max_length=64, blank=True, default="")
    day = models.IntegerField()
    took_ms = models.PositiveIntegerField(default=0)
    outcome = models.FloatField(null=True, blank=True)
    verdict = models.CharField(max_length=12, blank=True, default="")
    judged = models.JSONField(default=dict, blank=True)  # how the verdict came about: its layer and features, and what it overturned
    mistaken_for = models.UUIDField(null=True, blank=True)  # the card whose answer was given instead
    response = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    takes_back = models.UUIDField(null=True, blank=True)

    class Meta:
        abstract = True


class Review(Said):
    """One answer, for ever. Rows are only ever added: undoing adds a row that takes an earlier one back."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["learner", "card_id", "sitting_id"], name="review_of_card"),
            models.Index(fields=["learner", "sitting_id", "hand", "at_ms"], condition=Q(sitting_id__isnull=False), name="review_of_sitting"),
            models.Index(fields=["learner", "deck_id", "at_ms"], name="review_deck"),
            models.Index(fields=["learner", "deck_id"], condition=Q(mistaken_for__isnull=False), name="review_confused"),
            models.Index(fields=["learner", "day"], condition=Q(outcome__lt=0.5), name="review_missed"),
            models.Index(fields=["learner", "deck_id", "card_id"], condition=Q(response__has_key="missed"), name="review_lacking"),
        ]
        constraints = [models.UniqueConstraint(fields=["learner", "takes_back"], condition=Q(takes_back__isnull=False), name="taken_back_once")]


class Past(models.Model):
    """Answers that a card brought from another program at one time, for ever: a row for all of them, for they come by the hundred thousand.

    ``numbers``: for each of them [when, rating, how long, its learner-day, which of those of this millisecond, further numbers of that program]. ``base``: what
    the ids of these answers end with, but for the rating. ``missed_day``: the last learner-day on which one was wrong. The view ``study_log`` makes rows of them.
    """

    id = models.UUIDField(primary_key=True, editable=False)  # that of its first answer
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    card_id = models.UUIDField()
    deck_id = models.UUIDField()
    base = models.BigIntegerField()
    answers = models.PositiveIntegerField()
    first_ms = models.BigIntegerField()
    last_ms = models.BigIntegerField()
    missed_day = models.IntegerField(null=True, blank=True)
    numbers = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["learner", "card_id"], name="past_card"),
            models.Index(fields=["learner", "deck_id", "last_ms"], name="past_deck"),
            models.Index(fields=["learner", "missed_day", "card_id"], condition=Q(missed_day__isnull=False), name="past_missed"),
        ]


class Logged(Said):
    """Every answer as a row, also those of a ``Past``: to be read, never written."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", db_index=False)

    class Meta:
        managed = False
        db_table = "study_log"
