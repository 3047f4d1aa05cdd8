"""Match: which cards make a board, what stands on its tiles, which of them fit together, and that nothing gives it away."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.grading import NotAnAnswer, grade
from kartoteka.engine.items import Item, Point, Side
from kartoteka.engine.questions import Response
from kartoteka.modes.match import rules
from kartoteka.modes.match.board import CLIP, clipped, fits, matchable, mixed, pair_of
from kartoteka.modes.tests.table import Learner, card, desk, item

NAMES = "abcdefghijklmnopqrstuvwxyz"


def deck(names: str = NAMES) -> dict[str, Item]:
    return {card(name): item(name) for name in names}


def long(name: str, *points: str) -> Item:
    text = "; ".join(points)
    return replace(item(name), back=Side(f"<p>{text}</p>", text, "long", points=tuple(Point(point, ("Causes",)) for point in points)))


@pytest.mark.parametrize(
    ("options", "count"), [({}, 6), ({"pairs": "3"}, 3), ({"pairs": "8"}, 8), ({"pairs": "99"}, 6), ({"way": "survival"}, 20), ({"way": "zen"}, 6)]
)
def test_a_board_has_as_many_pairs_as_were_chosen(options: dict[str, str], count: int) -> None:
    assert len(rules.pick(deck(), 7, options)) == count


@pytest.mark.parametrize("count", range(6))
def test_a_small_set_makes_a_small_board(count: int) -> None:
    assert len(rules.pick(deck(NAMES[:count]), 7, {})) == count


def test_another_board_has_other_cards() -> None:
    boards = {tuple(sorted(rules.pick(deck(), seed, {}))) for seed in range(10)}
    assert len(boards) > 8


def test_twins_are_never_on_one_board() -> None:
    cards = [item("a", term="Zinoviev"), item("b", term="zinoviev!"), item("c", definition="rival"), item("d", definition="Rival"), item("e", term="rival")]
    same_note = replace(item("f"), note=cards[0].note, direction="reversed")
    items = {one.id: one for one in (*cards, same_note)}
    for seed in range(20):
        chosen = set(rules.pick(items, seed, {}))
        assert len(chosen & {card("a"), card("b")}) <= 1
        assert len(chosen & {card("a"), card("f")}) <= 1
        assert len(chosen & {card("c"), card("d"), card("e")}) <= 1


def test_two_that_differ_are_found_whichever_comes_first() -> None:
    items = {
        one.id: one for one in (item("a", term="Rival", definition="one"), item("b", term="Rival", definition="two"), item("c", term="Ally", definition="one"))
    }
    assert all(set(rules.pick(items, seed, {})) == {card("b"), card("c")} for seed in range(30)), "the first is a twin of both"


def test_many_twins_are_looked_through_at_once() -> None:
    items = {one.id: one for one in (item(name, term="Rival", definition=str(n)) for n, name in enumerate(NAMES * 16))}
    many = {f"{n:032x}": replace(one, id=f"{n:032x}", note=f"{n:032x}") for n, one in enumerate(list(items.values()) * 16)}
    started = time.process_time()
    assert len(rules.pick(many, 7, {})) == 1
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([item("a")], rules.TOO_FEW),
        ([item("a", term="Rival", definition="one"), item("b", term="Rival", definition="two")], rules.TWINS),
        ([item("a"), replace(item("b"), back=Side("", "b", "cloze"))], rules.NO_TILES),
        ([replace(item(name), back=Side("<audio></audio>", "", "media")) for name in "abc"], rules.NO_TILES),
    ],
)
def test_why_there_is_no_board_is_said_as_it_is(items: list[Item], why: str) -> None:
    found = {one.id: one for one in items}
    assert len(rules.pick(found, 7, {})) < 2
    assert rules.why_few(found) == why


@pytest.mark.parametrize(
    ("front", "back", "may"),
    [
        (Side("<p>a</p>", "a"), Side("<p>b</p>", "b"), True),
        (Side("<p>a</p>", "a"), Side('<img src="x" alt="">', "", "media"), True),
        (Side("<p>a</p>", "a"), Side('<audio src="x"></audio>', "", "media"), False),
        (Side("<p>{{c1::a}}</p>", "a", "cloze"), Side("<p>b</p>", "b"), False),
        (Side("", ""), Side("<p>b</p>", "b"), False),
        (Side("<p>終電</p>", "終電", lang="ja"), Side("<p>آخر قطار</p>", "آخر قطار", lang="ar"), True),
    ],
    ids=["words", "a picture", "a sound alone", "blanks", "an empty side", "two scripts"],
)
def test_what_can_lie_on_a_board(front: Side, back: Side, may: bool) -> None:
    assert matchable(replace(item("a"), front=front, back=back)) == may


def test_a_long_side_shows_another_point_on_another_board() -> None:
    one = long("a", "grain ran short", "peasants refused", "prices fell")
    said = {pair_of(one, seed).answer.text for seed in range(30)}
    assert said == {"Causes: grain ran short", "Causes: peasants refused", "Causes: prices fell"}


def test_the_authors_other_wordings_take_their_turn() -> None:
    one = replace(item("a"), accepted=("the same in other words",))
    assert {pair_of(one, seed).answer.text for seed in range(30)} == {"definition a", "the same in other words"}


@given(st.text(max_size=400), st.integers(10, 120))
def test_a_clipped_text_is_no_longer_than_asked_and_begins_as_the_whole(text: str, most: int) -> None:
    short = clipped(text, most)
    assert len(short) <= most
    assert short == text or text.startswith(short[:-1].rstrip())


def test_a_text_without_spaces_is_clipped_by_signs() -> None:
    assert len(clipped("終" * 200)) == CLIP
    assert clipped("终电" * 3) == "终电" * 3


def test_its_own_partner_is_right_and_another_is_taken_for_what_it_is() -> None:
    first, second, *_rest = rules.ask(desk("abc"))
    right = next(choice.id for choice in first.choices if choice.right)
    other = next(choice.id for choice in first.choices if choice.card == second.item.id)
    assert grade(first, Response(choice=right)).score == 1
    wrong = grade(first, Response(choice=other))
    assert (wrong.score, wrong.mistaken_for) == (0, second.item.id)
    assert rules.weigh(first, wrong) is None
    with pytest.raises(NotAnAnswer):
        grade(first, Response(choice=first.item.id))


def test_any_partner_that_says_the_same_is_right() -> None:
    same = [item("a", definition="a rival"), item("b", definition="A rival."), item("c")]
    first = rules.ask(desk(same))[0]
    assert sorted(choice.card for choice in first.choices if choice.right) == [card("a"), card("b")]
    terms = [item("a", term="Peace"), item("b", term="peace")]
    assert all(choice.right for choice in rules.ask(desk(terms))[0].choices)


def test_fitting_goes_both_ways() -> None:
    one, other = pair_of(long("a", "x", "same"), 1), pair_of(long("b", "same", "y"), 1)
    assert fits(one, other) == fits(other, one)


def test_a_wrong_move_leaves_the_pair_and_counts() -> None:
    visit = Learner(rules, desk("abc"))
    visit.answer(1)
    assert {question.item.id: question.turn for question in rules.ask(visit.desk)} == {card("a"): 1, card("b"): 0, card("c"): 0}
    visit.answer(3)
    assert rules.tally(visit.desk) == {"pairs": 3, "matched": 1, "left": 2, "wrong": 1, "took_ms": 0}


def test_the_board_s_data_does_not_say_which_tiles_belong_together() -> None:
    board = rules.board(desk("abcdef"))
    told = json.dumps(board["definitions"])
    assert not any(card(name) in told for name in "abcdef")
    for tile in board["terms"]:
        partner = [each for each in board["definitions"] if mixed(f"{tile['card']}:{each['token']}") in tile["fits"]]
        assert [each["text"] for each in partner] == [tile["text"].replace("term", "definition")]


def test_every_tile_has_a_letter_and_a_place_of_its_own_and_keeps_it() -> None:
    visit = Learner(rules, desk("abcdefgh"))
    before = rules.board(visit.desk)
    tiles = [*before["terms"], *before["definitions"]]
    assert sorted(tile["letter"] for tile in tiles) == list("ABCDEFGHIJKLMNOP")
    visit.answer(3)
    after = rules.board(visit.desk)
    assert [(t["letter"], t["text"]) for t in after["terms"]] == [(t["letter"], t["text"]) for t in before["terms"]]
    assert sum(tile["gone"] for tile in after["terms"]) == sum(tile["gone"] for tile in after["definitions"]) == 1


def test_terms_do_not_stand_beside_their_definitions_by_rule() -> None:
    orders = {tuple(tile["text"] for tile in rules.board(desk("abcdef", seed=seed))["terms"]) for seed in range(8)}
    assert len(orders) > 4


def test_survival_refills_three_pairs_at_a_time_until_twenty_are_found() -> None:
    visit = Learner(rules, desk(NAMES[:20], way="survival"))
    lying = []
    while rules.ask(visit.desk):
        board = rules.board(visit.desk)
        on = [tile for tile in board["terms"] if tile["at"] is not None]
        assert len(on) == sum(1 for tile in board["definitions"] if tile["at"] is not None)
        assert board["cells"] == 12
        lying.append(len(on))
        here = {tile["card"] for tile in on}
        visit.answer(3, question=next(question for question in rules.ask(visit.desk) if question.item.id in here))
    assert lying[:8] == [6, 5, 4, 6, 5, 4, 6, 5]
    assert len(lying) == 20
    assert lying[-1] == 1


def test_a_reversed_card_puts_its_definition_and_asks_for_its_term() -> None:
    board = rules.board(desk([item("a", direction="reversed"), item("b", direction="reversed")]))
    assert {tile["text"] for tile in board["terms"]} == {"definition a", "definition b"}


def test_markup_is_shown_only_where_words_cannot_say_it() -> None:
    drawn = replace(item("a"), back=Side("<math><mi>x</mi></math>", "x", "media"))
    pair = pair_of(drawn, 1)
    assert pair.answer.html == "<math><mi>x</mi></math>"
    assert pair.prompt.html == ""


def test_a_formula_too_long_for_a_tile_is_read_out() -> None:
    tex, math = r"(a+b)^2=a^2+2ab+b^2", "<mi>a</mi><mo>+</mo><msup><mi>b</mi><mn>2</mn></msup><mo>+</mo><mi>c</mi><mo>=</mo><mi>d</mi>"
    side = Side(f'<math display="inline" alttext="{tex}">{math}</math>', tex)
    tile = pair_of(replace(item("a"), back=side), 0).answer
    assert (tile.html, tile.text) == ("", "a + b² + c = d")
