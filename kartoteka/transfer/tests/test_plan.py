"""What a Bundle would do: new, same, changed, refused."""

from __future__ import annotations

from typing import Any

import pytest

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Problem
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.transfer import actions
from kartoteka.transfer.plan import Plan, compare, refusal, titled

pytestmark = pytest.mark.django_db


def note(term: str, definition: str = "x", **more: Any) -> BundleNote:
    return BundleNote({"term": term, "definition": definition}, **more)


def bundle(*notes: BundleNote, title: str = "Cells", **more: Any) -> Bundle:
    return Bundle("text", (BundleDeck(title, notes, **more),))


def fates(plan: Plan) -> list[str]:
    return [line.fate for line in plan.lines]


def kept(owner: Person, what: Bundle) -> Any:
    report = actions.keep(owner, what, compare(what, owner), now_ms=1)
    return report.decks[0].id


def test_in_an_empty_library_all_is_new(anna: Person) -> None:
    assert fates(compare(bundle(note("a"), note("b")), anna)) == ["new", "new"]
    assert fates(compare(bundle(note("a")), None)) == ["new"]


def test_the_same_again_is_the_same_and_a_changed_card_is_changed(anna: Person) -> None:
    kept(anna, bundle(note("Osmosis", "water"), note("Diffusion", "particles")))
    plan = compare(bundle(note("osmosis ", "water"), note("Diffusion", "other"), note("Enzyme")), anna)
    assert fates(plan) == ["changed", "changed", "new"]  # a term written otherwise is a change too
    assert fates(compare(bundle(note("Osmosis", "water")), anna)) == ["same"]


def test_a_deck_is_found_by_its_source_before_its_title(anna: Person) -> None:
    first = kept(anna, bundle(note("a"), source="s1"))
    kept(anna, bundle(note("b"), title="Other"))
    plan = compare(bundle(note("a"), title="Other", source="s1"), anna)
    assert str(plan.decks[0].into.id) == first  # type: ignore[union-attr]


def test_another_person_s_deck_of_that_title_is_not_mine(anna: Person, cleo: Person) -> None:
    kept(anna, bundle(note("a")))
    assert compare(bundle(note("a")), cleo).decks[0].into is None


def test_another_person_s_deck_can_not_be_chosen(anna: Person, cleo: Person) -> None:
    from uuid import UUID

    mine = kept(anna, bundle(note("a")))
    with pytest.raises(NotThere):
        compare(bundle(note("a")), cleo, into=UUID(mine))


def test_a_new_set_may_be_asked_for_though_one_is_the_same(anna: Person) -> None:
    kept(anna, bundle(note("a")))
    plan = compare(bundle(note("a")), anna, fresh=True)
    assert plan.decks[0].into is None
    assert fates(plan) == ["new"]


def test_a_note_is_found_by_guid_though_its_term_changed(anna: Person) -> None:
    kept(anna, bundle(note("a", guid="g1"), note("b", guid="g2")))
    plan = compare(bundle(note("b2", guid="g2"), note("a", guid="g3")), anna)
    assert fates(plan) == ["changed", "new"]


def test_twins_pair_off_in_order(anna: Person) -> None:
    kept(anna, bundle(note("t", "1"), note("t", "2")))
    assert fates(compare(bundle(note("t", "1"), note("t", "2"), note("t", "3")), anna)) == ["same", "same", "new"]


@pytest.mark.parametrize(
    ("term", "definition", "why"),
    [
        ("t", "", "Line 297 has a term and no definition. Write the other side, or leave the card out."),
        ("<p> </p>", "d", "Line 297 has a definition and no term. Write the other side, or leave the card out."),
        ("", "&nbsp;", "Line 297 has nothing on either side. It stays out."),
        ("t", '<img src="a.png">', ""),
        ("[sound:a.mp3]", "d", ""),
        ("a < b", "d", ""),
    ],
)
def test_an_empty_side_is_refused_with_its_line(term: str, definition: str, why: str) -> None:
    assert refusal(note(term, definition, line=297)) == why


def test_a_mended_card_is_kept(anna: Person) -> None:
    plan = compare(bundle(note("a"), note("b", "")), anna, mends={"0.1": {"definition": "now"}})
    assert fates(plan) == ["new", "new"]


def test_a_line_is_refused_once_though_reader_and_plan_both_say_so(anna: Person) -> None:
    what = Bundle("text", (BundleDeck("C", (note("a"), note("b", "", line=2))),), problems=(Problem("line 2", "No definition.", "refused", 2),))
    assert [problem.what[:6] for problem in compare(what, anna).problems] == ["Line 2"]


def test_a_deck_without_a_title_is_called_by_its_first_terms() -> None:
    assert titled(BundleDeck("", tuple(note(term) for term in "abcd"))).title == "a, b …"
    assert titled(BundleDeck("", (note("a"), note("b")))).title == "a, b …", "a list that grows is still the same list"
    assert titled(BundleDeck("", (note("a"),))).title == "a"
    assert titled(BundleDeck(" My\n set ", (note("a"),))).title == "My set"
    assert len(titled(BundleDeck("x" * 500, ())).title) == 200


def test_thousands_of_twins_are_compared_in_one_pass(anna: Person) -> None:
    import time

    many = bundle(*(note("same", "same") for _ in range(3_000)))
    kept(anna, many)
    began = time.perf_counter()
    plan = compare(many, anna)
    assert plan.counts == {"same": 3_000, "refused": 0}
    assert time.perf_counter() - began < 3
