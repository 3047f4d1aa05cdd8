"""What is on a paper: an even mix that is repaired, half of the claims true, and questions that are kept as they were."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.engine.freezing import kept, questions_in
from kartoteka.engine.grading import grade
from kartoteka.engine.items import Item, Side
from kartoteka.engine.notes import side_of
from kartoteka.engine.questions import Choice, Question, Response
from kartoteka.engine.rubrics import Rubric
from kartoteka.engine.text import plain
from kartoteka.modes.base import Desk
from kartoteka.modes.test import mix, rules
from kartoteka.modes.tests.table import card

WORDS = [
    "heron",
    "stork",
    "crane",
    "gull",
    "tern",
    "wren",
    "robin",
    "finch",
    "swift",
    "crow",
    "raven",
    "kite",
    "owl",
    "rook",
    "jay",
    "dove",
    "lark",
    "coot",
    "teal",
    "ibis",
    "egret",
    "snipe",
    "plover",
    "dipper",
]
LIST = "<ul><li>It lives near {0} water in summer</li><li>It eats the {0} fish of the river</li><li>It nests high in a {0} tree</li></ul>"
DEFAULTS = {option.name: option.default for option in rules.OPTIONS}


def item(term: str, definition: str, *, tags: tuple[str, ...] = (), note: str = "", direction: str = "forward") -> Item:
    front, back = side_of(f"<p>{term}</p>" if "<" not in term else term, plain(term), "en", term=True), side_of(definition, plain(definition), "en")
    return Item(card(term[:12] + direction[0]), card("n" + (note or term[:12])), card("deck"), front, back, direction, tags=tags)  # type: ignore[arg-type]


def short(count: int) -> list[Item]:
    return [item(word, f"<p>bird {word[::-1]}</p>") for word in WORDS[:count]]


def long(count: int) -> list[Item]:
    return [item(word, LIST.format(word[::-1])) for word in WORDS[:count]]


def paper(cards: list[Item], *, seed: int = 5, **options: Any) -> Any:
    return rules.compose(cards, {one.id: one for one in cards}, {**DEFAULTS, **options}, seed)


def test_a_mix_is_even_and_a_matching_counts_its_pairs() -> None:
    cards = short(12) + [item(word, LIST.format(word[::-1])) for word in WORDS[12:]]
    found = paper(cards, n=20).mix
    assert found.n == 20
    assert found.counts == {"choice": 4, "tf": 4, "pairs": 4, "typed": 4, "points": 4}
    assert [len(block) for block in found.blocks] == [4]
    assert found.lists == (3, 3, 3, 3)
    assert 6 <= found.minutes <= 12


def test_a_kind_no_card_can_be_asked_as_goes_to_the_others_and_says_why() -> None:
    found = paper(short(20), n=20).mix
    assert "points" not in found.counts
    assert found.n == 20
    assert found.legal["points"] == 0
    assert "list" in rules.REASONS["points"]
    assert paper(long(20), n=20).mix.legal["typed"] == 0


@settings(max_examples=60, deadline=None)
@given(
    shorts=st.integers(0, 14),
    longs=st.integers(0, 10),
    n=st.integers(0, 30),
    seed=st.integers(0, 2**30),
    types=st.sets(st.sampled_from(list(rules.NAMES)), min_size=1),
)
def test_a_paper_never_holds_more_than_can_be_asked_and_no_question_twice(shorts: int, longs: int, n: int, seed: int, types: set[str]) -> None:
    cards = short(shorts) + [item(word, LIST.format(word[::-1])) for word in WORDS[14 : 14 + longs]]
    found = paper(cards, n=n, seed=seed, types=tuple(sorted(types)))
    questions = found.questions
    paired = n == 1 and {question.qtype for question in questions} == {"match"}  # one pair is no matching, so where nothing else can be asked there are two
    assert len(questions) <= min((2 if paired else n) or mix.MOST, len(cards))
    assert len({question.id for question in questions}) == len(questions)
    assert len({question.item.id for question in questions}) == len(questions)
    claims = [question.claim.right for question in questions if question.qtype == "tf" and question.claim]
    assert sum(claims) in (len(claims) // 2, -(-len(claims) // 2))
    assert all(2 <= len(block) <= 8 for block in found.mix.blocks)
    asked = {question.qtype for question in questions} - {"self"}
    assert asked <= {"match" if rules.NAMES[name] == "pairs" else rules.NAMES[name] for name in types}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**30))
def test_a_paper_kept_is_the_paper_again_and_what_was_right_stays_right(seed: int) -> None:
    cards = short(10) + [item(word, LIST.format(word[::-1])) for word in WORDS[10:]]
    questions = paper(cards, n=20, seed=seed).questions
    again = questions_in(json.loads(json.dumps(kept(questions))))
    assert [question.id for question in again] == [question.id for question in questions]
    for one, other in zip(questions, again, strict=True):
        assert (one.prompt, one.answer, one.choices, one.claim) == (other.prompt, other.answer, other.choices, other.claim)
        assert grade(other, right(other)).label == "right"
        if one.rubric and other.rubric:
            assert sorted(one.rubric.others, key=lambda each: each.card) == sorted(other.rubric.others, key=lambda each: each.card)


def right(question: Question) -> Response:
    if question.qtype == "tf":
        return Response(choice="true" if question.claim and question.claim.right else "false")
    if question.choices:
        return Response(choice=next(choice.id for choice in question.choices if choice.right))
    return Response(text="\n".join(point.text for point in question.rubric.points) if question.qtype == "points" and question.rubric else question.answer.text)


def test_the_same_cards_options_and_seed_give_the_same_paper() -> None:
    assert paper(short(12), n=10).questions == paper(short(12), n=10).questions
    assert paper(short(12), n=10).questions != paper(short(12), n=10, seed=6).questions


def test_ids_of_choices_tell_nothing() -> None:
    for question in paper(short(20), n=20, types=("mc", "matching")).questions:
        assert all(len(choice.id) == 1 for choice in question.choices)


def test_a_matching_has_one_answer_more_than_pairs_where_the_set_has_one() -> None:
    (first, *_others) = paper(short(12), n=5, types=("matching",)).questions
    assert len(first.choices) == 6
    (first, *_others) = paper(short(5), n=5, types=("matching",)).questions
    assert len(first.choices) == 5


def test_twins_are_never_on_one_matching() -> None:
    cards = [*short(6), item("other heron", "<p>bird noreh</p>")]
    questions = paper(cards, n=0, types=("matching", "mc")).questions
    paired = {question.item.front.text for question in questions if question.qtype == "match"}
    assert not {"heron", "other heron"} <= paired


@pytest.mark.parametrize(("count", "kinds"), [(0, set()), (1, {"typed"}), (2, {"choice", "tf", "typed", "match"})])
def test_tiny_sets_have_tiny_tests(count: int, kinds: set[str]) -> None:
    questions = paper(short(count), n=20).questions
    assert len(questions) == count
    assert {question.qtype for question in questions} <= kinds


def test_where_nothing_else_can_be_asked_the_learner_judges() -> None:
    picture = item('<p><img src="a.png" alt=""></p>', '<p><img src="b.png" alt=""></p>')
    (question,) = paper([picture]).questions
    assert question.qtype == "self"


def test_a_note_is_asked_once_before_it_is_asked_in_its_other_direction() -> None:
    both = [item(word, f"<p>bird {word[::-1]}</p>", direction=way) for word in WORDS[:10] for way in ("forward", "reversed")]
    few, all_of_them = paper(both, n=10, answer="both").questions, paper(both, n=0, answer="both").questions
    assert len({question.item.note for question in few}) == 10
    assert len(all_of_them) == 20


def test_a_quote_is_never_to_be_typed() -> None:
    quote = item("“History is the version of past events that people have decided to agree upon”", "<p>Napoleon Bonaparte</p>")
    for seed in range(8):
        for question in paper([quote, *short(4)], n=0, seed=seed, types=("typed", "mc"), answer="auto").questions:
            if question.item.id == quote.id and question.qtype == "typed":
                assert question.answer.kind != "quote"


def test_close_counts_by_strictness_and_a_list_five_points_at_most() -> None:
    (typed, *_others) = paper(short(3), types=("typed",)).questions
    assert typed.rubric is not None
    for strictness, worth in (("relaxed", 1.0), ("moderate", 0.5), ("strict", 0.0)):
        assert rules.earned(replace(typed, rubric=replace(typed.rubric, strictness=strictness)), "close", 0.8) == worth
    many = item("river", "<ul>" + "".join(f"<li>It flows through the {word} country</li>" for word in WORDS[:9]) + "</ul>")
    (listed,) = paper([many], types=("points",)).questions
    assert rules.worth(listed) == 5
    assert rules.earned(listed, "close", 0.6) == pytest.approx(3.0)
    assert rules.earned(typed, "unsure", 0.5) == 0


def test_chance_alone_is_said_of_what_is_chosen_or_believed() -> None:
    questions = paper(short(20), n=20, types=("mc", "tf")).questions
    assert sum(rules.by_chance(question) for question in questions) == pytest.approx(10 / 4 + 10 / 2)


@pytest.mark.parametrize(("label", "kind"), [("right", "typed"), ("wrong", "typed"), ("close", "near_miss")])
def test_a_typed_answer_proves_as_much_as_anywhere(label: str, kind: str) -> None:
    (question, *_others) = paper(short(3), types=("typed",)).questions
    verdict = replace(grade(question, right(question)), label=label)  # type: ignore[arg-type]
    evidence = rules.weigh(question, verdict)
    assert evidence is not None
    assert evidence.kind == kind
    assert rules.weigh(question, replace(verdict, label="unsure")) is None


def test_an_answered_question_is_open_no_longer() -> None:
    questions = paper(short(6), n=6).questions
    desk = Desk({}, tuple(question.item.id for question in questions), {}, (), 1, {}, paper=questions)
    assert rules.ask(desk) == list(questions)
    assert rules.ask(replace(desk, hand=(questions[0].item.id,))) == [questions[0]]


class Mark:
    def __init__(self, response: Response) -> None:
        self.response, self.label, self.got = response, "right", 1.0


def test_exports_hold_every_question_and_nothing_that_a_spreadsheet_would_run() -> None:
    questions = paper([*short(10), item("=SUM(A1)", "<p>{a~b}</p>")], n=0).questions
    rows = [(question, Mark(right(question))) for question in questions]
    told = list(csv.reader(io.StringIO(rules.EXPORTS["csv"][1]("Birds", rows, rules.worth))))
    assert len(told) == len(questions) + 1
    assert not any(cell.startswith("=") for line in told for cell in line)
    gift = rules.EXPORTS["gift"][1]("Birds", rows, rules.worth)
    assert r"\=SUM(A1)" in gift
    assert gift.count("::") >= 2


def test_whatever_a_card_or_a_question_has_is_kept_or_known_not_to_be() -> None:
    """A new field of these must be kept on a paper too, or be named here."""
    known = {
        "Item": {"id", "note", "deck", "front", "back", "direction", "position", "tags", "starred", "accepted", "distractors", "confused", "extra", "siblings"},
        "Side": {"html", "text", "kind", "lang", "points"},
        "Choice": {"id", "side", "right", "card"},
        "Rubric": {"question", "accepted", "points", "others", "lang", "strictness", "want_all", "marked"},
    }
    for one in (Item, Side, Choice, Rubric):
        assert {each.name for each in fields(one)} == known[one.__name__]


def test_the_one_short_definition_among_longer_ones_is_asked_as_the_mix_says() -> None:
    said = {
        "Osmosis": "water moves through a membrane to where more is dissolved",
        "Diffusion": "particles spread from where there are many to where there are few",
        "Enzyme": "a protein that makes a reaction faster and is not used up",
        "Ribosome": "where a cell builds proteins",
    }
    cards = [
        Item(card(term), card("n" + term), card("deck"), side_of(term, term), side_of(definition, definition), "forward") for term, definition in said.items()
    ]
    paper = rules.compose(cards, {one.id: one for one in cards}, DEFAULTS | {"types": ("mc",), "n": 4}, 7)
    assert paper.mix.counts == {"choice": 4}
    assert [question.qtype for question in paper.questions] == ["choice"] * 4
    assert all(len(question.choices) == 4 for question in paper.questions)
