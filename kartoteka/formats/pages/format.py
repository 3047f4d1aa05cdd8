"""Set pages copied from Quizlet (old and new), Brainscape, Cram and StudyStack: cards out of what a browser puts on the clipboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.pages import brainscape, cram, quizlet, studystack
from kartoteka.formats.pages.copied import Copied, bare
from kartoteka.formats.prose import html_of

TITLE = Said("Copied page (Quizlet, Brainscape, Cram, StudyStack)")
EXTENSIONS = (".txt",)
KEEPS = ("terms", "definitions", "line breaks", "title", "hints (Cram, StudyStack)")
DROPS = (
    "the page's own words",
    "pictures and sound, which a copied page does not hold",
    "progress and stars",
)

MOST_LINES = 400_000
PAIRINGS = (("none", "Not decided"), ("lines", "Every two lines are one card"))
SITES: Mapping[str, ModuleType] = {"quizlet": quizlet, "brainscape": brainscape, "cram": cram, "studystack": studystack}


def recognises(head: bytes, name: str) -> float:
    text = decoding.looks_like(head)
    if not text.strip():
        return 0.0
    return max(_sure(text.split("\n")[:3000]).values())


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable(
            Said("This page has %(lines)s lines; %(most)s are the most that can be read. Copy it in parts.", lines=f"{len(lines):,}", most=f"{MOST_LINES:,}")
        )
    sure = _sure(lines)
    best = max(sure, key=lambda name: sure[name])
    if sure[best] <= 0:
        raise Unreadable(Said("This is not a page copied from Quizlet, Brainscape, Cram or StudyStack. Bring it in as pasted text instead."))
    page: Copied = SITES[best].page_of(_seen_by(SITES[best], lines), options, findings)
    if not page.cards and not page.ambiguous:
        raise Unreadable(Said("This looks like a copied page, but no cards follow its head. Scroll to its end, select all of it, copy and paste it again."))
    _say_count(page, findings)
    notes = tuple(_note(card) for card in page.cards[: tables.MOST_ROWS])
    deck = BundleDeck(page.title or tables.title_of(source.name), notes, description=html_of(page.description))
    choices = {"encoding": encoding} if encoding != "utf-8" else {}
    if page.pairing:
        choices["pairing"] = page.pairing
    offers = {"pairing": PAIRINGS} if page.pairing else {}
    return Bundle("pages", (deck,), findings.told(), declared=page.declared, choices=choices, offers=offers, ambiguous=page.ambiguous)


def _seen_by(site: ModuleType, lines: Sequence[str]) -> Sequence[str]:
    return lines if getattr(site, "TABS", False) else [bare(line) for line in lines]


def _sure(lines: Sequence[str]) -> dict[str, float]:
    return {name: float(site.sure(_seen_by(site, lines))) for name, site in SITES.items()}


def _note(card: tuple[str, str, str, int]) -> BundleNote:
    term, definition, hint, line = card
    fields = {"term": html_of(term), "definition": html_of(definition), **({"hint": html_of(hint)} if hint else {})}
    return BundleNote(fields, where=f"line {line}", line=line)


def _say_count(page: Copied, findings: Findings) -> None:
    found, declared = len(page.cards), page.declared
    if declared is None or page.ambiguous or found == declared:
        return
    if found < declared:
        what = Said(
            "The page says %(declared)s cards, and %(found)s are here: it was cut, or some have a picture only. Scroll to its end before copying, or keep these.",
            declared=f"{declared:,}",
            found=f"{found:,}",
        )
    else:
        what = Said(
            "The page says %(declared)s cards, and %(found)s are here. Look whether a card was parted in two.", declared=f"{declared:,}", found=f"{found:,}"
        )
    findings.say("another number of cards", what)
