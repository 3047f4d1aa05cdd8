"""Questions of QTI 1.2: ``item`` with what is shown in ``presentation`` and what is right in ``resprocessing``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from kartoteka.formats.base import BundleNote, Findings, Said
from kartoteka.formats.markup import Element, all_of, child, children, name_of, text_of
from kartoteka.formats.prose import lines_of
from kartoteka.formats.quizzes import Asked, note_of, say_unanswered, under

_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")


@dataclass(slots=True)
class _Scored:
    """What conditions say of an item: the values that add points, together or each, by response."""

    sets: list[list[tuple[str, str]]] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)


def notes_of(item: Element, findings: Findings) -> Iterator[BundleNote]:
    line = item.sourceline
    where = f"line {line}"
    shown = child(item, "presentation")
    stem = _stem(shown) if shown is not None else ""
    title = (item.get("title") or "").strip()
    responses = list(all_of(shown, *_RESPONSES)) if shown is not None else []
    scored = _scored(item)
    guid = (item.get("ident") or "").strip()
    tags = tuple(dict.fromkeys(words for found in all_of(item, "qmd_topic") if (words := text_of(found).strip())))
    explanation = _explanation(item, scored)
    if not (stem or title) or not responses:
        say_unanswered(findings, Said("“%(title)s” asks nothing that can be shown.", title=(title or guid)[:60]), where, line)
        return
    base: dict[str, Any] = {"title": title, "tags": tags, "where": where, "line": line}
    labels = {response.get("ident") or "": _labels(response) for response in responses}
    right = scored.sets[0] if scored.sets else []
    by_response = {ident: [value for at, value in right if at == ident] for ident in labels}
    if len(responses) > 1 and all(name_of(response) == "response_lid" for response in responses):
        for number, response in enumerate(responses, start=1):
            ident = response.get("ident") or ""
            answers = tuple(labels[ident].get(value, escape(value)) for value in by_response[ident])
            wrong = tuple(words for value, words in labels[ident].items() if value not in by_response[ident])
            own = _material(response)
            if answers:
                asked = under(stem, own) if own else stem or title
                yield note_of(
                    Asked(asked, answers, wrong, explanation, guid=f"{guid}-{number}" if guid else "", **{**base, "where": f"{where}, part {number}"})
                )
        return
    values = [(ident, value) for ident, value in right if ident in labels] or right
    known = {value: words for found in labels.values() for value, words in found.items()}
    answers = tuple(known.get(value, escape(value, quote=False)) for _ident, value in values)
    if not answers:
        say_unanswered(findings, Said("“%(words)s” has no right answer in this file.", words=lines_of(stem or title)[:60]), where, line)
        return
    several = any((response.get("rcardinality") or "").lower() in ("multiple", "ordered") for response in responses) or len(responses) > 1
    written = name_of(responses[0]) in ("response_str", "response_num")
    others = tuple(escape(value, quote=False) for found in scored.sets[1:] for _ident, value in found if written and not several)
    chosen = {value for _ident, value in values}
    wrong = tuple(words for value, words in known.items() if value not in chosen)
    yield note_of(Asked(stem or escape(title), answers + others, wrong, explanation, guid=guid, together=several, **base))


def _stem(shown: Element) -> str:
    """Everything shown but the choices; a field to write in is a gap."""
    parts: list[str] = []

    def walk(element: Element) -> None:
        name = name_of(element)
        if name == "response_label":
            return
        if name == "material":
            parts.append(_of_material(element))
        elif name in ("render_fib",) and not any(True for _found in all_of(element, "material")):
            parts.append("_____")
        else:
            for inner in element:
                walk(inner)

    for response in shown:
        if name_of(response) in _RESPONSES and len(list(all_of(shown, "response_lid"))) > 1 and name_of(response) == "response_lid":
            continue
        walk(response)
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    parts = [part for part in parts if part.strip()]
    if parts and parts[-1] == "_____" and len(parts) == 2:
        parts = parts[:-1]
    if any(part.lstrip().startswith(("<p", "<div", "<ul", "<table")) for part in parts):
        return "".join(part if part.lstrip().startswith("<") else f"<p>{part}</p>" for part in parts)
    return " ".join(parts) if "_____" in parts else "<br>".join(parts)


def _material(response: Element) -> str:
    return _joined([_of_material(found) for found in children(response, "material")])


def _of_material(material: Element) -> str:
    out = []
    for part in all_of(material, "mattext", "matimage", "mataudio", "matemtext"):
        name = name_of(part)
        if name == "matimage":
            out.append(f'<img src="{escape(part.get("uri") or "")}">')
        elif name == "mataudio":
            out.append(f"[sound:{part.get('uri') or ''}]")
        else:
            text = re.sub(r"\s+", " ", text_of(part)).strip() if "html" not in (part.get("texttype") or "") else text_of(part).strip()
            html = "html" in (part.get("texttype") or "") or re.search(r"</?(?:p|b|i|br|div|span|img|ul|li|strong|em|sub|sup)\b", text)
            out.append(text if html else escape(text, quote=False))
    return " ".join(words for words in out if words)


def _labels(response: Element) -> dict[str, str]:
    """The choices of a response by their id."""
    found: dict[str, str] = {}
    for label in all_of(response, "response_label"):
        words = _joined([_of_material(material) for material in all_of(label, "material")])
        if words:
            found[label.get("ident") or str(len(found))] = words
    return found


def _scored(item: Element) -> _Scored:
    scored = _Scored()
    for condition in all_of(item, "respcondition"):
        points = sum(_points(found) for found in children(condition, "setvar"))
        told = [(found.get("linkrefid") or "").strip() for found in children(condition, "displayfeedback")]
        test = child(condition, "conditionvar")
        values = [] if test is None else list(_values(test))
        named = any("correct" in link.lower() and "incorrect" not in link.lower() for link in told)
        if values and (points > 0 or (named and not any(True for _found in children(condition, "setvar")))):
            if scored.sets and (condition.get("continue") or "").lower() == "yes":
                scored.sets[0] += values
            else:
                scored.sets.append(values)
            scored.feedback += told
    if len(scored.sets) > 1 and len({ident for found in scored.sets for ident, _value in found}) > 1:
        scored.sets = [[pair for found in scored.sets for pair in found]]
    return scored


def _points(setvar: Element) -> float:
    try:
        value = float((setvar.text or "0").strip())
    except ValueError:
        return 0.0
    return -value if (setvar.get("action") or "").lower() == "subtract" else value


def _values(test: Element) -> Iterator[tuple[str, str]]:
    """What must have been answered, but for what must not."""
    for found in test:
        name = name_of(found)
        if name in ("and", "or"):
            inner = list(_values(found))
            yield from inner if name == "and" else inner[:1]
        elif name in ("varequal", "varsubstring", "varinside"):
            yield (found.get("respident") or "").strip(), (found.text or "").strip()
        elif name in ("vargte", "vargt", "varlte", "varlt"):
            sign = {"vargte": "≥", "vargt": ">", "varlte": "≤", "varlt": "<"}[name]
            yield (found.get("respident") or "").strip(), f"{sign} {(found.text or '').strip()}"


def _explanation(item: Element, scored: _Scored) -> str:
    """The feedback of the right answer, and the solution where there is one."""
    parts = []
    for feedback in children(item, "itemfeedback"):
        solution = any(True for _found in all_of(feedback, "solution"))
        if solution or (feedback.get("ident") or "") in scored.feedback:
            words = _joined([_of_material(found) for found in all_of(feedback, "material")])
            if words and not re.fullmatch(r"(?:yes|right|correct|well done)[.,! ]*(?:right|correct|well done)?[.! ]*", lines_of(words), re.I):
                parts.append(words)
    return "".join(f"<p>{part}</p>" for part in parts) if len(parts) > 1 else "".join(parts)
