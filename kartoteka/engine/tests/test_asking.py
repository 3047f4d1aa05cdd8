"""How items become questions: every row of the table of edge cases that concerns them, and what may never stand as a wrong answer."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.engine import asking
from kartoteka.engine.distractors import alternatives, say_the_same
from kartoteka.engine.items import Item, Point, Side
from kartoteka.engine.notes import side_of
from kartoteka.engine.text import normal, plain

LONG = "<ul><li>Rivals<ul><li>Trotsky: removed as Commissar for War in 1925</li><li>Kamenev: lost Moscow</li></ul></li><li>Police under Dzerzhinsky</li></ul>"


def item(name: str, term: str, definition: str, *, lang: str = "", term_lang: str = "", **more: Any) -> Item:
    return Item(
        name.encode().hex().rjust(32, "0"),
        ("n" + name).encode().hex().rjust(32, "0"),
        "d" * 32,
        side_of(term, plain(term), term_lang, term=True),
        side_of(definition, plain(definition), lang),
        **more,
    )


def deck(*items: Item) -> dict[str, Item]:
    return {one.id: one for one in items}


CAPITALS = [("France", "Paris"), ("Italy", "Rome"), ("Spain", "Madrid"), ("Poland", "Warsaw"), ("Norway", "Oslo"), ("Greece", "Athens")]


def capitals(count: int = 6) -> dict[str, Item]:
    return deck(*(item(f"c{n}", term, definition) for n, (term, definition) in enumerate(CAPITALS[:count])))


def first(pool: dict[str, Item]) -> Item:
    return next(iter(pool.values()))


def dice(seed: int = 1) -> random.Random:
    return random.Random(seed)


def test_one_right_answer_stands_among_three_that_tempt() -> None:
    pool = capitals()
    question = asking.multiple_choice(first(pool), pool, dice())
    assert question is not None
    assert len(question.choices) == 4
    assert [choice.side.text for choice in question.choices if choice.right] == ["Paris"]
    assert question.id.split(".")[2:4] == ["choice", "f"]


@pytest.mark.parametrize(("count", "options"), [(1, None), (2, 2), (3, 3), (4, 4), (6, 4)])
def test_a_small_set_has_fewer_options_and_one_card_has_none(count: int, options: int | None) -> None:
    pool = capitals(count)
    question = asking.multiple_choice(first(pool), pool, dice())
    assert (question and len(question.choices)) == options
    assert ("typed" in asking.legal(first(pool))) is True


def test_no_card_can_be_asked_of_an_empty_side() -> None:
    assert asking.legal(item("a", "", "Paris")) == frozenset()


def test_the_same_dice_ask_the_same_question_whatever_the_order_of_the_pool() -> None:
    pool = capitals()
    backwards = dict(reversed(list(pool.items())))
    assert asking.multiple_choice(first(pool), pool, dice(5)) == asking.multiple_choice(first(pool), backwards, dice(5))


def test_a_twin_never_stands_as_a_wrong_answer() -> None:
    """Two cards with the definition Paris: neither is ever offered against the other."""
    pool = capitals() | deck(item("t", "City of light", "Paris"), item("u", "France", "a republic"))
    for seed in range(40):
        question = asking.multiple_choice(first(pool), pool, dice(seed))
        assert question is not None
        assert [choice.side.text for choice in question.choices].count("Paris") == 1
        assert "a republic" not in [choice.side.text for choice in question.choices], "the same term: its definition fits as well"
    assert asking.twins(first(pool), pool) == {one.id for one in pool.values() if one.front.text == "City of light" or one.back.text == "a republic"}


def test_an_accepted_answer_of_the_card_never_stands_as_a_wrong_one() -> None:
    pool = deck(item("a", "Leningrad today", "Saint Petersburg", accepted=("Petrograd",)), item("b", "1914", "Petrograd"), item("c", "capital", "Moscow"))
    question = asking.multiple_choice(first(pool), pool, dice())
    assert question is not None
    assert {choice.side.text for choice in question.choices} == {"Saint Petersburg", "Moscow"}


def test_a_form_of_the_right_answer_is_no_wrong_one() -> None:
    assert say_the_same("Paris; Lutetia", "Lutetia")
    assert say_the_same("The fall of the Berlin Wall", "the fall of the berlin wall!")
    assert not say_the_same("removed in 1924", "removed in 1925")
    assert not say_the_same("they urged it to become known", "they urged it not to become known")
    assert not say_the_same("tangle", "strangle")
    assert alternatives("a, b") == {"a, b", "a", "b"}


def test_the_authors_own_wrong_answers_come_first() -> None:
    pool = capitals()
    own = replace(first(pool), distractors=("Lyon", "Marseille", "Paris", "<b>Nice</b>"))
    question = asking.multiple_choice(own, pool, dice())
    assert question is not None
    wrong = {choice.side.text for choice in question.choices if not choice.right}
    assert wrong == {"Lyon", "Marseille", "Nice"}, "what says the same as the right answer is passed over"
    assert all(choice.id.startswith("own-") for choice in question.choices if not choice.right)


def test_one_own_wrong_answer_is_joined_by_other_cards() -> None:
    pool = capitals()
    question = asking.multiple_choice(replace(first(pool), distractors=("Lyon",)), pool, dice())
    assert question is not None
    assert "Lyon" in [choice.side.text for choice in question.choices]
    assert len(question.choices) == 4


def test_a_card_this_one_was_mistaken_for_is_preferred() -> None:
    pool = capitals()
    athens = next(one for one in pool.values() if one.back.text == "Athens")
    for seed in range(20):
        question = asking.multiple_choice(first(pool), pool, dice(seed), confused=(athens.id,))
        assert question is not None
        assert athens.id in [choice.id for choice in question.choices]


def test_wrong_answers_are_of_the_same_class_and_language() -> None:
    pool = deck(
        item("a", "dog", "chien", lang="fr"),
        item("b", "cat", "chat", lang="fr"),
        item("c", "house", "Haus", lang="de"),
        item("d", "bird", "a warm blooded animal with feathers that lays eggs", lang="fr"),
    )
    question = asking.multiple_choice(first(pool), pool, dice())
    assert question is not None
    assert {choice.side.text for choice in question.choices} == {"chien", "chat"}


def test_auto_asks_for_the_short_side_where_answers_are_recognised_and_counts_for_the_one_card() -> None:
    pool = deck(item("a", "Rivals", LONG), item("b", "Opposition", LONG.replace("Kamenev", "Zinoviev").replace("1925", "1926").replace("Police", "Army")))
    card = first(pool)
    choice, written = asking.multiple_choice(card, pool, dice()), asking.points(card, pool)
    assert choice is not None
    assert written is not None
    assert (choice.direction, choice.item.id, written.direction) == ("reversed", card.id, "forward")
    assert choice.answer.text == "Rivals"


def test_a_chosen_direction_stands() -> None:
    pool = capitals()
    assert [asking.facing(first(pool), "choice", direction) for direction in ("term", "definition", "reversed", "forward")] == [
        "reversed",
        "forward",
        "reversed",
        "forward",
    ]
    assert asking.facing(replace(first(pool), direction="reversed"), "typed") == "reversed"


def test_a_long_side_is_put_as_one_point_with_what_stands_above_it() -> None:
    side = side_of(LONG, plain(LONG))
    assert side.kind == "long"
    assert asking.excerpt(side, 0).text == "Rivals: Trotsky: removed as Commissar for War in 1925"
    long_point = side_of("<ul><li>" + "word " * 80 + "</li><li>b</li></ul>", "")
    cut = asking.excerpt(long_point, 0)
    assert len(plain(cut.html)) <= 160
    assert plain(cut.html).endswith("word…")
    assert len(cut.text) > 300, "the whole of it stays at hand"


def test_a_point_that_another_card_has_too_is_not_the_one_put() -> None:
    shared = "<ul><li>founded in the year 1924</li><li>%s</li></ul>"
    pool = deck(item("a", "Party", shared % "had many members"), item("b", "Union", shared % "had few friends"))
    for seed in range(20):
        question = asking.multiple_choice(first(pool), pool, dice(seed))
        assert question is not None
        assert question.prompt.text == "had many members"


def test_a_long_answer_is_one_point_that_is_no_point_of_the_right_card() -> None:
    pool = deck(
        *(
            item(
                f"l{n}", f"When the committee {n} met and decided what should be done next", LONG.replace("1925", str(1925 + n)).replace("Moscow", f"city {n}")
            )
            for n in range(4)
        )
    )
    for seed in range(20):
        question = asking.multiple_choice(first(pool), pool, dice(seed), direction="forward")
        if question is None:
            continue
        own = {point.alone for point in first(pool).back.points}
        assert all(choice.right or choice.side.text not in own for choice in question.choices)


def test_a_quote_is_shown_and_never_asked() -> None:
    quote = "“Peace, land and bread for all the people of this country”"
    pool = deck(item("a", quote, "Lenin, 1917"), item("b", "“One step forward, two steps back for the whole party”", "Lenin, 1904"))
    card = first(pool)
    assert card.front.kind == "quote"
    assert asking.facing(card, "choice") == "forward"
    assert asking.facing(card, "choice", "term") is None
    assert asking.typed(card, pool, direction="term") is None
    definition = item("c", "Lenin in April", quote)
    assert "typed" not in asking.legal(definition)
    assert asking.facing(definition, "choice") == "reversed"


def test_a_quote_can_be_finished_but_not_typed_whole() -> None:
    card = item("a", "“Peace, land and bread for all the people of this country”", "Lenin")
    question = asking.finish_the_quote(card, dice())
    assert question is not None
    assert question.rubric is not None
    assert question.prompt.text.endswith("[…]”")
    assert question.prompt.text.replace("[…]", question.answer.text) == card.front.text
    assert question.rubric.accepted == (question.answer.text,)
    assert asking.finish_the_quote(item("b", "France", "Paris"), dice()) is None


def test_equal_terms_are_told_apart_by_a_tag_or_by_the_first_words() -> None:
    pool = deck(
        item("a", "Mercury", "the planet nearest to the sun", tags=("sky",)),
        item("b", "Mercury", "a metal that is liquid", tags=("matter",)),
        item("c", "Mercury", "a god with wings on his shoes"),
    )
    prompts = [question.prompt.text for one in pool.values() if (question := asking.typed(one, pool)) is not None]
    assert prompts == ["Mercury (sky)", "Mercury (matter)", "Mercury (a god with …)"]


def test_equal_definitions_take_either_term() -> None:
    pool = deck(item("a", "automobile", "a car"), item("b", "motorcar", "a car"), item("c", "bicycle", "two wheels"))
    rubric = asking.rubric_of(first(pool), pool, "reversed")
    assert rubric.accepted == ("automobile", "motorcar")
    assert [other.text for other in rubric.others] == ["bicycle"]


def test_the_twins_answer_is_known_as_another_cards() -> None:
    pool = deck(item("a", "Mercury", "planet"), item("b", "Mercury", "metal"))
    rubric = asking.rubric_of(first(pool), pool)
    assert rubric.accepted == ("planet",)
    assert [other.text for other in rubric.others] == ["metal"]


def test_only_pictures_are_chosen_and_never_typed() -> None:
    pool = deck(*(item(f"p{n}", f"flower {n}", f'<img src="{n}.png" alt="">') for n in range(4)))
    card = first(pool)
    assert card.back.kind == "media"
    assert asking.legal(card, "forward") == {"self", "choice", "tf", "pairs"}
    question = asking.multiple_choice(card, pool, dice(), direction="forward")
    assert question is not None
    assert len({choice.side.html for choice in question.choices}) == 4


def test_a_formula_is_typed_and_judged_strictly() -> None:
    card = item("m", "Pythagoras", '<math alttext="a^2+b^2=c^2"><mi>a</mi></math>')
    question = asking.typed(card, deck(card))
    assert question is not None
    assert question.rubric is not None
    assert question.rubric.strictness == "strict"


def test_a_blank_is_typed_and_two_blanks_are_points() -> None:
    def cloze(name: str, *blanks: str) -> Item:
        back = side_of("", " ".join(blanks))
        return replace(item(name, "The capital of France is […]", "x"), back=replace(back, kind="cloze", points=tuple(Point(blank) for blank in blanks)))

    one, two = cloze("a", "Paris"), cloze("b", "Paris", "Seine")
    question = asking.typed(one, deck(one))
    assert question is not None
    assert question.rubric is not None
    assert question.rubric.accepted == ("Paris",)
    assert asking.legal(one) == {"self", "choice", "typed"}
    assert asking.legal(two) == {"self", "choice", "points"}


@pytest.mark.parametrize(
    ("term", "definition", "langs", "expected"),
    [
        ("Hund", "dog", ("de", "en"), "moderate"),
        ("NEP", "New Economic Policy", ("en", "en"), "relaxed"),
        ("NEP", "New Economic Policy", ("", ""), "relaxed"),
        ("собака", "dog", ("", ""), "moderate"),
        ("loop", "<code>for x in y</code>", ("en", "en"), "strict"),
    ],
)
def test_how_strictly_an_answer_is_judged_follows_from_its_sides(term: str, definition: str, langs: tuple[str, str], expected: str) -> None:
    card = item("a", term, definition, term_lang=langs[0], lang=langs[1])
    assert asking.rubric_of(card, deck(card)).strictness == expected
    assert asking.rubric_of(card, deck(card), strictness="strict").strictness == "strict"


def test_one_point_is_asked_with_its_context_or_with_how_it_begins() -> None:
    card = item("a", "Rise of Stalin", LONG)
    question = asking.points(card, deck(card), point=0)
    assert question is not None
    assert question.rubric is not None
    assert (question.point, question.extra["context"], question.extra["place"], question.extra["of"]) == (0, "Rivals", 1, 3)
    assert [point.text for point in question.rubric.points] == ["Trotsky: removed as Commissar for War in 1925"]
    alone = asking.points(card, deck(card), point=2)
    assert alone is not None
    assert alone.extra["begins"] == "Police"
    assert asking.points(card, deck(card), point=9) is None


@pytest.mark.parametrize(
    ("term", "definition", "lang"),
    [("終電", "the last train of the day", "ja"), ("قطار", "train", "ar"), ("רכבת", "train", "he"), ("電車", "train (electric)", "zh")],
)
def test_scripts_of_all_directions_are_asked_both_ways(term: str, definition: str, lang: str) -> None:
    pool = deck(
        item("a", term, definition, term_lang=lang, lang="en"),
        item("b", term[::-1], "bus", term_lang=lang, lang="en"),
        item("c", term + term, "tram", term_lang=lang, lang="en"),
    )
    for direction in ("forward", "reversed"):
        question = asking.multiple_choice(first(pool), pool, dice(), direction=direction)
        assert question is not None
        assert len(question.choices) >= 2
        assert question.prompt.lang == (lang if direction == "forward" else "en")


def test_true_or_false_is_true_as_often_as_it_is_false() -> None:
    pool = capitals()
    claims = [question.claim for seed in range(200) if (question := asking.true_false(first(pool), pool, dice(seed))) and question.claim]
    assert len(claims) == 200
    assert 70 < sum(claim.right for claim in claims) < 130
    wanted = asking.true_false(first(pool), pool, dice(), true=False)
    assert wanted is not None
    assert wanted.claim is not None
    assert not wanted.claim.right


def test_true_or_false_needs_something_that_is_false() -> None:
    pool = capitals(1)
    assert asking.true_false(first(pool), pool, dice()) is None
    only = asking.true_false(first(pool), pool, dice(), true=True)
    assert only is not None


def test_pairs_hold_no_two_that_say_the_same() -> None:
    pool = capitals() | deck(item("t", "City of light", "Paris"), item("u", "France", "a republic"))
    question = asking.pairs(pool.values(), dice())
    assert question is not None
    prompts = [prompt["text"] for prompt in question.extra["prompts"]]
    assert len(prompts) == len(set(prompts)) == len(question.choices) == 6
    assert len({normal(choice.side.text) for choice in question.choices}) == 6
    assert asking.pairs(list(pool.values())[:1], dice()) is None


def test_a_question_never_carries_the_answer_in_what_is_sent_beside_it() -> None:
    pool = deck(item("a", "Rivals", LONG), item("b", "Army", LONG.replace("Trotsky", "Frunze")))
    card = first(pool)
    for question in (asking.points(card, pool, point=0), asking.typed(first(capitals()), capitals()), asking.true_false(first(capitals()), capitals(), dice())):
        assert question is not None
        assert question.answer.text not in str(dict(question.extra))


def test_a_card_of_twenty_thousand_is_asked_in_a_few_milliseconds() -> None:
    pool = deck(*(item(f"{n:05d}", f"term {n}", f"answer {n}") for n in range(2000)))
    question = asking.multiple_choice(first(pool), pool, dice())
    assert question is not None
    assert len(question.choices) == 4


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8), st.integers(0, 2**32), st.sampled_from(["auto", "forward", "reversed"]))
def test_whatever_stands_on_the_cards_exactly_one_choice_is_right_and_no_other_says_the_same(sides: list[tuple[str, str]], seed: int, direction: str) -> None:
    pool = deck(*(replace(item(f"h{n}", "a", "b"), front=Side(t, t), back=Side(d, d)) for n, (t, d) in enumerate(sides)))
    for one in pool.values():
        question = asking.multiple_choice(one, pool, dice(seed), direction=direction)
        if question is None:
            continue
        assert sum(choice.right for choice in question.choices) == 1
        assert 2 <= len(question.choices) <= 4
        right = question.answer.text
        assert not any(say_the_same(choice.side.text, right) for choice in question.choices if not choice.right)


def test_short_and_longer_answers_stand_beside_each_other_only_where_nothing_of_the_same_class_does() -> None:
    said = {"Ribosome": "builds proteins", "Enzyme": "a protein that makes a reaction faster and is not used up", "Mitosis": "one cell becomes two"}
    cards = [item(term, term, definition) for term, definition in said.items()]
    ribosome, enzyme = cards[0], cards[1]
    lonely = asking.multiple_choice(ribosome, deck(ribosome, enzyme), dice(), direction="definition")
    assert lonely is not None
    assert {choice.side.text for choice in lonely.choices} == {said["Ribosome"], said["Enzyme"]}
    crowd = asking.multiple_choice(ribosome, deck(*cards), dice(), direction="definition")
    assert crowd is not None
    assert {choice.side.text for choice in crowd.choices} == {said["Ribosome"], said["Mitosis"]}
