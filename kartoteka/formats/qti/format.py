"""QTI 1.2, 2.x and 3.0, single files and packages: the right answer becomes the definition, wrong ones stay to choose from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import Box, members_in, safe_name
from kartoteka.formats.markup import Element, all_of, name_of, root_in, tree_of
from kartoteka.formats.qti import first, second

TITLE = Said("QTI quiz")
EXTENSIONS = (".xml", ".zip")
KEEPS = ("questions", "right answers", "wrong answers", "explanations", "matching pairs", "gaps", "formulas", "pictures and sounds", "formatting")
DROPS = (
    "points, time limits and the course of a test",
    "feedback to wrong answers",
    "questions that need a drawing or a file",
)

MOST_QUESTIONS = 20_000
_FIRST = ("questestinterop",)
_SECOND = ("assessmentItem", "assessmentTest", "qti-assessment-item", "qti-assessment-test", "assessmentSection", "qti-assessment-section")
_MANIFEST = "imsmanifest.xml"


def recognises(head: bytes, name: str) -> float:
    if members := members_in(head):
        return 0.96 if any(posixpath.basename(member) == _MANIFEST for member in members) else 0.0
    root = root_in(head)
    return 0.97 if root in (*_FIRST, *_SECOND) else 0.6 if root == "manifest" and b"imsqti" in head else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    title = tables.title_of(source.name)
    if members_in(source.head()):
        return _package(source, title, findings)
    root = tree_of(source.bytes(), Said("a QTI quiz"), findings)
    notes = tuple(_notes(root, findings))
    return Bundle("qti", (BundleDeck(_titled(root) or title, notes),), findings.told() or _nothing(notes))


def _nothing(notes: tuple[BundleNote, ...]) -> tuple[()]:
    if not notes:
        raise Unreadable(Said("There are no questions in this QTI file. Export the quiz again as a QTI package."))
    return ()


def _package(source: Source, title: str, findings: Findings) -> Bundle:
    box = Box(source, Said("a QTI package"))
    notes: list[BundleNote] = []
    said = ""
    for name in sorted(box.names):
        if not name.lower().endswith((".xml", ".qti")) or posixpath.basename(name) == _MANIFEST:
            continue
        try:
            own = Findings()
            root = tree_of(box.read(name), Said("a QTI quiz"), own)
        except Unreadable as fact:
            findings.say(
                "files left out", Said("“%(name)s” could not be read: %(fact)s", name=name[-80:], fact=fact.what), severity="refused", where=name[-80:]
            )
            continue
        if name_of(root) not in (*_FIRST, *_SECOND):
            if own.told():
                findings.say("files left out", Said("“%(name)s” is broken. It was left out.", name=name[-80:]), severity="refused", where=name[-80:])
            continue
        said = said or (_titled(root) if name_of(root) not in ("assessmentItem", "qti-assessment-item") else "")
        notes += _notes(root, own, place=name)
        for problem in own.told():
            findings.say(problem.what, problem.what, severity=problem.severity, where=f"{name[-60:]}, {problem.where}")
        if len(notes) > MOST_QUESTIONS:
            findings.say("too many questions", Said("Only the first %(most)s questions were read.", most=f"{MOST_QUESTIONS:,}"), severity="refused")
            break
    if not notes and not findings.told():
        raise Unreadable(Said("There are no questions in this package. Export the quiz again as a QTI package."))
    media = box.media({safe_name(name): name for name in box.names if not name.lower().endswith((".xml", ".qti"))}, source, findings)
    return Bundle("qti", (BundleDeck(said or title, tuple(notes)),), findings.told(), media=media)


def _titled(root: Element) -> str:
    named = [root, *all_of(root, "assessment", "objectbank", "assessmentTest", "qti-assessment-test")]
    return next((title.strip()[:200] for element in named if (title := element.get("title") or "").strip()), "")


def _notes(root: Element, findings: Findings, place: str = "") -> Iterator[BundleNote]:
    if name_of(root) in _FIRST:
        for item in all_of(root, "item"):
            yield from first.notes_of(item, findings)
        return
    for item in all_of(root, "assessmentItem", "qti-assessment-item"):
        yield from second.notes_of(item, findings, place)
