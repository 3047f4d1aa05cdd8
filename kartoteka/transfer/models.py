"""A proposal: something that came in, to be looked at before it is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from kartoteka.store.keys import uuid7


class Proposal(models.Model):
    """What a file or a paste would do to a library. Its bytes lie in the data folder's ``proposals`` until it is decided."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255, blank=True, default="")
    size = models.PositiveBigIntegerField()
    format = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    options = models.JSONField(default=dict, blank=True)
    target = models.UUIDField(null=True, blank=True)  # the deck it would update
    plan = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-made_at"])]
