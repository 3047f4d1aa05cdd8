"""A test as plain forms: the sheet and what it would hold, the paper saved and handed in, marks overturned, what is taken along."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kartoteka.library import actions as library
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.study import attempts, queries
from kartoteka.study.models import Paper, Review
from kartoteka.web.study import marked, papers
from kartoteka.web.study.tests.conftest import MINUTE, Browser, Clock

WORDS = ("heron", "stork", "crane", "gull", "tern", "wren", "robin", "finch", "swift", "crow")


@pytest.fixture(autouse=True)
def one_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (papers, marked):
        monkeypatch.setattr(module, "now_ms", clock)


@pytest.fixture
def birds(anna: Person) -> Deck:
    deck = library.make_deck(anna, title="Birds", visibility="link")
    for word in WORDS:
        library.add_note(deck, term=f"<p>{word}</p>", definition=f"<p>The bird called {word} in the north that sings before the {word[::-1]} does</p>")
    return deck


def begun(her: Browser, deck: Deck, **fields: str) -> Browser:
    return her.send(reverse("sit", args=[deck.id, "test"]), n="10", types="mc", **fields)


def sent(her: Browser, right: int, do: str = "save", **more: str) -> Browser:
    """The whole sheet, the first so many questions right and the others wrong."""
    questions = queries.paper_of(queries.sitting_of(Paper.objects.get().learner, her.sitting))
    fields = {}
    for number, question in enumerate(questions, 1):
        fields[f"a-{number}"] = next(choice.id for choice in question.choices if choice.right == (number <= right))
    return her.send(reverse("paper", args=[her.sitting]), do=do, on=[str(number) for number in range(1, len(questions) + 1)], **{**fields, **more})


def test_the_sheet_says_what_the_test_would_be_and_that_is_what_begins(her: Browser, birds: Deck) -> None:
    her.open(f"{reverse('sit', args=[birds.id, 'test'])}?n=8&types=mc&types=tf")
    assert "8 questions," in her.html
    assert "4 multiple choice, 4 true or false." in her.html
    assert "Start the test" in her.html
    assert "Key points is off: No card here has a list as its answer." in her.html
    her.send(reverse("sit", args=[birds.id, "test"]), n="8", types=["mc", "tf"], seed=her.hidden("seed"))
    assert [question.qtype for question in queries.paper_of(queries.sitting_of(Paper.objects.get().learner, her.sitting))].count("tf") == 4
    her.open(reverse("sit", args=[birds.id, "test"]))
    assert "A test is begun: 0 of 8 answered." in her.html
    assert re.search(r'value="matching"(?! checked)', her.html), "the choices are kept"


def test_every_option_is_a_parameter_of_the_address_too(her: Browser, birds: Deck) -> None:
    her.open(f"{reverse('sit', args=[birds.id, 'test'])}?start=1&types=mc,typed&n=4&minutes=5&answer=term")
    paper = Paper.objects.get()
    assert len(paper.ids) == 4
    assert paper.limit_ms == 5 * MINUTE
    assert {id.split(".")[3] for id in paper.ids} == {"r"}


def test_a_paper_is_saved_without_a_script_left_and_handed_in(her: Browser, birds: Deck, clock: Clock) -> None:
    begun(her, birds)
    clock.forward(MINUTE)
    sent(her, 7)
    assert "10 of 10" in her.html
    assert Review.objects.count() == 0
    her.open(reverse("sitting", args=[her.sitting]))
    assert her.html.count(" checked>") == 10
    clock.forward(MINUTE)
    sent(her, 7, do="hand_in")
    assert "7 of 10 points" in her.html
    assert "in 2 minutes" in her.html
    assert "Retake the 3 missed" in her.html
    assert "Guessing alone would give about 2" in her.html
    assert Review.objects.count() == 10
    home = her.open(reverse("set", args=[birds.id]))
    assert "best 70" in home.html


def test_a_flag_is_turned_without_a_script(her: Browser, birds: Deck) -> None:
    begun(her, birds)
    sent(her, 3, do="flag-2")
    assert "1 flagged" in her.html
    sent(her, 3, do="flag-2")
    assert "0 flagged" in her.html


def test_a_form_that_holds_no_question_takes_nothing_back(her: Browser, birds: Deck) -> None:
    begun(her, birds)
    sent(her, 10)
    her.send(reverse("paper", args=[her.sitting]), do="save")
    assert "10 of 10" in her.html


def test_marks_are_overturned_and_the_points_follow(her: Browser, birds: Deck) -> None:
    begun(her, birds)
    sent(her, 9, do="hand_in")
    review = her.hidden("review")
    her.send(reverse("overturn_on_paper", args=[her.sitting]), review=review, to="right", number="10")
    assert "10 of 10 points" in her.html
    assert "as you settled it" in her.html
    assert Paper.objects.get().earned == 10


def test_only_the_missed_ones_are_taken_again(her: Browser, birds: Deck) -> None:
    begun(her, birds)
    sent(her, 8, do="hand_in")
    missed = set(her.hidden("only").split(","))
    her.send(reverse("sit", args=[birds.id, "test"]), only=",".join(missed), n="all")
    again = Paper.objects.order_by("-id").first()
    assert again is not None
    assert {id.split(".")[1] for id in again.ids} == missed


def test_the_time_is_over_whoever_looks(her: Browser, birds: Deck, clock: Clock) -> None:
    begun(her, birds, minutes="3")
    clock.forward(MINUTE)
    sent(her, 10)
    clock.forward(5 * MINUTE)
    her.open(reverse("sitting", args=[her.sitting]))
    assert "The time was over; what was there was handed in." in her.html
    assert "10 of 10 points" in her.html


def test_marks_after_each_question_come_one_by_one(her: Browser, birds: Deck) -> None:
    begun(her, birds, each="1")
    sent(her, 10, do="check-3")
    assert her.html.count('class="v right"') == 1
    assert Review.objects.count() == 1


def test_an_island_saves_and_is_told_what_is_left(her: Browser, birds: Deck, clock: Clock) -> None:
    begun(her, birds, minutes="3")
    question = Paper.objects.get().ids[0]
    body = {"sent_ms": clock.at_ms, "changes": [{"question": question, "at_ms": clock.at_ms, "response": {"choice": "1"}, "flagged": True}]}
    told = her.client.post(reverse("paper", args=[her.sitting]), json.dumps(body), content_type="application/json").json()
    assert told == {"kept": 1, "late": 0, "left_ms": 3 * MINUTE, "handed": False, "answered": 1}
    told = her.client.post(reverse("paper", args=[her.sitting]), json.dumps({"changes": [], "hand_in": True}), content_type="application/json").json()
    assert told["handed"] is True


@pytest.mark.parametrize(
    "body", ["null", "[]", "{", '{"changes": 3}', '{"changes": [{"question": "x"}]}', '{"changes": [{"question": "x", "at_ms": 1, "response": "no"}]}']
)
def test_what_cannot_be_read_is_said_and_changes_nothing(her: Browser, birds: Deck, body: str) -> None:
    begun(her, birds)
    assert her.client.post(reverse("paper", args=[her.sitting]), body, content_type="application/json").status_code == 400


def test_a_paper_is_printed_with_its_key_and_taken_along(her: Browser, birds: Deck) -> None:
    her.send(reverse("sit", args=[birds.id, "test"]), n="10", types=["mc", "tf", "matching", "typed"], print="1")
    assert her.url.endswith("/paper/print/")
    assert "Key" in her.html
    assert "Two versions" in her.html
    two = her.open(f"{her.url}?chosen=1&two=1")
    assert two.html.count('class="sheetpage testsheet"') == 2
    assert "cut" not in two.html.split("<article")[-1][:60]
    gift = her.client.get(reverse("paper_as", args=[her.sitting, "gift"]))
    assert gift.status_code == 200
    assert "::1::" in gift.content.decode()
    assert "birds.csv" in her.client.get(reverse("paper_as", args=[her.sitting, "csv"]))["Content-Disposition"]
    assert her.client.get(reverse("paper_as", args=[her.sitting, "exe"])).status_code == 404


def test_cleo_sees_nothing_of_a_test_of_annas(her: Browser, browse: Callable[[Person | None], Browser], cleo_: Person, birds: Deck) -> None:
    begun(her, birds)
    cleo = browse(cleo_)
    for name, more in (("sitting", []), ("paper_as", ["print"]), ("paper_as", ["csv"])):
        assert cleo.client.get(reverse(name, args=[her.sitting, *more])).status_code == 404
    for name in ("paper", "overturn_on_paper"):
        assert cleo.client.post(reverse(name, args=[her.sitting])).status_code == 404


@pytest.fixture
def cleo_(db: None) -> Person:
    return Person.objects.create(name="Cleo")


def test_a_card_edited_during_a_test_changes_nothing_and_is_said(her: Browser, birds: Deck) -> None:
    begun(her, birds)
    note = Note.objects.filter(deck=birds).first()
    assert note is not None
    library.edit_note(note, version=note.version, term="<p>another</p>", definition="<p>another thing altogether</p>")
    her.open(reverse("sitting", args=[her.sitting]))
    assert "This card was edited since; the test stays as it was." in her.html
    assert "another thing altogether" not in her.html


def test_an_empty_set_has_no_test(her: Browser, anna: Person) -> None:
    empty = library.make_deck(anna, title="Nothing")
    her.open(reverse("sit", args=[empty.id, "test"]))
    assert "There is no card here yet." in her.html
    assert "Start the test" not in her.html
    assert begun(her, empty).status == 200
    assert Paper.objects.count() == 0


def test_a_reader_without_a_name_gets_a_test_as_a_guest(birds: Deck) -> None:
    browser = Browser(Client()).send(reverse("sit", args=[birds.id, "test"]), n="3", types="mc")
    assert "0 of 3" in browser.html
    assert attempts.best_percent(Paper.objects.get().learner, birds.id) is None


NONSENSE = {
    "a hundred thousand signs": "x" * 100_000,
    "control signs": "a\x00b\x07c\u202e",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "LaTeX": r"\frac{1}{0} $\href{javascript:x}{y}$ \undefined{",
    "nothing": "",
    "spaces": " \t\n ",
}


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
def test_whatever_is_written_on_a_paper_is_kept_or_left_open_and_marked_and_shown_as_text(her: Browser, birds: Deck, text: str) -> None:
    her.send(reverse("sit", args=[birds.id, "test"]), n="2", types="typed", answer="term")
    paper = reverse("paper", args=[her.sitting])
    her.send(paper, do="save", on=["1", "2"], **{"a-1": text, "a-2": "a bird"})
    assert ("1 of 2" if not text.strip() else "2 of 2") in her.html
    her.send(paper, do="hand_in", on=["1", "2"], **{"a-1": text, "a-2": "a bird"})
    her.open(her.url.split("?")[0] + "?all=1")
    assert her.status == 200
    assert "<script>alert" not in her.html
    assert "<img src=x" not in her.html
    assert Review.objects.count() == (1 if not text.strip() else 2)
    assert all(len(review.response.get("text", "")) <= 20_000 and "\x00" not in review.response.get("text", "") for review in Review.objects.all())


def test_two_tabs_on_one_test_hand_it_in_once_and_what_comes_after_changes_nothing(her: Browser, birds: Deck) -> None:
    begun(her, birds)
    other = Browser(her.client).open(reverse("sitting", args=[her.sitting]))
    sent(her, 6, do="hand_in")
    sent(other, 10, do="hand_in")
    assert "6 of 10 points" in other.html
    assert Review.objects.count() == 10
    late = {"changes": [{"question": Paper.objects.get().ids[0], "at_ms": 1, "response": {"choice": "1"}}], "hand_in": True}
    told = her.client.post(reverse("paper", args=[her.sitting]), json.dumps(late), content_type="application/json").json()
    assert (told["handed"], told["kept"], told["late"]) == (True, 0, 1)


def test_a_choice_that_was_not_offered_is_no_answer_and_the_rest_counts(her: Browser, birds: Deck) -> None:
    begun(her, birds)
    sent(her, 10, do="hand_in", **{"a-1": "no such letter"})
    assert "9 of 10 points" in her.html
    assert Review.objects.filter(outcome=1.0).count() == 9


def test_all_means_all_cards_also_where_only_some_were_looked_at(her: Browser, anna: Person) -> None:
    many = library.make_deck(anna, title="Many")
    for n in range(130):
        library.add_note(many, term=f"word {n}", definition=f"meaning of {n}")
    assert "All 130" in her.open(reverse("sit", args=[many.id, "test"])).html
    assert "All 130" in her.open(f"{reverse('sit', args=[many.id, 'test'])}?n=all").html
