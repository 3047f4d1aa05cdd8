"""Study: sittings and their hands, reviews for ever, and the memories derived from them.

Every hot row carries its learner's id and every index begins with it; cards are pointed to without a database
constraint, so that the tables can be spread by learner.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from kartoteka.library.maths import read_out
from kartoteka.store.keys import uuid7
from kartoteka.study.said import Logged as Logged
from kartoteka.study.said import Past as Past
from kartoteka.study.said import Review as Review


def _learner() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)


class Sitting(models.Model):
    """One visit to a mode. ``deck`` is empty where a sitting spans all sets."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    deck_id = models.UUIDField(null=True, blank=True)
    mode = models.CharField(max_length=20)
    seed = models.BigIntegerField()
    options = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)  # cards that can be asked under these options
    skipped = models.JSONField(default=dict)  # reason → how many cards are left out
    hand = models.PositiveIntegerField(default=0)  # the number of the hand on the desk
    began_ms = models.BigIntegerField()
    last_ms = models.BigIntegerField()
    over_ms = models.BigIntegerField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["learner", "deck_id", "mode", "-last_ms"], name="sitting_resume")]


class Hand(models.Model):
    """At most 100 cards of a sitting; with their memories as dealt once it lies on the desk, which ``dealt_ms`` > 0 says."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="hands")
    number = models.PositiveIntegerField()
    cards = models.JSONField(default=list)
    decks = models.JSONField(default=dict, blank=True)  # card → deck, where the sitting spans all sets
    memories = models.JSONField(default=dict, blank=True)
    tally = models.JSONField(default=dict, blank=True)  # how it went, once the next hand was dealt
    dealt_ms = models.BigIntegerField(default=0)
    fit_id = models.UUIDField(null=True, blank=True)  # the memory model it was dealt by; empty: the published one

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "sitting", "number"], name="one_hand_a_number")]


class Memory(models.Model):
    """What a learner's reviews of one card add up to: derived, never edited, rebuilt by ``replay``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    card_id = models.UUIDField()
    deck_id = models.UUIDField()
    s6 = models.FloatField()
    d6 = models.FloatField()
    s7 = models.FloatField()
    d7 = models.FloatField()
    first_ms = models.BigIntegerField()
    last_ms = models.BigIntegerField()
    days_ok = models.PositiveIntegerField(default=0)
    ok_day = models.IntegerField(null=True, blank=True)
    last_ok = models.BooleanField(default=False)
    lapses = models.PositiveIntegerField(default=0)
    surprise = models.FloatField(default=0)
    n = models.PositiveIntegerField(default=0)
    more = models.JSONField(default=dict, blank=True)  # the few facts the rules of one sitting and one day need
    upto_ms = models.BigIntegerField(default=0)  # the newest evidence in it: what is later can be added without a replay
    due_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "card_id"], name="one_memory_a_card")]
        indexes = [
            models.Index(fields=["learner", "deck_id", "due_ms"], name="memory_deck"),
            models.Index(fields=["learner", "first_ms"], name="memory_first"),  # how many were new today
        ]


class Fit(models.Model):
    """A look at whether a model of a learner's own would predict their answers better, and what came of it. Never changed once it is settled.

    ``answers``: how many the log held; ``scored`` of them say something about forgetting. ``before`` and ``after``: how surprising the later ones
    were (log loss) by the model in use then and by this one. ``again_at``: with how many answers it is worth another look.
    """

    class State(models.TextChoices):
        WAITING = "waiting"  # to be done; a server that was stopped takes it up again
        KEPT = "kept"
        REFUSED = "refused"  # it would not have predicted better yet
        FEW = "few"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    at_ms = models.BigIntegerField()
    answers = models.PositiveIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)
    again_at = models.PositiveIntegerField(default=0)
    before = models.FloatField(null=True, blank=True)
    after = models.FloatField(null=True, blank=True)
    weights6 = models.JSONField(default=list, blank=True)  # empty: no model came of it
    weights7 = models.JSONField(default=list, blank=True)
    beliefs = models.JSONField(default=dict, blank=True)  # the calibrator as it stood then
    modes = models.JSONField(default=dict, blank=True)  # what was learned of kinds of questions, where there was enough of them

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "number"], name="one_fit_a_number")]
        indexes = [models.Index(fields=["state"], condition=Q(state="waiting"), name="fit_waiting")]


class Mark(models.Model):
    """What a learner has said about a card: starred, suspended, buried until a moment, a flag.

    ``foreign``: how the card stood in the program it came from, by that program's name; it leaves in exports.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    card_id = models.UUIDField()
    deck_id = models.UUIDField()
    starred = models.BooleanField(default=False)
    suspended = models.BooleanField(default=False)
    buried_until_ms = models.BigIntegerField(default=0)
    flag = models.PositiveSmallIntegerField(default=0)
    foreign = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "card_id"], name="one_mark_a_card")]
        indexes = [models.Index(fields=["learner", "deck_id"], name="mark_deck")]


class Progress(models.Model):
    """A learner and a deck: how many answers, since when, how long. Derived from the reviews."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    deck_id = models.UUIDField()
    answers = models.PositiveIntegerField(default=0)
    took_ms = models.PositiveBigIntegerField(default=0)
    first_ms = models.BigIntegerField()
    last_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "deck_id"], name="one_progress_a_deck")]
        indexes = [models.Index(fields=["deck_id"], name="progress_deck")]  # "studied by n people"


