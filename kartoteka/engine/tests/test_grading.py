"""Written answers, judged: every rung of the ladder, and every way in which an answer may mislead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kartoteka.engine.grading import Verdict, grade, mark, split, with_marks
from kartoteka.engine.items import Item, Point, Side
from kartoteka.engine.questions import Question, Response
from kartoteka.engine.rubrics import Marked, Other, Rubric, Strictness


def judged(card: str, answer: str, *, question: str = "", lang: str = "", others: tuple[str, ...] = (), strictness: Strictness = "relaxed") -> Verdict:
    return mark(Rubric(question, (card,), others=tuple(Other(o, o) for o in others), lang=lang, strictness=strictness), answer)


def by_points(answer: str, *points: str, must: tuple[int, ...] = (), question: str = "", others: tuple[str, ...] = ()) -> Verdict:
    made = tuple(Point(text, must_have=i in must) for i, text in enumerate(points))
    return mark(Rubric(question, ("; ".join(points),), made, tuple(Other(o, o) for o in others)), answer)


# ---- L0 and L1


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("Paris", "paris."),
        ("Paris", "  PARIS  "),
        ("the mitochondrion", "Mitochondrion"),
        ("to run", "run"),
        ("sofa / couch", "couch"),
        ("colour; hue", "hue"),
        ("couch, settee", "settee"),
        ("big or large", "large"),
        ("(optic) nerve", "nerve"),
        ("(optic) nerve", "optic nerve"),
        ("neuron(s)", "neurons"),
        ("12 June 1944", "June 12th, 1944"),
        ("12 June 1944", "1944-06-12"),
        ("12 June 1944", "12.06.1944"),
        ("3 May 1791", "May 3, 1791"),
        ("100,000", "100000"),
        ("100 000", "100.000"),
        ("23", "twenty-three"),
        ("twenty-one", "21"),
        ("one", "1"),
        ("1,921", "one thousand, nine hundred and twenty-one"),
        ("13 billion", "13bn"),
        ("red, green and blue", "blue, red, green"),
        ("5 km", "5 kilometres"),
        ("50 %", "50 percent"),
        ("naïve", "naive"),
        ("don’t", "don't"),
        ("ice cream", "icecream"),
        ("9.8 ± 0.2", "9.7"),
    ],
)
def test_an_equal_form_is_right(card: str, answer: str) -> None:
    assert judged(card, answer).label == "right"


def test_all_alternatives_may_be_wanted() -> None:
    rubric = Rubric(accepted=("prophase; metaphase; anaphase",), want_all=True)
    assert mark(rubric, "anaphase, prophase, metaphase").label == "right"
    assert mark(rubric, "metaphase").label != "right"


@pytest.mark.parametrize(("card", "answer"), [("Paris, France", "France"), ("June 12, 1944", "June"), ("a, b and c of it", "b")])
def test_not_every_comma_parts_alternatives(card: str, answer: str) -> None:
    assert judged(card, answer).label != "right"


def test_a_further_accepted_answer_is_as_good() -> None:
    assert mark(Rubric(accepted=("Bukharin", "Nikolai Ivanovich")), "nikolai ivanovich").accepted_form == "Nikolai Ivanovich"


# ---- strictness


@pytest.mark.parametrize(
    ("strictness", "card", "answer", "label"),
    [
        ("relaxed", "café", "cafe", "right"),
        ("moderate", "café", "cafe", "close"),
        ("strict", "café", "cafe", "close"),
        ("relaxed", "Co", "CO", "right"),
        ("strict", "Co", "CO", "close"),
        ("strict", "mitosis", "mitosiss", "wrong"),
        ("relaxed", "neuron", "neurons", "right"),
        ("moderate", "neuron", "neurons", "close"),
        ("strict", "x = 1/2", "x=1/2", "right"),
    ],
)
def test_strictness_decides_about_accents_case_and_slips(strictness: Strictness, card: str, answer: str, label: str) -> None:
    assert judged(card, answer, strictness=strictness).label == label


# ---- L2


@pytest.mark.parametrize(
    ("card", "answer"), [("Bukharin", "Bukhrin"), ("photosynthesis", "fotosynthesis"), ("Archimedes", "Achimedes"), ("Nikolai Bukharin", "Nikolai Bukarin")]
)
def test_a_slip_is_close_and_shows_the_spelling(card: str, answer: str) -> None:
    verdict = judged(card, answer)
    assert verdict.label == "close"
    assert verdict.reasons == (f"Check the spelling: {card}",)
    assert verdict.layer == "L2"


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("1927", "1935"),
        ("1917", "1971"),
        ("cat", "car"),
        ("house", "horse"),
        ("12 June 1944", "13 June 1944"),
        ("visible", "invisible"),
        ("hypertension", "hypotension"),
        ("alkane", "alkene"),
        ("5 km", "5 m"),
        ("pH7", "pH1"),
    ],
)
def test_another_number_word_or_unit_is_no_slip(card: str, answer: str) -> None:
    assert judged(card, answer).label not in ("right", "close")


def test_the_answer_to_another_card_is_known_as_that() -> None:
    verdict = judged("strangle", "tangle", others=("tangle",))
    assert (verdict.label, verdict.mistaken_for, verdict.certain) == ("wrong", "tangle", True)
    assert judged("Niger", "Nigeria", others=("Nigeria",)).mistaken_for == "Nigeria"


def test_homographs_in_the_deck_are_no_intrusion() -> None:
    assert judged("bank", "bank", others=("bank",)).label == "right"
    assert judged("schön", "schon", others=("schon",), lang="de").mistaken_for == "schon"


# ---- nothing, the question again, hedges, heaps


@pytest.mark.parametrize("answer", ["", "   ", "idk", "I don't know", "?", "…", "keine Ahnung", "nie wiem"])
def test_nothing_is_wrong_for_certain(answer: str) -> None:
    verdict = judged("Movement of water", answer, question="What is osmosis?")
    assert (verdict.label, verdict.score, verdict.certain) == ("wrong", 0.0, True)


def test_the_question_again_earns_nothing() -> None:
    question = "What is the function of red blood cells?"
    verdict = judged("They carry oxygen from the lungs to the tissues.", "the function of red blood cells", question=question)
    assert (verdict.label, verdict.score) == ("wrong", 0.0)


def test_two_answers_are_not_one() -> None:
    assert judged("1927", "1927 or 1935").label != "right"
    assert judged("Paris", "Paris or London").label == "close"


def test_a_heap_of_words_is_no_answer() -> None:
    points = ("plants use light energy to make glucose", "carbon dioxide and water are taken in by the leaf", "oxygen is given off as a by-product")
    verdict = by_points("plants light energy glucose carbon dioxide water leaf oxygen product", *points)
    assert verdict.label != "right"
    assert all(p.mark != "covered" for p in verdict.points)


# ---- L3


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("Ice is less dense than liquid water.", "it has a lower density than water"),
        ("Red blood cells carry oxygen to the tissues.", "they transport oxygen to the body's tissues"),
        ("Inflation is a general rise in prices.", "when prices in general go up, they rise"),
    ],
)
def test_other_words_for_the_same_may_be_right(card: str, answer: str) -> None:
    assert judged(card, answer).label == "right"


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("The pump moves sodium out of the cell.", "The pump does not move sodium out of the cell."),
        ("Demand falls when the price rises.", "Demand rises when the price falls."),
        ("Water moves from high to low potential.", "Water moves from low to high potential."),
        ("The vaccine strengthens the immune system.", "The vaccine weakens the immune system."),
        ("Rome conquered Carthage.", "Carthage conquered Rome."),
        ("Trotsky was removed as Commissar in 1925.", "Trotsky was removed as Commissar in 1927."),
        ("Inside is negative relative to the outside.", "Inside is positive relative to the outside."),
        ("No, because it cannot conduct heat.", "Yes, because it conducts heat."),
    ],
)
def test_the_contrary_is_never_right(card: str, answer: str) -> None:
    assert judged(card, answer).label != "right"


def test_a_passive_is_not_the_contrary() -> None:
    assert judged("Rome conquered Carthage.", "Carthage was conquered by Rome.").label == "right"


def test_two_denials_are_none() -> None:
    assert judged("The hands are different.", "The hands are not the same.").contradicted is False


def test_an_unrelated_short_answer_is_wrong() -> None:
    assert judged("mitochondrion", "Robespierre").label == "wrong"


def test_what_cannot_be_judged_is_not_called_wrong() -> None:
    assert judged("x^2 + 2x + 1", "(x+1)^2").label == "unsure"


# ---- L4


def test_points_are_covered_partly_missing_and_contradicted() -> None:
    verdict = by_points(
        "signed 1918, germany had to take the blame and paid 132 billion in reparations",
        "signed 28 June 1919", "Germany accepted blame", "army limited to 100,000", "reparations 132 billion",
    )  # fmt: skip
    assert [p.mark for p in verdict.points] == ["contradicted", "covered", "missing", "covered"]
    assert (verdict.label, verdict.score, verdict.contradicted) == ("close", 0.5, True)
    assert verdict.reasons[0] == "Check this: you wrote 1918, the card says 1919."
    assert verdict.points[1].quote == "germany had to take the blame"


def test_a_must_have_weighs_two_and_without_it_nothing_passes() -> None:
    points = ("army limited to 100,000 men", "paid reparations in gold", "lost its colonies in Africa", "accepted blame for the war")
    said = "the army was limited to 100,000 men, reparations were paid in gold, and it lost the colonies in Africa"
    assert by_points(said, *points).label == "right"
    missed = by_points(said, *points, must=(3,))
    assert missed.label == "close"
    assert missed.score == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("point", "answer"),
    [
        ("moves 3 Na+ out and 2 K+ in", "moves 2 Na+ out and 3 K+ in"),
        ("lost Alsace-Lorraine to France", "lost Alsace-Lorraine to Germany"),
        ("converts carbon dioxide and water into glucose and oxygen", "converts glucose and oxygen into carbon dioxide and water"),
        ("raising the price lowers revenue", "raising the price increases revenue"),
        ("Stalin refused to let the bloc accept", "Stalin allowed the bloc to accept"),
        ("needs no energy", "needs energy"),
    ],
)
def test_a_contradicted_point_is_told(point: str, answer: str) -> None:
    verdict = by_points(answer, point, "Germany and France signed in a railway carriage")
    assert verdict.points[0].mark == "contradicted"
    assert verdict.label != "right"


def test_pronouns_do_not_hide_a_point() -> None:
    verdict = by_points(
        "He wants proof of it. He finds him praying.",
        "Hamlet wants proof of the ghost's story",
        "Hamlet finds Claudius praying",
        question="Why does Hamlet hesitate?",
    )
    assert all(p.mark in ("covered", "partly") for p in verdict.points)


def test_a_definition_in_html_or_tex_is_read_as_words() -> None:
    assert judged("<b>Carbon</b> dioxide &amp; water", "carbon dioxide and water").label == "right"
    assert judged(r"\(\mathrm{H_2O}\)", "H2O").label == "right"
    assert judged(r"$\frac{1}{2}$", "1/2").label == "right"
    assert judged("CO₂", "CO2").label == "right"


def test_a_definition_is_split_by_its_bullets_lines_and_sentences() -> None:
    assert [p.text for p in split("Treaty\n- army limited\n- blame accepted")] == ["Treaty", "army limited", "blame accepted"]
    assert [p.text for p in split("It is passive. No energy is needed.")] == ["It is passive.", "No energy is needed."]


@pytest.mark.parametrize("word", ["set", "may", "march", "dec", "mars", "mayo", "mei", "second", "a", "I", "no", "m", "k", "hundred"])
def test_words_beside_numbers_are_read(word: str) -> None:
    assert judged(f"{word} 5 and 6 {word}", f"{word} 5 and 6 {word}").label == "right"
    assert judged(f"It is {word} 5 of the treaty", f"5 {word} 7 5").score is not None


def test_only_so_much_is_read() -> None:
    verdict = by_points("blame accepted " * 10_000, *(f"point number {i} of the treaty" for i in range(90)))
    assert len(verdict.points) == 60
    assert "Only the first 2,000 characters were read." in verdict.reasons
    assert "Only the first 60 points were looked for." in verdict.reasons


# ---- languages


@pytest.mark.parametrize(
    ("lang", "card", "answer", "label"),
    [
        ("de", "der Hund", "Hund", "right"),
        ("de", "Straße", "Strasse", "right"),
        ("de", "dreiundzwanzig", "23", "right"),
        ("de", "Der Jobber zeigt das Schreiben dem Personal.", "dem Personal wird das Schreiben gezeigt", "right"),
        ("pl", "12 czerwca 1944", "12.06.1944", "right"),
        ("pl", "Rośliny wytwarzają glukozę i tlen", "roślina wytwarza tlen i glukozę", "right"),
        ("fr", "l’école", "école", "right"),
        ("ja", "ｶﾀｶﾅ", "カタカナ", "right"),
        ("ja", "ネコ", "ねこ", "right"),
        ("ja", "東京", "京都", "wrong"),
        ("zh", "光合作用", "光合作", "wrong"),
        ("ar", "كِتَاب", "كتاب", "right"),
        ("ar", "أحمد", "احمد", "right"),
        ("he", "שָׁלוֹם", "שלום", "right"),
        ("ru", "ёлка", "елка", "right"),
    ],
)
def test_languages_fold_as_they_are_written(lang: str, card: str, answer: str, label: str) -> None:
    verdict = judged(card, answer, lang=lang)
    assert verdict.label == label or (label == "wrong" and verdict.label not in ("right",))


# ---- the learner's word


def test_overturned_points_move_score_and_label() -> None:
    verdict = by_points("the army was limited to 100,000 men", "army limited to 100,000 men", "accepted blame for the war")
    assert verdict.label == "close"
    overturned = with_marks(verdict, {1: "covered", 7: "covered"})
    assert (overturned.label, overturned.score, overturned.layer) == ("right", 1.0, "L7")
    assert with_marks(overturned, {0: "missing", 1: "missing"}).label == "wrong"
    assert with_marks(verdict, {}) is verdict


def test_a_further_judge_is_asked_only_where_the_ladder_is_unsure() -> None:
    asked: list[str] = []

    def judge(rubric: Rubric, answer: str, verdict: Verdict) -> Verdict | None:
        asked.append(answer)
        return Verdict(1.0, "right", "L6", 0.9)

    assert mark(Rubric(accepted=("Paris",)), "Rome", (judge,)).label == "wrong"
    assert mark(Rubric(accepted=("x^2 + 2x + 1",)), "(x+1)^2", (judge,)).layer == "L6"
    assert asked == ["(x+1)^2"]


def test_a_question_is_judged_by_its_rubric_and_ticks() -> None:
    side = Side("x", "x")
    item = Item("1" * 32, "2" * 32, "3" * 32, side, side)
    rubric = Rubric(accepted=("a; b",), points=(Point("army limited to 100,000 men"), Point("accepted blame for the war")))
    question = Question(item, "points", rubric=rubric)
    assert grade(question, Response(text="it accepted the blame for the war")).label == "close"
    assert grade(question, Response(text="it accepted the blame for the war", ticks={"0": "covered", "x": "covered", "9": "missing"})).label == "right"
    assert grade(question, Response(text="accepted blame", unknown=True)).certain


# ---- which of two opposites, and of which things


@pytest.mark.parametrize(
    ("card", "better", "worse"),
    [
        ("Rooms A and B are separated by a wall", "rooms A and B are not connected", "rooms A and B are not separated"),
        ("Terminals 1 and 2 are not connected", "terminals 1 and 2 are separated by a gap", "terminals 1 and 2 are connected"),
        ("The files are in different folders", "they are not in the same folder", "they are in the same folder"),
        ("The valves are closed", "the valves are not open", "the valves are open"),
        ("Rooms A and B share a corridor", "they share a corridor", "rooms C and D share a corridor"),
    ],
)
def test_a_denied_opposite_says_the_same_and_an_opposite_does_not(card: str, better: str, worse: str) -> None:
    references = (card, f"It is so because {card[0].lower()}{card[1:]}", card.replace(" are ", " were "))
    one, other = (mark(Rubric("Explain your reasoning.", references, lang="en"), answer) for answer in (better, worse))
    assert (one.score or 0) > (other.score or 0)
    assert other.label != "right"


# ---- earlier answers that were marked


_WHY = Rubric("Why do the lights stay on?", ("Each of the lamps is on a branch of its own, so one that fails takes nothing from the rest.",), lang="en")
_TOLD = (
    Marked("the lamps are parallel so the others still get power", True),
    Marked("they are in parallel", True),
    Marked("because the lamps are bright", False),
    Marked("the lamps are new and bright", False),
)


def test_an_answer_near_an_accepted_one_leans_to_right_and_near_a_refused_one_to_wrong() -> None:
    for answer, up in (("since the lamps are in parallel the others get power", True), ("the lamps are so bright and new", False)):
        before, after = mark(_WHY, answer), mark(replace(_WHY, marked=_TOLD), answer)
        assert (after.confidence, after.label) != (before.confidence, before.label)
        assert (after.score or 0) > (before.score or 0) if up else after.label == "wrong"


def test_the_same_answer_keeps_its_newest_mark() -> None:
    told = (*_TOLD, Marked("They are in PARALLEL.", False))
    assert mark(replace(_WHY, marked=_TOLD), "they are in parallel").label == "right"
    assert mark(replace(_WHY, marked=told), "they are in parallel").label == "wrong"
    assert mark(replace(_WHY, marked=(Marked("Paris", False),), accepted=("Paris",)), "Paris").label == "right"


def test_marked_answers_that_are_nothing_like_it_say_nothing_and_only_fifty_count() -> None:
    answer = "a fuse protects the house"
    assert mark(replace(_WHY, marked=(Marked("zebra", True),)), answer).label == mark(_WHY, answer).label
    many = (Marked("they are in parallel", True), *(Marked(f"no {n}", False) for n in range(50)))
    assert mark(replace(_WHY, marked=many), "they are in parallel").layer != "L1"
