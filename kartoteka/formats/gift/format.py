"""GIFT, Moodle's quizzes as plain text: the right answer becomes the definition, wrong ones stay as wrong answers to choose from."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import BinaryIO

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.marks import html_of_markdown
from kartoteka.formats.prose import html_of, lines_of
from kartoteka.formats.quizzes import Asked, note_of, say_unanswered, under

TITLE = Said("GIFT quiz (Moodle)")
EXTENSIONS = (".gift", ".txt")
KEEPS = ("questions", "right answers", "wrong answers", "explanations", "matching pairs", "tags", "categories as sets", "formatting")
DROPS = (
    "points and penalties of answers",
    "feedback to wrong answers",
    "questions without a right answer",
)

MOST_QUESTIONS = 50_000
LONGEST = 60_000  # signs of one question
_ESCAPES = {"~": "\ue010", "=": "\ue011", "#": "\ue012", "{": "\ue013", "}": "\ue014", ":": "\ue015", "\\": "\ue016", "n": "\ue017"}
_BACK = {sign: ("\n" if letter == "n" else letter) for letter, sign in _ESCAPES.items()}
MOST_CHOICES = 1_000  # of a question: each is compared with every other
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_HIDDEN = re.compile("[\ue010-\ue017]")
_TITLED = re.compile(r"\s*::(.{0,500}?)::", re.S)
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.I)
_WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
_SAID = re.compile(r"\[(id|tag):([^\]\n]{1,200})\]", re.I)
_BEGINS = re.compile(r"\s*::|[^=~}]*\{")  # a blank line inside braces, and then this: the braces were forgotten
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")
_LOOKS = re.compile(r"\{\s*(?:[=~#]|T(?:RUE)?\b\s*[#}]|F(?:ALSE)?\b\s*[#}]|\})|^::.+?::", re.M)


def recognises(head: bytes, name: str) -> float:
    text = decoding.looks_like(head)
    if not text.strip():
        return 0.0
    named = name.lower().endswith(".gift")
    signs = re.sub(r"^\s*//.*$", "", _ESCAPED.sub("", text[:20_000]), flags=re.M)
    found = len(_LOOKS.findall(signs))
    answered = re.search(r"\{[^{}]{0,2000}[=~][^{}=~]{1,500}", signs) is not None and not re.search(r"\{\{|==\w[^=\n]*==|^#\+|^\*+ ", signs, re.M)
    if named:
        return 0.97 if found or "$CATEGORY" in signs or text.startswith("//") else 0.8
    if "$CATEGORY:" in signs and found:
        return 0.97
    if "\t" in signs or not answered:
        return 0.0
    return 0.93 if found and (re.search(r"^::.+?::", signs, re.M) or len(re.findall(r"\{\s*[=~#TF]", signs)) * 4 >= signs.count("{")) else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
    decks: dict[str, list[BundleNote]] = {}
    category = tables.title_of(source.name)
    many = 0
    for piece in _pieces(text, findings):
        if piece.category:
            category = piece.category
            continue
        many += 1
        if many > MOST_QUESTIONS:
            findings.say("too many questions", Said("Only the first %(most)s questions were read.", most=f"{MOST_QUESTIONS:,}"), piece.line, "refused")
            break
        decks.setdefault(category, []).extend(_notes(piece, findings))
    if not any(decks.values()) and not findings.told():
        raise Unreadable(Said("There are no questions in this GIFT file. A question looks like this: “Two plus two? {=4 ~3}”."))
    found = tuple(BundleDeck(title, tuple(notes)) for title, notes in decks.items() if notes) or (BundleDeck(category, ()),)
    return Bundle("gift", found, findings.told(), choices={} if encoding == "utf-8" else {"encoding": encoding})


@dataclass(slots=True)
class _Piece:
    """One question as it stands, with its escapes hidden."""

    text: str
    line: int
    tags: tuple[str, ...] = ()
    id: str = ""
    category: str = ""


def _pieces(text: str, findings: Findings) -> Iterator[_Piece]:
    """Questions are parted by blank lines outside braces, or where the next begins below one that is complete; comments may carry an id and tags."""
    lines: list[str] = []
    begun, said, depth = 0, [], 0
    all_lines = [*text.split("\n"), ""]
    for number, line in enumerate(all_lines, start=1):
        bare = line.strip()
        if bare.startswith("//"):
            said += _SAID.findall(bare)
            continue
        if bare.startswith("$CATEGORY:") and not depth:
            path = bare.removeprefix("$CATEGORY:").strip().replace("$course$", "").replace("$system$", "").strip("/")
            yield _Piece("", number, category="::".join(part.strip() for part in path.split("/") if part.strip() and part != "top")[:200])
            continue
        hidden = _ESCAPED.sub(lambda found: _ESCAPES[found[1]], line)
        if depth and not bare and number < len(all_lines) and _BEGINS.match(all_lines[number]):
            findings.say("braces that never close", Said("The answers of a question here are not closed with }; they were read up to the blank line."), begun)
            depth = 0
        if not bare and not depth:
            if lines:
                yield _Piece("\n".join(lines)[:LONGEST], begun, _tags(said), next((value for key, value in said if key.lower() == "id"), ""))
            lines, said = [], [] if lines else said
            continue
        if lines and not depth and "}" in "".join(lines) and (hidden.lstrip().startswith("::") or "{" in hidden):
            yield _Piece("\n".join(lines)[:LONGEST], begun, _tags(said), next((value for key, value in said if key.lower() == "id"), ""))
            lines, said = [], []
        begun = number if not lines else begun
        lines.append(hidden)
        depth = max(0, depth + hidden.count("{") - hidden.count("}"))
    if lines:
        findings.say("braces that never close", Said("The answers of the last question are not closed with }."), begun)
        yield _Piece("\n".join(lines)[:LONGEST], begun, _tags(said))


def _tags(said: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for key, value in said if key.lower() == "tag"))


def _notes(piece: _Piece, findings: Findings) -> Iterator[BundleNote]:
    body, title, form = piece.text, "", "moodle"
    if found := _TITLED.match(body):
        title, body = _shown(found[1]).strip(), body[found.end() :]
        title = "" if title.isdecimal() else title
    if found := _FORMAT.match(body):
        form, body = found[1].lower(), body[found.end() :]
    opens = body.find("{")
    where = f"line {piece.line}"
    if opens < 0:
        what = Said("“%(words)s” is a description without a question. It was left out.", words=_short(body))
        findings.say("descriptions", what, piece.line, "info")
        return
    closes = body.find("}", opens)
    closes = len(body) if closes < 0 else closes
    inside, after = body[opens + 1 : closes], body[closes + 1 :].strip()
    stem = body[:opens].rstrip() + (" _____ " if after and not re.match(r"[.!?]\Z", after) else "") + after
    if after and re.match(r"[.!?]\Z", after):
        stem = f"{body[:opens].rstrip()} _____{after}"
    common = {"title": title, "tags": piece.tags, "guid": piece.id, "where": where, "line": piece.line}
    inside, general = _general(inside)
    asked = _asked(_html(stem, form), inside.strip(), form, general)
    if isinstance(asked, list):
        for term, definition, at in asked:
            wrong = tuple(other for _term, other, _at in asked if other != definition)
            extra = {"title": title} if title else {}
            told = Asked(
                under(_html(stem, form), term),
                (definition,),
                wrong,
                general,
                tags=piece.tags,
                guid=f"{piece.id}-{at}" if piece.id else "",
                where=f"{where}, pair {at}",
                line=piece.line,
                extra=extra,
            )
            if lines_of(term).strip():
                yield note_of(told)
        return
    if asked is None or not any(map(str.strip, asked.right)):
        if general:
            yield note_of(Asked(_html(stem, form), (general,), **common))  # type: ignore[arg-type]
            return
        say_unanswered(findings, Said("“%(words)s” has no right answer in this file.", words=_short(stem)), where, piece.line)
        return
    yield note_of(Asked(asked.stem, asked.right, asked.wrong, asked.explanation, together=asked.together, **common))  # type: ignore[arg-type]


def _general(inside: str) -> tuple[str, str]:
    inside, _sign, said = inside.partition("####")
    return inside, _html(said.strip(), "moodle") if said.strip() else ""


@dataclass(frozen=True, slots=True)
class _Answers:
    stem: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    explanation: str
    together: bool = False


def _asked(stem: str, inside: str, form: str, general: str) -> _Answers | list[tuple[str, str, int]] | None:
    head, _sign, said = inside.partition("#")
    if head.strip().upper() in (*_TRUE, *_FALSE):
        true = head.strip().upper() in _TRUE
        explained = [part.strip() for part in said.split("#")]
        fitting = explained[0] or (explained[1] if len(explained) > 1 else "")
        return _Answers(stem, ("True" if true else "False",), ("False" if true else "True",), _joined(_html(fitting, form) if fitting else "", general))
    if inside.startswith("#"):
        return _numbers(stem, inside[1:], form, general)
    answers = _choices(inside, form)
    if not answers:
        return None
    if all("->" in answer.text and answer.sign == "=" for answer in answers):
        pairs = [answer.text.split("->", 1) for answer in answers]
        return [(_html(a, form), _html(b, form), at) for at, (a, b) in enumerate(pairs, start=1)]
    positive = [answer for answer in answers if answer.weight > 0]
    full = [answer for answer in answers if answer.weight >= 100]
    together = not full and len(positive) > 1
    right = positive if together else full or positive[:1]
    told = "".join(f"<p>{answer.html}: {answer.said}</p>" if len(answers) > 1 else answer.said for answer in answers if answer.said)
    wrong = tuple(answer.html for answer in answers if answer not in right and answer.sign == "~")
    return _Answers(stem, tuple(answer.html for answer in right), wrong, _joined(told, general), together)


def _joined(*parts: str) -> str:
    return "".join(part if part.startswith("<p>") else f"<p>{part}</p>" for part in parts if part) if sum(map(bool, parts)) > 1 else "".join(parts)


@dataclass(frozen=True, slots=True)
class _Choice:
    sign: str
    weight: float
    text: str
    html: str
    said: str


def _choices(inside: str, form: str) -> list[_Choice]:
    found: list[_Choice] = []
    for piece in re.findall(r"[=~][^=~]*", inside)[:MOST_CHOICES]:
        text, weight = piece[1:], 100.0 if piece[0] == "=" else 0.0
        if given := _WEIGHT.match(text):
            weight, text = float(given[1]), text[given.end() :]
        text, _sign, said = text.partition("#")
        own = form
        if given := _FORMAT.match(text):
            own, text = given[1].lower(), text[given.end() :]
        found.append(_Choice(piece[0], weight, text.strip(), _html(text.strip(), own), _html(said.strip(), own) if said.strip() else ""))
    return found


def _numbers(stem: str, inside: str, form: str, general: str) -> _Answers | None:
    """A numerical answer: a number with its tolerance, or a span."""
    choices = _choices(inside, form) or _choices(f"={inside}", form)
    best = max(choices, key=lambda choice: choice.weight, default=None)
    if best is None or not best.text:
        return None
    said = best.text
    if ".." in said:
        low, _dots, high = said.partition("..")
        shown = f"{low.strip()} to {high.strip()}"
    else:
        number, _colon, near = said.partition(":")
        shown = number.strip() + (f" ± {near.strip()}" if near.strip() not in ("", "0") else "")
    return _Answers(stem, (escape(_shown(shown), quote=False),), (), _joined(*(choice.said for choice in choices if choice.said), general))


def _shown(text: str) -> str:
    return _HIDDEN.sub(lambda found: _BACK[found[0]], text)


def _short(text: str) -> str:
    return " ".join(_shown(text).split())[:60]


def _html(text: str, form: str) -> str:
    """A text in one of GIFT's four formats, as HTML. Moodle's own joins lines, as its pages do."""
    text = _shown(text).strip()
    if form == "html":
        return text
    if form == "markdown":
        return html_of_markdown(text, breaks=False)
    if form == "moodle" and re.search(r"</?(?:b|i|u|p|br|em|strong|sub|sup|ul|ol|li|img|span|div|code|pre)\b[^<>]*>", text):
        return text
    return html_of(text if form == "plain" else re.sub(r"[ \t]*\n[ \t]*(?=\S)", " ", text))


# Writing.


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """A question a note: with wrong answers of its own a choice, else a short answer. Several sets become categories."""
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
    for deck in bundle.decks:
        text.write(f"$CATEGORY: {' '.join(deck.title.split()).replace('/', '-').replace('::', '/') or 'Kartoteka'}\n\n")
        for number, note in enumerate(deck.notes, start=1):
            term, definition = _cloze_free(note)
            if not (term and definition):
                continue
            for tag in note.tags:
                text.write("// [tag:" + re.sub(r"[\]\s]+", "-", tag) + "]\n")
            text.write(f"::{number}::[html]{_safe(term)} {{\n\t={_safe(definition)}\n")
            for other in _listed(note, "accepted"):
                text.write(f"\t={_safe(escape(other, quote=False))}\n")
            for wrong in _listed(note, "distractors"):
                text.write(f"\t~{_safe(escape(wrong, quote=False))}\n")
            if said := note.fields.get("explanation"):
                text.write(f"\t####{_safe(said)}\n")
            text.write("}\n\n")
    text.detach()


def _listed(note: BundleNote, name: str) -> list[str]:
    found = note.extra.get(name)
    return [str(value) for value in found] if isinstance(found, list | tuple) else []


def _cloze_free(note: BundleNote) -> tuple[str, str]:
    """Both sides; of a cloze the text with its gaps, and what stands in them."""
    term, definition = note.fields.get("term", ""), note.fields.get("definition", "")
    if note.kind != "cloze" or "{{c" not in term:
        return term, definition
    gaps = re.findall(r"\{\{c\d+(?:,\d+)*::(.*?)(?:::[^{}]*)?\}\}", term, re.S)
    return re.sub(r"\{\{c\d+(?:,\d+)*::.*?\}\}", "_____", term, flags=re.S), ", ".join(gaps)


def _safe(html: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", html.replace("\r", "")).replace("\n", "\\n").strip()