class DaySum(models.Model):
    """What a learner did in a set on one learner-day, in one mode and for one tenth of what the memory foretold. Derived from the reviews.

    ``bin``: 0–9; less: nothing was foretold (-1), or nothing judged (-2). ``again``: asked on a later day than what was last proved; ``kept`` of these were
    recalled. ``foretold``: the recall that was expected of them, in millionths: whole numbers add up to the same in every order.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    deck_id = models.UUIDField()
    day = models.IntegerField()
    mode = models.CharField(max_length=20)
    bin = models.SmallIntegerField()
    answers = models.IntegerField(default=0)  # all may be less than 0 on their way: a change is added, whatever comes first
    took_ms = models.BigIntegerField(default=0)
    again = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    foretold = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "deck_id", "day", "mode", "bin"], name="one_sum_a_place")]


class Sheet(models.Model):
    """The figures of a set's cards, counted from a learner's log as it stood before ``upto_ms``. Derived; whatever comes late makes it go."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    deck_id = models.UUIDField()
    upto_ms = models.BigIntegerField()
    cards = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "deck_id"], name="one_sheet_a_deck")]


class Chosen(models.Model):
    """The options a learner last chose for a mode of a deck."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    deck_id = models.UUIDField()
    mode = models.CharField(max_length=20)
    values = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "deck_id", "mode"], name="one_choice_a_mode")]


class Run(models.Model):
    """A visit that was played for a time, as it was judged when it ended: derived from its moves in the log. ``shown``: others may see it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    deck_id = models.UUIDField()
    sitting_id = models.UUIDField()
    mode = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    size = models.PositiveSmallIntegerField()
    direction = models.CharField(max_length=12)
    elapsed_ms = models.PositiveBigIntegerField()
    wrong = models.PositiveIntegerField(default=0)
    time_ms = models.PositiveBigIntegerField()
    ranked = models.BooleanField(default=False)  # may be a record
    fair = models.BooleanField(default=False)  # may stand beside others' times
    shown = models.BooleanField(default=False)
    at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "sitting_id"], name="one_run_a_sitting")]
        indexes = [
            models.Index(fields=["learner", "deck_id", "mode", "at_ms"], name="run_own"),
            models.Index(fields=["deck_id", "mode", "time_ms"], condition=Q(fair=True, shown=True), name="run_shown"),
        ]


class Accepted(models.Model):
    """A form of an answer that a learner wants taken as right from now on: theirs at once, and offered to the set's owner for all.

    ``direction``: which way the card was asked; ``words``: the text made comparable.
    """

    class State(models.TextChoices):
        MINE = "mine"  # the owner has declined it, or it was never offered
        OFFERED = "offered"
        FOR_ALL = "for all"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    note_id = models.UUIDField()
    deck_id = models.UUIDField()
    direction = models.CharField(max_length=8)
    text = models.CharField(max_length=400)
    words = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFERED)
    at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "note_id", "direction", "words"], name="accepted_once")]
        indexes = [models.Index(fields=["deck_id"], condition=Q(state="offered"), name="accepted_offered")]


class Paper(models.Model):
    """A Practice Test as it was written: its questions are frozen, and what is changed later changes no paper.

    ``earned`` is counted anew from the log whenever a mark is overturned. ``left``: how often the page was left under exam conditions.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    deck_id = models.UUIDField()
    sitting_id = models.UUIDField()
    title = models.CharField(max_length=200)
    questions = models.JSONField(default=dict)
    ids = models.JSONField(default=list)  # the questions' ids in order, so that saving an answer need not read the questions
    possible = models.FloatField()
    earned = models.FloatField(null=True, blank=True)
    undecided = models.FloatField(default=0)  # points that wait for the learner's own judgement
    began_ms = models.BigIntegerField()
    last_ms = models.BigIntegerField()
    limit_ms = models.BigIntegerField(default=0)  # 0: no clock
    pauses = models.BooleanField(default=False)  # the clock may be stopped
    paused_ms = models.BigIntegerField(default=0)
    stopped_ms = models.BigIntegerField(null=True, blank=True)  # since when the clock stands
    left = models.PositiveIntegerField(default=0)
    handed_ms = models.BigIntegerField(null=True, blank=True)
    ran_out = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "sitting_id"], name="one_paper_a_sitting")]
        indexes = [models.Index(fields=["learner", "deck_id", "began_ms"], name="paper_own")]

    @property
    def shown_title(self) -> str:
        return read_out(self.title)


class Draft(models.Model):
    """What stands on a paper before it is handed in: the latest answer to one question, by the time it was given."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    question = models.CharField(max_length=120)
    response = models.JSONField(default=dict, blank=True)
    flagged = models.BooleanField(default=False)
    at_ms = models.BigIntegerField()
    took_ms = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "paper", "question"], name="one_draft_a_question")]


class Exam(models.Model):
    """A date that a learner studies for: which cards, by when, how well, in how many minutes a day.

    ``day``: the learner-day of the exam (days since 1970, as ``Review.day``). ``days_off``: weekdays without study, 0 = Monday. ``off``: single
    learner-days without study. ``plan``: what was planned on ``planned_day``; it is made anew each day, never edited. ``settled``: what the learner
    said about a target that is not to be expected, or about the time after the exam.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    learner = _learner()
    decks = models.JSONField(default=list)
    tag = models.CharField(max_length=100, blank=True, default="")
    day = models.IntegerField()
    target = models.FloatField(default=0.9)
    minutes = models.PositiveIntegerField(default=10)
    days_off = models.JSONField(default=list, blank=True)
    off = models.JSONField(default=list, blank=True)
    settled = models.CharField(max_length=10, blank=True, default="")
    plan = models.JSONField(default=dict, blank=True)
    planned_day = models.IntegerField(default=-1)
    made_ms = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["learner", "day"], name="exam_day")]
