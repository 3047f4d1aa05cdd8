"""Mnemosyne 1 (``.mem``, XML) and 2 (``.db``, ``.cards``): facts, tags, pictures, both directions, schedules and every answer given."""

from __future__ import annotations

from collections.abc import Mapping

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleMedia, Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import Box, members_in, safe_name
from kartoteka.formats.markup import root_in, tree_of
from kartoteka.formats.mnemosyne import database, first, second
from kartoteka.formats.mnemosyne.facts import Fact, note_of
from kartoteka.formats.mnemosyne.pickles import HEADER, things_in

TITLE = Said("Mnemosyne")
EXTENSIONS = (".cards", ".db", ".mem", ".xml")
KEEPS = ("terms", "definitions", "both directions", "blanks", "tags", "pictures and sounds", "schedules", "answers given (.db)", "formatting")
DROPS = (
    "scheduling settings and plug-ins",
    "cards of a fact that is missing",
    "views of cards beyond two, but for blanks",
)

_SQLITE = b"SQLite format 3\0"


def recognises(head: bytes, name: str) -> float:
    if head.startswith(HEADER):
        return 0.98
    if head.startswith(_SQLITE):
        return 0.97 if b"data_for_fact" in head else 0.0
    if members := members_in(head):
        return 0.97 if "cards.xml" in members and ("METADATA" in members or name.lower().endswith(".cards") or len(members) < 500) else 0.0
    return 0.97 if root_in(head) in ("mnemosyne", "openSM2sync") else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    head = source.head()
    title = tables.title_of(source.name)
    media: tuple[BundleMedia, ...] = ()
    if head.startswith(HEADER):
        facts = first.of_items(first.items_in_pickle(things_in(source.bytes())), findings)
    elif head.startswith(_SQLITE):
        facts = database.facts_in(source, findings)
    elif members_in(head):
        facts, own, media = _packed(source, findings)
        title = own or title
    else:
        facts = _xml(source.bytes(), findings)
    notes = tuple(note_of(fact) for fact in facts[: tables.MOST_ROWS])
    if len(facts) > tables.MOST_ROWS:
        findings.say(
            "too many cards",
            Said("Only the first %(most)s of %(facts)s cards were read.", most=f"{tables.MOST_ROWS:,}", facts=f"{len(facts):,}"),
            severity="refused",
        )
    if not notes and not findings.told():
        raise Unreadable(Said("There are no cards in this Mnemosyne file. Export the cards you want, and bring that in."))
    return Bundle("mnemosyne", (BundleDeck(title, notes),), findings.told(), media=media)


def _xml(data: bytes, findings: Findings) -> list[Fact]:
    root = tree_of(data, Said("a Mnemosyne file"), findings)
    if root.tag == "mnemosyne":
        return first.of_items(first.items_in_xml(root, findings), findings)
    return second.facts_in(root, findings)


def _packed(source: Source, findings: Findings) -> tuple[list[Fact], str, tuple[BundleMedia, ...]]:
    box = Box(source, Said("a Mnemosyne deck"))
    title = ""
    if box.has("METADATA"):
        said = dict(line.split(":", 1) for line in box.read("METADATA", 1_000_000).decode("utf-8", "replace").splitlines() if ":" in line)
        title = said.get("card_set_name", "").strip()[:200]
    facts = _xml(box.read("cards.xml"), findings)
    media = box.media({safe_name(name): name for name in box.names if name not in ("cards.xml", "METADATA")}, source, findings)
    return facts, title, media
