"""A proposal: something that came in, to be looked at before it is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from kartoteka.store.keys import uuid7


class Proposal(models.Model):
    """Something that came in and how its reader took it. Its bytes lie in the data folder's ``proposals`` until it is decided.

    ``options`` are the reader's switches that a person has set. ``into``: the set they chose to update; ``fresh``: they
    asked for a new set though one of theirs is the same. ``decided``: what they said about single cards so far.
    ``work``: what is being done to it in the background (empty: nothing); ``wrong``: the sentence in which that ended, where it failed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255, blank=True, default="")
    size = models.PositiveBigIntegerField()
    format = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    options = models.JSONField(default=dict, blank=True)
    into = models.UUIDField(null=True, blank=True)
    fresh = models.BooleanField(default=False)
    decided = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    work = models.CharField(max_length=10, blank=True, default="")
    wrong = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-made_at"])]
