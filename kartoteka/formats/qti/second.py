"""Questions of QTI 2.0 to 3.0: ``assessmentItem`` (or ``qti-assessment-item``) with its ``correctResponse`` and interactions."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from kartoteka.formats.base import BundleNote, Findings, Said
from kartoteka.formats.markup import Element, all_of, html_in, name_of, text_of
from kartoteka.formats.prose import lines_of
from kartoteka.formats.quizzes import Asked, note_of, say_unanswered, under

_CHOICES = ("simpleChoice", "inlineChoice", "simpleAssociableChoice", "gapText", "hottext", "gapImg", "hotspotChoice", "associableHotspot")


def _both(*names: str) -> tuple[str, ...]:
    """A name of QTI 2 and the same of QTI 3: ``simpleChoice``, ``qti-simple-choice``."""
    return (*names, *("qti-" + "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in name) for name in names))


_INTERACTION = ("Interaction", "-interaction")
_LEFT_OUT = _both("rubricBlock", "prompt", "simpleChoice", "simpleMatchSet", "feedbackBlock", "modalFeedback", "inlineChoice", "gapText")


def notes_of(item: Element, findings: Findings, place: str = "") -> Iterator[BundleNote]:
    line = item.sourceline
    where = f"{place[-60:]}, line {line}" if place else f"line {line}"
    right = {_said(declared, "identifier"): _correct(declared) for declared in all_of(item, *_both("responseDeclaration"))}
    body = next(all_of(item, *_both("itemBody")), None)
    title, guid = (item.get("title") or "").strip(), (item.get("identifier") or "").strip()
    if body is None:
        say_unanswered(findings, Said("“%(title)s” shows nothing.", title=(title or guid)[:60]), where, line)
        return
    words = {_said(choice, "identifier"): _shown(choice) for choice in all_of(body, *_both(*_CHOICES))}
    interactions = [found for found in body.iter() if name_of(found).endswith(_INTERACTION)]
    explanation = "".join(_shown(found) for found in all_of(item, *_both("modalFeedback", "feedbackBlock")) if lines_of(_shown(found)).strip())
    base: dict[str, Any] = {"title": title, "where": where, "line": line, "explanation": explanation}
    stem = _stem(body)
    pairs = [
        value.split()
        for interaction in interactions
        for value in right.get(_said(interaction, "responseIdentifier", "response-identifier"), ())
        if _is_pair(value, words)
    ]
    if pairs:
        answers = tuple(dict.fromkeys(words[b] for _a, b in pairs))
        for number, (a, b) in enumerate(pairs, start=1):
            term = words.get(a) or a
            others = tuple(other for other in answers if other != words[b])
            yield note_of(
                Asked(under(stem, term), (words[b],), others, guid=f"{guid}-{number}" if guid else "", **{**base, "where": f"{where}, pair {number}"})
            )
        return
    answered: list[str] = []
    wrong: list[str] = []
    together = False
    for interaction in interactions:
        values = right.get(_said(interaction, "responseIdentifier", "response-identifier"), ())
        own = {_said(choice, "identifier"): words.get(_said(choice, "identifier"), "") for choice in all_of(interaction, *_both(*_CHOICES))}
        answered += [own.get(value) or escape(value, quote=False) for value in values]
        wrong += [shown for ident, shown in own.items() if ident not in values and shown]
        together |= bool(own) and len(values) > 1
    if not answered:
        say_unanswered(findings, Said("“%(words)s” has no right answer in this file.", words=lines_of(stem or title)[:60]), where, line)
        return
    together = together or len(interactions) > 1
    yield note_of(Asked(stem or escape(title), tuple(answered), tuple(wrong), guid=guid, together=together, **base))


def _is_pair(value: str, words: dict[str, str]) -> bool:
    parts = value.split()
    return len(parts) == 2 and parts[1] in words and value not in words


def _said(element: Element, *names: str) -> str:
    return next((value.strip() for name in names if (value := element.get(name))), "")


def _correct(declared: Element) -> list[str]:
    """The right values: as declared, else those that map to the most points."""
    values = [text_of(value).strip() for found in all_of(declared, *_both("correctResponse")) for value in all_of(found, *_both("value"))]
    if values:
        written = _said(declared, "baseType", "base-type") == "string" and _said(declared, "cardinality") == "single"
        return values + [other for other, points in _mapped(declared) if points > 0 and other not in values] if written else values
    mapped = _mapped(declared)
    most = max((points for _value, points in mapped), default=0.0)
    several = _said(declared, "cardinality") in ("multiple", "ordered")
    return [value for value, points in mapped if points > 0 and (several or points == most)]


def _mapped(declared: Element) -> list[tuple[str, float]]:
    found = []
    for entry in all_of(declared, *_both("mapEntry")):
        try:
            found.append((_said(entry, "mapKey", "map-key"), float(_said(entry, "mappedValue", "mapped-value") or 0)))
        except ValueError:
            continue
    return [pair for pair in found if pair[0]]


def _shown(choice: Element) -> str:
    return " ".join(html_in(choice, _LEFT_OUT).split())


def _stem(body: Element) -> str:
    """All that is shown before the choices: the prompt, and gaps where something is to be written or chosen."""
    parts: list[str] = []

    def walk(element: Element) -> str:
        name = name_of(element)
        if name in _both("textEntryInteraction", "inlineChoiceInteraction", "gap"):
            return "_____"
        return html_in(element, ())

    for part in body:
        name = name_of(part)
        if name.endswith(_INTERACTION) and name not in _both("textEntryInteraction", "inlineChoiceInteraction"):
            parts += [_shown_prompt(found) for found in all_of(part, *_both("prompt"))]
            if name in _both("gapMatchInteraction", "hottextInteraction"):
                parts += [_gapped(found) for found in part if name_of(found) not in _both("prompt", "gapText", "gapImg")]
        elif name and name not in _both("rubricBlock", "feedbackBlock"):
            parts.append(walk(part) if name in _both("textEntryInteraction") else _wrapped(part))
    shown = [part for part in parts if lines_of(part).strip() or "<img" in part or "<math" in part]
    return shown[0].removeprefix("<p>").removesuffix("</p>") if len(shown) == 1 and shown[0].count("<p>") <= 1 else "".join(shown)


def _shown_prompt(prompt: Element) -> str:
    inner = " ".join(html_in(prompt).split())
    return inner if inner.startswith("<p") else f"<p>{inner}</p>"


def _wrapped(part: Element) -> str:
    inner = _gapped(part)
    name = name_of(part)
    return (
        inner
        if name == "div" or inner.startswith("<p")
        else f"<p>{inner}</p>"
        if name in ("p", "span") or not inner.startswith("<")
        else f"<{name}>{inner}</{name}>"
        if name in ("ul", "ol", "table", "blockquote", "pre")
        else inner
    )


def _gapped(part: Element) -> str:
    prompts = [_shown_prompt(found) for found in all_of(part, *_both("prompt"))]
    gaps = _both("textEntryInteraction", "inlineChoiceInteraction", "gap")
    hidden = tuple(name_of(found) for found in part.iter() if name_of(found).endswith(_INTERACTION) and name_of(found) not in gaps)
    inner = " ".join(html_in(part, (*(name.removeprefix("qti-") for name in gaps), *(name.removeprefix("qti-") for name in hidden)), "_____").split())
    return inner.replace("_____", "", len(prompts)) + "".join(prompts) if prompts and hidden else inner
