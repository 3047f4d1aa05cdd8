"""Copied pages come in exactly, and what is wrong with them is said."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.formats.knowt import format as knowt
from kartoteka.formats.knowt.page import bare, is_furniture
from kartoteka.formats.prose import html_of, lines_of

SAMPLES = Path(__file__).parent.parent / "samples"
LAYOUT_A = (SAMPLES / "layout_a.txt").read_text()
CARDS = [
    ("Moraine", "Rock that a glacier leaves behind"),
    (
        "Drumlin",
        "<ul><li>A smooth hill<ul><li>steep where the ice came from</li><li>gentle where it went</li></ul></li><li>Made under the ice</li></ul>",
    ),
    ("12", "<p>Thousands of years since the last ice age ended, about</p><p>Less in the north</p>"),
    ("“The glacier was God’s great plough.”", "Louis Agassiz, 1866"),
    ("Erratic", "<p>A stone far from home: 7 of 10 came by ice</p><p>New cards for a geologist</p>"),
]
HEAD = LAYOUT_A[: LAYOUT_A.index("5 Terms")]


def read(page: str | bytes | Path, **options: str) -> Bundle:
    if isinstance(page, Path):
        return knowt.read(Source(name=page.name, path=page), options)
    return knowt.read(Source(data=page.encode() if isinstance(page, str) else page), options)


def sides(bundle: Bundle) -> list[tuple[str, str]]:
    return [(note.fields["term"], note.fields["definition"]) for note in bundle.decks[0].notes]


def page_of(*cards: tuple[str, str], count: int | None = None) -> str:
    body = "".join(f"{number}\nNew cards\n\n{term}\n\n{definition}\n\n" for number, (term, definition) in enumerate(cards, start=1))
    return f"{HEAD}{count or len(cards)} Terms\n\n{body}"


def said(bundle: Bundle) -> list[str]:
    return [problem.what for problem in bundle.problems]


@pytest.mark.parametrize("name", ["layout_a.txt", "layout_a2.txt", "layout_b.txt", "layout_d.txt"])
def test_each_layout_comes_in_exactly(name: str) -> None:
    bundle = read(SAMPLES / name)
    assert sides(bundle) == CARDS
    assert (bundle.decks[0].title, bundle.declared, bundle.problems, bundle.ambiguous) == ("Ice ages", 5, (), False)
    assert knowt.recognises((SAMPLES / name).read_bytes(), name) > 0.95


def test_description_and_tags_are_read_where_the_page_has_them() -> None:
    described = read(SAMPLES / "layout_a2.txt").decks[0]
    assert described.description == "What the ice left behind. For the test in May."
    assert described.tags == ("Physical Geography",)
    assert read(SAMPLES / "layout_b.txt").decks[0].description == "What the ice left behind."
    for name in ("layout_a.txt", "layout_d.txt"):
        assert (read(SAMPLES / name).decks[0].description, read(SAMPLES / name).decks[0].tags) == ("", ())


def test_the_page_s_furniture_is_named_and_no_card_is_among_it() -> None:
    ignored = read(SAMPLES / "layout_d.txt").ignored
    assert "Send a link to your students to track their progress" in ignored
    assert "5 Terms" in ignored
    assert not {"Ice ages", "Moraine", "Drumlin"} & set(ignored)


def test_each_card_knows_its_line() -> None:
    lines = LAYOUT_A.split("\n")
    assert [lines[(note.line or 0) - 1] for note in read(LAYOUT_A).decks[0].notes] == ["1", "2", "3", "4", "5"]


def test_line_ends_and_hard_blanks_change_nothing() -> None:
    for page in (
        LAYOUT_A.replace("\n", "\r\n"),
        LAYOUT_A.replace("\n", "\r"),
        "\ufeff" + LAYOUT_A,
        LAYOUT_A.replace("New cards\n", "New\u00a0cards \u200b\n"),
        LAYOUT_A.replace("  •", "\u00a0\u00a0•"),
    ):
        assert sides(read(page)) == CARDS
    assert sides(read(LAYOUT_A.encode("utf-16"))) == CARDS
    assert sides(read(LAYOUT_A.replace("\n", "\n\n"))) == CARDS


def test_a_page_without_its_upper_part_still_has_its_cards() -> None:
    bundle = read(LAYOUT_A[LAYOUT_A.index("\n2\n") :])
    assert sides(bundle) == CARDS[1:]
    assert "number 2" in said(bundle)[0]
    assert sides(read(LAYOUT_A[LAYOUT_A.index("5 Terms") :])) == CARDS


def test_a_page_without_blank_lines_takes_the_first_line_as_term() -> None:
    page = re.sub(r"\n+", "\n", LAYOUT_A)
    assert sides(read(page))[2] == ("12", "Thousands of years since the last ice age ended, about<br>Less in the north")


@pytest.mark.parametrize(
    "trap",
    [
        ("7", "seven"),
        ("2", "the first card's term is the next number"),
        ("New cards", "a status as a term"),
        ("a", "7"),
        ("a", "7\n\nNew cards"),
        ("a", "New cards"),
        ("a", "Mastered\n\nStill learning"),
        ("a", "12 Terms"),
        ("a", "1\n\nNew cards\n\nb"),
        ("a", "Study Analytics\n\n1/31\n\nName"),
        ("Test", "Matching"),
        ("a", "line one\nline two\n\nafter"),
        ("a < b", "x & y > z"),
        ("日本", "  • 東京\n\n  • 京都"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_card_may_say_what_the_page_says(trap: tuple[str, str], place: int) -> None:
    cards = [("first", "one"), ("second", "two"), ("third", "three")]
    cards[place] = trap
    expected = [(html_of(term), html_of(definition)) for term, definition in cards]
    assert sides(read(page_of(*cards))) == expected
    after = "".join(f"{number}\n\n{term}\n\n{definition}\n\nNew cards\n" for number, (term, definition) in enumerate(cards, start=1))
    assert sides(read(f"{HEAD}3 Terms\n\n{after}")) == expected


def test_a_number_beside_a_status_inside_a_card_is_said() -> None:
    bundle = read(page_of(("a", "x\n\n2\nNew cards\n\ny"), ("b", "z")))
    assert any("Card 2 may begin" in what for what in said(bundle))


def test_a_description_may_count_terms() -> None:
    bundle = read(HEAD.replace("There's no tags or description", "Learn these 3 terms\n\n3 Terms") + "1 Term\n\n1\nNew cards\n\na\n\nb\n")
    assert sides(bundle) == [("a", "b")]
    assert "3 Terms" in bundle.decks[0].description


def test_an_image_only_side_is_said_with_its_line() -> None:
    page = f"{HEAD}4 Terms\n\n1\nNew cards\n\na\n\nb\n\n2\nNew cards\n\n\nonly a definition\n\n3\nNew cards\n\nonly a term\n\n\n4\nNew cards\n\n\n\n"
    bundle = read(page)
    assert sides(bundle) == [("a", "b"), ("", "only a definition"), ("only a term", ""), ("", "")]
    assert [problem.line for problem in bundle.problems] == [note.line for note in bundle.decks[0].notes[1:]]
    assert [what.split(" on this page")[0] for what in said(bundle)] == [
        "Card 2 has no term",
        "Card 3 has no definition",
        "Card 4 has neither a term nor a definition",
    ]


def test_a_cut_page_is_said_and_its_tail_glued_to_no_card() -> None:
    bundle = read(SAMPLES / "cut.txt")
    assert (bundle.declared, bundle.notes) == (175, 6)
    assert sides(bundle)[-1] == ("Cirque", "")
    assert any("175 terms, and 6 are here" in what for what in said(bundle))
    foot = read(page_of(("a", "b"), ("c", "d"), count=175) + "\nExplore top flashcards\n\nWorld War I\n0.0(0)\nstudied byStudied by 12 people\n")
    assert sides(foot) == [("a", "b"), ("c", "d")]
    assert "World War I" in foot.ignored
    assert any("belong to the page" in what for what in said(foot))


def test_a_hole_in_the_page_is_said() -> None:
    page = page_of(*[(f"t{n}", f"d{n}") for n in range(1, 31)])
    cut = page[: page.index("\n11\nNew") + 1] + page[page.index("\n25\nNew") + 1 :]
    bundle = read(cut)
    assert [term for term, _definition in sides(bundle)] == [f"t{n}" for n in (*range(1, 11), *range(25, 31))]
    assert sum("was not found" in what for what in said(bundle)) == 14


def test_a_second_page_below_is_said() -> None:
    bundle = read(LAYOUT_A + "\n" + (SAMPLES / "layout_b.txt").read_text())
    assert sides(bundle)[:4] == CARDS[:4]
    assert any(problem.severity == "refused" and "paste each page on its own" in problem.what for problem in bundle.problems)


def test_lines_that_pair_off_are_paired_with_a_warning() -> None:
    bundle = read(SAMPLES / "layout_c.txt")
    assert sides(bundle) == [("Moraine", "Rock that a glacier leaves behind"), ("Test", "A trial"), ("Erratic", "A stone far from home")]
    assert [problem.severity for problem in bundle.problems] == ["warning"]
    assert (bundle.declared, bundle.ambiguous, bundle.choices["pairing"]) == (3, False, "lines")


def test_lines_that_do_not_pair_off_are_never_guessed() -> None:
    bundle = read(SAMPLES / "layout_c_undecided.txt")
    assert (bundle.declared, bundle.ambiguous, bundle.notes, bundle.choices) == (3, True, 0, {"pairing": "none"})
    assert [problem.severity for problem in bundle.problems] == ["refused"]
    chosen = read(SAMPLES / "layout_c_undecided.txt", pairing="lines")
    assert not chosen.ambiguous
    assert sides(chosen)[2] == ("Made under the ice", "Erratic")
    assert any("left over" in what for what in said(chosen))
    assert read(SAMPLES / "layout_c.txt", pairing="none").ambiguous


def test_what_is_no_page_is_refused() -> None:
    for text in ("a\tb\nc\td", "just some words", HEAD):
        with pytest.raises(Unreadable):
            read(text)
    assert knowt.recognises(b"a\tb\nc\td", "") == 0
    assert knowt.recognises(HEAD.encode(), "") > 0.5


def test_a_long_page_is_read_at_once() -> None:
    bundle = read(page_of(*[(f"term {n}", f"definition {n}\n\n  • point") for n in range(1, 5_001)]))
    assert bundle.notes == 5_000
    assert not bundle.problems
    assert read(page_of(("a", "1\n\n" * 5_000))).notes == 1
    assert read(page_of(("a", "1\nNew cards\n\n" * 5_000))).notes == 1


def mutated(page: str, dice: random.Random) -> str:
    lines = page.split("\n")
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        at = dice.randrange(len(lines))
        line = lines[at]
        how = dice.randrange(9)
        if how == 0:
            del lines[at]
        elif how == 1:
            lines.insert(at, line)
        elif how == 2:
            lines.insert(at, "")
        elif how == 3 and line:
            place = dice.randrange(len(line))
            lines[at] = line[:place] + line[place + 1 :]
        elif how == 4:
            lines[at] = line + dice.choice("0123456789 \u00a0\u200bxÄ")
        elif how == 5:
            other = dice.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif how == 6:
            lines = lines[: max(at, 60)]
        elif how == 7:
            lines.insert(at, dice.choice(("New cards", "7", "12 Terms", "1/31", "•", "\tx", "Mastered", "3\nNew cards", "0.0(0)")))
        elif how == 8:
            del lines[at : at + dice.randrange(1, 12)]
    return "\n".join(lines)


def words_of(bundle: Bundle) -> str:
    deck = bundle.decks[0]
    kept = " ".join(lines_of(side) for note in deck.notes for side in note.fields.values())
    said = " ".join(problem.what for problem in bundle.problems)
    return bare(" ".join((deck.title, lines_of(deck.description), *deck.tags, *bundle.ignored, kept, said)).replace("•", " "))


@pytest.mark.parametrize("page", ["seed", "layout_a.txt", "layout_b.txt"])
def test_no_mutation_crashes_it_or_loses_a_card_in_silence(page: str, request: pytest.FixtureRequest) -> None:
    file = request.getfixturevalue("samples") / "formats" / "knowt_seed" / "seed_000.txt" if page == "seed" else SAMPLES / page
    text = file.read_text()
    cards = read(text).notes
    for seed in range(2000 if page == "seed" else 500):
        changed = mutated(text, random.Random(seed))
        bundle = read(changed)
        told = [problem for problem in bundle.problems if problem.severity != "info"]
        assert bundle.notes == cards or told, f"seed {seed}: {bundle.notes} cards in silence"
        if seed % 4:  # the search for each line takes longer than reading
            continue
        kept = words_of(bundle)
        for line in (bare(line).replace("•", "").strip() for line in changed.split("\n")):
            if line and line.lower() not in knowt.pages.STATUSES and not is_furniture(line) and not re.fullmatch(r"\W*\w{0,9}\W*|\d+ Terms?.?", line):
                assert " ".join(line.split()) in kept or told, f"seed {seed}: lost “{line}”"


@pytest.mark.parametrize(
    "name",
    [
        "knowt_seed/seed_000.txt",
        "own_made/knowt/A_2025_number_status_term_def.txt",
        "own_made/knowt/A_mixed_status.txt",
        "own_made/knowt/B_jan2025_status_after_def.txt",
        "own_made/knowt/C_reader_mode_pairs.txt",
    ],
)
def test_real_pages_come_in_exactly(samples: Path, name: str) -> None:
    file = samples / "formats" / name
    expected = json.loads(file.with_name(file.name + ".expected.json").read_text())
    bundle = read(file)
    assert sides(bundle) == [(html_of(term), html_of(definition)) for term, definition in expected["cards"]]
    assert bundle.declared == expected["declared"]
    assert bundle.decks[0].title == expected.get("title", "C reader mode pairs")
    assert all(problem.severity == "warning" for problem in bundle.problems) if "C_" in name else bundle.problems == ()


def test_a_page_whose_own_table_came_with_tabs_is_known() -> None:
    page = "Cells\nName\tMastery\tLearn\tTest\nNo analytics yet\n\n2 Terms\n\n1\nNew cards\n\na\n\nb\n\n2\nMastered\n\nc\n\nd\n"
    assert knowt.recognises(page.encode(), "x.txt") > 0.9
    assert knowt.recognises(b"1\ta\n2\tb\n2 Terms\tc\n", "x.txt") == 0
