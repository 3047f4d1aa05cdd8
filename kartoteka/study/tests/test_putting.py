"""What a verdict carries to the page."""

from __future__ import annotations

from kartoteka.engine.items import Item, Side
from kartoteka.study import putting


def test_the_card_that_was_answered_instead_is_cut_between_words() -> None:
    back = " ".join(["membranes"] * 40)
    other = Item("b", "n2", "d", Side("<p>Osmosis</p>", "Osmosis"), Side(f"<p>{back}</p>", back, "medium"))
    says = putting.mistaken_words(other)["says"]
    assert says.endswith("membranes…")
    assert len(says) <= 160
