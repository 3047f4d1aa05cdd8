"""Decks and their options leave as they came, whichever of Anki's two ways they came in and leave by."""

from __future__ import annotations

import io
from typing import Any

import pytest

from kartoteka.formats.anki import options
from kartoteka.formats.anki.options import OPTIONS
from kartoteka.formats.anki.tests import making
from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.base import Source

PARAMETERS = [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542]  # fmt: skip
PRESET: dict[str, Any] = {
    "id": 7, "name": "Hard ones", "mod": 3, "usn": 0, "dyn": False, "maxTaken": 45, "autoplay": False, "timer": 1, "replayq": False,
    "new": {"bury": True, "delays": [1.0, 10.0, 1440.0], "initialFactor": 2300, "ints": [7, 10, 0], "order": 0, "perDay": 8, "separate": True},
    "rev": {"bury": True, "ease4": 1.35, "ivlFct": 0.9, "maxIvl": 180, "perDay": 90, "hardFactor": 1.1},
    "lapse": {"delays": [20.0], "leechAction": 0, "leechFails": 5, "minInt": 2, "mult": 0.7},
    "fsrsParams6": PARAMETERS, "desiredRetention": 0.93, "easyDaysPercentages": [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.0], "reviewOrder": 7,
    "ignoreRevlogsBeforeDate": "2024-01-01", "weightSearch": "deck:current", "waitForAudio": False, "of an add-on": {"on": [1, 2]},
}  # fmt: skip


def test_a_preset_is_the_same_in_both_ways() -> None:
    there = options.preset(7, "Hard ones", 3, options.preset_message(PRESET))
    assert {name: there[name] for name in PRESET} == PRESET
    again = options.legacy_preset(there)
    assert {name: again[name] for name in PRESET} == PRESET
    assert "config" not in again


def test_a_preset_that_says_nothing_is_that_of_a_new_collection() -> None:
    made = options.legacy_preset({})
    assert (made["new"]["perDay"], made["new"]["ints"], made["rev"]["maxIvl"], made["lapse"]["leechFails"]) == (20, [1, 4, 0], 36_500, 8)
    there = options.preset(1, "Default", 0, options.preset_message(made))
    assert {name: there[name] for name in made} == made


@pytest.mark.parametrize("said", [{"new": 5, "rev": [], "maxTaken": "many"}, {"new": {"ints": 3, "delays": ["x", 2, None]}}, {"lapse": {"mult": float("inf"), "leechFails": -9}}, {"desiredRetention": float("nan"), "timer": 1 << 80}])  # fmt: skip
def test_nonsense_in_a_preset_is_as_if_nobody_had_said_it(said: dict[str, Any]) -> None:
    made = options.preset(1, "x", 0, options.preset_message(said))
    assert all(options.legacy_preset(made)[option.path[0]] is not None for option in OPTIONS)
    assert options.legacy_preset(said)["maxTaken"] == 60


@pytest.mark.parametrize(
    "said",
    [
        {"dyn": 0, "conf": 7, "desc": "<b>About</b>", "md": True, "extendNew": 4, "extendRev": 0, "reviewLimit": 0, "newLimitToday": {"limit": 3, "today": 2}, "desiredRetention": 93, "collapsed": False, "browserCollapsed": True},
        {"dyn": 1, "resched": False, "terms": [["tag:hard", 50, 6], ["is:due", 20, 1]], "delays": [1.0, 5.0], "previewDelay": 10, "previewAgainSecs": 60, "collapsed": True, "browserCollapsed": False},
        {"dyn": 1, "resched": True, "terms": [["", 100, 0]], "delays": None, "collapsed": True, "browserCollapsed": True},
    ],
)  # fmt: skip
def test_a_deck_is_the_same_in_both_ways(said: dict[str, Any]) -> None:
    there = options.deck(5, "Deck", 0, *options.deck_messages(said, 7))
    assert {name: there[name] for name in said} == said
    assert {name: options.legacy_deck(there)[name] for name in said} == said


@pytest.mark.parametrize("generation", ["latest", "legacy"])
def test_decks_without_a_note_and_presets_without_a_deck_leave_again(generation: str) -> None:
    decks = {9: "Languages", 10: "Languages::French", 11: "Languages::French::Later", 12: "Filtered", 13: "Alone"}
    data = making.package(making.collection([making.note(1, "le chat", "the cat")], [making.card(1, 1)], decks=decks, more="UPDATE col SET dconf = json_set(dconf, '$.7', json('{\"id\": 7, \"name\": \"Spare\"}'))"))  # fmt: skip
    out = io.BytesIO()
    apkg.write(apkg.read(Source(name="deck.apkg", data=data), {}), out, {"generation": generation})
    again = apkg.read(Source(name="deck.apkg", data=out.getvalue()), {}).decks[0].extra["anki"]
    assert {one["name"] for id, one in again["decks"].items() if id != "1"} == set(decks.values())
    assert [one["dyn"] for one in again["decks"].values() if one["name"] == "Filtered"] == [1]
    assert "Spare" in {one["name"] for one in again["presets"].values()}
