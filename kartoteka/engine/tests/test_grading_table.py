"""The table of fair judgements (grading_modes.txt): how many of each way to mislead are judged as a teacher would, and that none is forgotten."""

from __future__ import annotations

from collections import Counter, defaultdict

from kartoteka.engine.tests.grading_table import FAIR, Example, examples

LEAST = 10  # examples of a way to mislead in a language where there is one
FLOOR = 0.9
# What is told less well, and why: a further statement cannot be known to be wrong, and synonyms are small tables.
LOW = {"with a wrong thing added": 0.5, "paraphrase": 0.55, "abbreviation": 0.85, "inflection": 0.88}
UNSEEN = 0.9


def _shares(found: list[Example]) -> dict[str, float]:
    judged: dict[str, list[bool]] = defaultdict(list)
    for example in found:
        judged[example.mode].append(example.fairly())
    return {mode: sum(fair) / len(fair) for mode, fair in judged.items()}


def test_every_way_to_mislead_is_judged_as_a_teacher_would() -> None:
    found = list(examples())
    shares = _shares(found)
    assert {mode: share for mode, share in shares.items() if share < LOW.get(mode, FLOOR)} == {}
    unseen = [example.fairly() for example in found if example.unseen]
    assert sum(unseen) / len(unseen) >= UNSEEN


def test_every_way_has_its_examples_in_every_language_it_is_met_in() -> None:
    found = list(examples())
    assert {example.fair for example in found} <= FAIR.keys()
    counted = Counter((example.mode, example.lang) for example in found)
    assert {place: count for place, count in counted.items() if count < LEAST} == {}
    assert len({example.lang for example in found}) == 9
    repeated = [place for place, count in Counter((e.mode, e.lang, e.card, e.answer) for e in found).items() if count > 1]
    assert repeated == []
