"""Markdown: each dialect in its own sample, what is no card, packed folders, and writing that reads back."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Source, Unreadable
from kartoteka.formats.markdown import format as markdown
from kartoteka.formats.marks import html_of_markdown, markdown_of

SAMPLES = Path(__file__).parent.parent / "samples"


def sample(name: str, **options: str) -> Bundle:
    return markdown.read(Source(name=name, data=(SAMPLES / name).read_bytes()), options)


def cards(bundle: Bundle) -> list[tuple[str, str]]:
    return [(note.fields["term"], note.fields["definition"]) for deck in bundle.decks for note in deck.notes]


def test_obsidian_s_cards_with_their_schedules() -> None:
    bundle = sample("obsidian.md")
    (deck,) = bundle.decks
    assert (deck.title, bundle.choices["dialect"]) == ("flashcards/biology", "spaced")
    assert cards(bundle) == [
        ("Where is DNA kept?", "In the nucleus"),
        ("left", "links"),
        ("What does a ribosome do?", "<p>It makes proteins</p><ul><li>from amino acids</li></ul>"),
        ("The {{c1::mitochondrion}} makes {{c2::ATP}}.", ""),
    ]
    assert [dict(card.standing) for card in deck.notes[1].cards] == [
        {"due": "2024-03-20", "interval_days": 12, "ease": 270},
        {"due": "2024-03-21", "interval_days": 5, "ease": 250},
    ]
    assert deck.notes[0].tags == ("school",)


def test_obsidian_to_anki_s_blocks() -> None:
    bundle = sample("anki.md")
    (deck,) = bundle.decks
    assert deck.title == "Biology"
    assert cards(bundle) == [("What is DNA?", "A long molecule"), ("Where is it kept?", "In the nucleus"), ("The {{c1::heart}} pumps {{c2::blood}}.", "")]
    assert (deck.notes[0].guid, deck.notes[0].tags) == ("1700000000000", ("cell", "basics"))


def test_a_block_without_fields_is_left_as_it_is() -> None:
    assert cards(markdown.read(Source(name="x.md", data=b"START\nBasic\n\nEND\n\nSTART\nBasic\na\nBack: b\nEND\n"), {}))[-1] == ("a", "b")


def test_hashcards_letters() -> None:
    assert cards(sample("hashcards.md")) == [
        ("What is DNA?", "A long molecule"),
        ("Which bases?", "<ul><li>adenine</li><li>thymine</li></ul>"),
        ('The {{c1::heart}} pumps {{c2::blood}}, see <a href="https://example.org">a page</a>.', ""),
    ]


def test_remnote_s_arrows() -> None:
    bundle = sample("remnote.md")
    assert bundle.choices["dialect"] == "remnote"
    assert cards(bundle) == [
        ("Nucleus", "where DNA is kept"),
        ("Ribosome", "makes proteins"),
        ("parts", "<ul><li>membrane</li><li>nucleus</li></ul>"),
        ("Cell › size", "a few micrometres"),
        ("The {{c1::heart}} pumps", ""),
    ]
    assert [len(note.cards) for note in bundle.decks[0].notes] == [2, 0, 0, 0, 0]


def test_logseq_s_blocks() -> None:
    bundle = sample("logseq.md")
    (first, second) = bundle.decks[0].notes
    assert (first.fields["term"], first.fields["definition"], first.tags, first.guid) == ("Where is DNA kept?", "In the nucleus", ("biology",), "64b0c9a1")
    assert first.cards[0].standing == {"interval_days": 4.0, "reps": 2.0, "due": "2024-02-05T00:00:00.000Z"}
    assert second.fields["term"] == "The {{c1::heart}} pumps {{c2::blood::a liquid}}"


def test_plain_notes_offer_what_could_be_cards() -> None:
    bundle = sample("plain.md")
    assert bundle.decks[0].title == "Cell respiration"
    assert cards(bundle) == [("ATP", "energy carrier"), ("NADH", "electron | carrier")]
    assert dict(bundle.offers["take"]) == {"tables": "2", "questions": "1", "pairs": "1", "headings": "1", "all": "5"}
    assert cards(sample("plain.md", take="questions")) == [("Where is ATP synthase?", "Inner membrane")]
    assert cards(sample("plain.md", take="pairs")) == [("Glycolysis", "breaks glucose")]


@pytest.mark.parametrize("text", ["```\na::b\n```", "`a::b`", "$a::b$", "https://example.org/a::b"])
def test_code_formulas_and_addresses_are_no_cards(text: str) -> None:
    with pytest.raises(Unreadable):
        markdown.read(Source(name="x.md", data=f"#flashcards\n\n{text}\n".encode()), {})


@pytest.mark.parametrize(
    "text",
    [
        "[[" * 50_000,
        "=" * 200_000,
        "`" * 100_000,
        "**" * 50_000,
        "> " * 20_000,
        "- " * 20_000,
        "<div>" * 50_000,
        "#card\n" * 30_000,
        "==a" * 60_000,
        "$$" * 60_000,
    ],
)
def test_hostile_notes_end_soon(text: str) -> None:
    started = time.process_time()
    for dialect in ("spaced", "obsidian-anki", "hashcards", "logseq", "remnote", "plain"):
        with contextlib.suppress(Unreadable):
            markdown.read(Source(name="x.md", data=f"Q: {text}\nA: b\n\n- c {text}".encode()), {"dialect": dialect})
    assert time.process_time() - started < 20


def test_a_packed_folder_is_read_note_by_note() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("vault/a.md", "#flashcards/x\n\nA::B")
        box.writestr("vault/b.md", "Only words.")
        box.writestr("vault/c.md", "Q: c?\nA: d")
    data = out.getvalue()
    assert markdown.recognises(data, "vault.zip") > 0.8
    assert sorted(cards(markdown.read(Source(name="vault.zip", data=data), {}))) == [("A", "B"), ("c?", "d")]


FIELDS = [
    "plain",
    "a &lt;b&gt; &amp; c",
    "<b>bold</b> and <i>slanted</i>",
    "<ul><li>one</li><li>two<ul><li>deeper</li></ul></li></ul>",
    "<p>first</p><p>second</p>",
    "line<br>break",
    "5 * 3 * 2 and snake_case_word",
    "\\(a_b^c\\) stays",
    "# not a heading",
    "1. not a list",
    "H<sub>2</sub>O",
    "<table><tr><td>a</td><td>b</td></tr></table>",
    '<img src="cell 1.png">',
    "Q: in a field",
]


@pytest.mark.parametrize("html", FIELDS)
def test_what_is_written_reads_back(html: str) -> None:
    notes = (BundleNote({"term": "t", "definition": html}, tags=("a", "b c")), BundleNote({"term": html, "definition": "d"}))
    out = io.BytesIO()
    markdown.write(Bundle("kartoteka", (BundleDeck("My set", notes),)), out, {})
    (deck,) = markdown.read(Source(name="x.md", data=out.getvalue()), {}).decks
    assert deck.title == "My set"
    assert [note.tags for note in deck.notes] == [("a", "b c"), ()]
    plain = [(same(note.fields["term"]), same(note.fields["definition"])) for note in deck.notes]
    assert plain == [("t", same(html)), (same(html), "d")]


def same(html: str) -> str:
    """Two ways to write the same: <strong> is <b>, a missing alt is an empty one."""
    for one, other in (("strong>", "b>"), ("em>", "i>"), (' alt="" /', ""), (' alt=""', ""), ("\n", ""), ("<tbody>", ""), ("</tbody>", "")):
        html = html.replace(one, other)
    return html


def test_blanks_are_written_in_brackets() -> None:
    out = io.BytesIO()
    note = BundleNote({"term": "The {{c1::heart}} pumps {{c2::blood::a liquid}}", "definition": ""}, kind="cloze")
    markdown.write(Bundle("kartoteka", (BundleDeck("S", (note,)),)), out, {})
    (back,) = markdown.read(Source(name="x.md", data=out.getvalue()), {}).decks[0].notes
    assert (back.kind, back.fields["term"]) == ("cloze", "The {{c1::heart}} pumps {{c2::blood}}")


def test_formulas_survive_markdown() -> None:
    assert html_of_markdown("$a_1 * b_2 * c$ and $5 to $6") == "\\(a_1 * b_2 * c\\) and $5 to $6"
    assert markdown_of("\\(a_b\\)") == "\\(a_b\\)"


def plainly(text: str, name: str = "notes.md", **options: str) -> Bundle:
    return markdown.read(Source(name=name, data=text.encode()), options)


@pytest.mark.parametrize(
    "text",
    [
        "**Q:** What is two?\n**A:** 2\n\n**Q:** What is three?\n**A:** 3\n",
        "**Q1. What is two?**\n\n2\n\n**Q2. What is three?**\n\n3\n",
        "# Numbers\n\nQuestion 1: What is two?\nAnswer: 2\n\nQuestion 2: What is three?\nAnswer: 3\n\n# The end\nof it\n",
        "Frage: What is two?\nAntwort: 2\n\nFrage: What is three?\nAntwort: 3\n",
        "1. What is two?\n   - 2\n2. What is three?\n   - 3\n",
        "- What is two?\n\n  2\n- What is three?\n\n  3\n",
        "<details>\n<summary>What is two?</summary>\n\n2\n\n</details>\n\nBetween them.\n\n<details><summary><b>What is three?</b></summary>3</details>\n",
        "**What is two?**\n2\n\n**2. What is three?**\n3\n",
    ],
    ids=["bold letters", "numbers in bold", "in words", "in German", "items", "items of paragraphs", "folded", "bold lines"],
)
def test_questions_are_found_however_people_write_them(text: str) -> None:
    found = [(term, definition.removeprefix("<ul><li>").removesuffix("</li></ul>")) for term, definition in cards(plainly(text))]
    assert found == [("What is two?", "2"), ("What is three?", "3")]


def test_choices_before_the_answer_belong_to_the_question() -> None:
    found = cards(plainly("Question: Which is even?\n\nA) 1\nB) 2\n\nAnswer: B\n"))
    assert found == [("<p>Which is even?</p><p>A) 1<br>B) 2</p>", "B")]


def test_items_with_what_stands_below_them_are_offered() -> None:
    bundle = plainly("- Cell\n  - nucleus\n  - wall\n- Leaf\n  - green\n")
    assert cards(bundle) == [("Cell", "<ul><li>nucleus</li><li>wall</li></ul>"), ("Leaf", "<ul><li>green</li></ul>")]
    assert [name for name, _words in bundle.offers["take"]] == ["items"]


def test_one_line_that_asks_does_not_outweigh_all_headings() -> None:
    text = "# Cells\n" + "".join(f"## Part {number}\nWords of it.\n\n" for number in range(9)) + "- Why?\n  - So.\n"
    assert plainly(text).choices["take"] == "headings"


def test_a_card_in_a_list_is_no_list() -> None:
    bundle = plainly("---\ntags: flashcards\n---\n- one::eins\n1. two::zwei\n- [ ] three:::drei\n> four::vier\n")
    assert cards(bundle) == [("one", "eins"), ("two", "zwei"), ("three", "drei"), ("four", "vier")]


def test_a_deck_s_tag_stands_in_a_heading_or_behind_a_card() -> None:
    decks = plainly("# Notes #flashcards\n\nWhat? :: That\n\nSecond #flashcards/deep\n?\nAnswer\n").decks
    assert [(deck.title, deck.notes[0].fields["term"]) for deck in decks] == [("flashcards", "What?"), ("flashcards/deep", "Second")]


def test_a_marked_question_below_other_headings_is_found() -> None:
    bundle = plainly("# Poland\n## Capital #flashcard-reverse\nWarsaw\n")
    assert cards(bundle) == [("Capital", "Warsaw")]
    assert len(bundle.decks[0].notes[0].cards) == 2


def test_remnote_s_arrows_as_signs() -> None:
    assert cards(plainly("- Concept::\n    - long\n- Hund ↔ dog\n- A → B\n")) == [("Concept", "<ul><li>long</li></ul>"), ("Hund", "dog"), ("A", "B")]
