"""Answers of several things: two where one is asked, one too many, a part of a list; and names cut to their initials."""

from __future__ import annotations

import re

from kartoteka.engine.grading import reasons
from kartoteka.engine.grading.forms import JOINTS, key, listed, ordered
from kartoteka.engine.grading.reasons import Reason
from kartoteka.engine.grading.task import Task, close, right
from kartoteka.engine.grading.typos import unspaced
from kartoteka.engine.grading.verdicts import Verdict
from kartoteka.engine.grading.words import articles, hedges, words_of

BRIEF, ITEM_WORDS = 2, 4  # words of an answer that a further one may stand beside, and of that one
LONGEST_INITIALS = 16  # characters of them, with stops and spaces
LIST = 3  # things a card names before a part of them counts as a part
_EITHER = {
    "es": "o|u", "it": "o|oppure", "pt": "ou", "fr": "ou|soit", "nl": "of", "ar": "أو|ام|أم|وإما", "he": "או",
    "zh": r"\s*(?:或者|还是|還是|或)\s*", "ja": r"\s*(?:または|あるいは|もしくは|それとも|(?<=[^\u3041-\u3096])か(?=.))\s*",
}  # fmt: skip
_ALWAYS = "or|oder|lub|albo|ou|или"
_ASKING = r"\s*[/／]\s*|\s*[?？؟¿]\s*"
_INITIALS = re.compile(r"[^\W\d_]{2,7}|(?:[^\W\d_]\.\s?){2,6}|[א-ת]{1,5}[\"״'׳][א-ת]{1,2}")


def hedged(task: Task) -> Verdict | None:
    """Two answers where one is asked for: one of them right is not yet an answer."""
    if not task.short or task.rubric.want_all or any(w.norm in hedges(task.lang) for text in task.accepted for w in words_of(text, task.lang)):
        return None
    either = _EITHER.get(task.lang, "or")
    spaced = either if either.startswith("\\s") else rf"\s+(?:{either}|{_ALWAYS})\s+"
    return _one_of(task, re.split(f"{spaced}|{_ASKING}", task.cut, flags=re.IGNORECASE))


def added(task: Task) -> Verdict | None:
    """A further thing beside the one a brief card asks for, or one too many in a list."""
    if not task.short or task.rubric.want_all or any(len(form.key) > BRIEF for form in task.forms if form.whole):
        return _one_too_many(task)
    joint = JOINTS.get(task.lang)
    if joint is None or any(joint.search(text) for text in (task.rubric.question, *task.accepted)):
        return _one_too_many(task)
    pieces = [piece for piece in joint.split(task.cut) if piece.strip(" ,،、")]
    if any(len(words_of(piece, task.lang)) > ITEM_WORDS for piece in pieces):
        return None
    return _one_of(task, pieces)


def _one_of(task: Task, pieces: list[str]) -> Verdict | None:
    """Whether some of these answers, and not all of them, are the card's."""
    pieces = [_without_hedges(piece, task.lang) for piece in pieces if piece.strip()]
    if len(pieces) < 2:
        return None
    keys = {form.key for form in task.forms}
    met = [key(piece, task.lang) in keys for piece in pieces]
    if any(met) and not all(met):
        return Verdict(0.4, "close", "L1", 0.9, reasons=(Reason(reasons.TWO_ANSWERS),), accepted_form=task.accepted[0])
    return None


def _without_hedges(piece: str, lang: str) -> str:
    """ "Maybe Rome" is Rome."""
    unsure = hedges(lang)
    piece = re.sub(r"^(?:也许|可能|たぶん|多分)", "", piece)
    return " ".join(word for word in piece.split() if word.casefold().strip(",.") not in unsure) or piece


def _one_too_many(task: Task) -> Verdict | None:
    said = listed(task.cut, task.lang)
    for text in task.accepted if task.short and len(said) >= LIST and not any(c.isdigit() for c in task.cut) else ():
        ours = listed(text, task.lang)
        if ours and ours < said and len(said) <= 2 * len(ours) and all(len(item) <= ITEM_WORDS for item in said - ours):
            return close("L1", text, reasons.ADDED, 0.5)
    return None


def part_of_list(task: Task) -> Verdict | None:
    """Some of the three or more things a card names and nothing else, or all of them without a sign between."""
    if not task.short or any(c.isdigit() for c in task.cut):
        return None
    for text in task.accepted:
        wanted = ordered(text, task.lang)
        if len(wanted) < LIST or len(set(wanted)) < len(wanted) or any(len(item) > BRIEF + 1 for item in wanted):
            continue
        met, rest = _items_in(task, wanted)
        if rest or not met:
            continue
        if met == len(wanted):
            return right("L1", text)
        if len(listed(task.cut, task.lang) or (1,)) == met:
            return close("L1", text, reasons.PART, round(met / len(wanted), 2) * 0.9)
    return None


def _items_in(task: Task, wanted: tuple[tuple[str, ...], ...]) -> tuple[int, bool]:
    """How many of these things an answer names, and whether it says anything else."""
    if unspaced(task.cut):
        left, met = re.sub(r"[\s、，,。・和与及跟とや]", " ", task.cut), 0
        for item in sorted(wanted, key=lambda item: -len("".join(item))):
            shown = _whole(item)
            if shown in left.split():
                met += 1
                left = " ".join(piece for piece in left.split() if piece != shown)
        return met, bool(left.strip())
    flat = [word for item in ordered(task.cut, task.lang) or (key(task.cut, task.lang),) for word in item]
    met = 0
    for item in sorted(wanted, key=len, reverse=True):
        at = next((i for i in range(len(flat)) if tuple(flat[i : i + len(item)]) == item), None)
        if at is not None:
            met += 1
            del flat[at : at + len(item)]
    return met, bool(flat)


def _whole(item: tuple[str, ...]) -> str:
    """Signs that were read in pairs, as they stood."""
    return item[0] + "".join(pair[-1] for pair in item[1:]) if item else ""


def abbreviated(task: Task) -> Verdict | None:
    """The initials of a name for the name, or the name for its initials."""
    said = {w.stem for w in words_of(task.rubric.question, task.lang)}
    for text in task.accepted if task.short else ():
        for short, full, why in ((task.cut.strip(), text, reasons.IN_FULL), (text.strip(), task.cut, "")):
            if len(short) <= LONGEST_INITIALS and _shortened(short, full, task.lang) and not said & {w.stem for w in words_of(short, task.lang)}:
                sure = task.rubric.strictness == "relaxed" and not unspaced(full)
                return right("L1", text, why) if sure else close("L1", text, reasons.IN_FULL)
    return None


def _shortened(short: str, full: str, lang: str) -> bool:
    if lang in ("zh", "ja"):
        brief = 2 <= len(short) <= 4 and len(full) >= len(short) + 2 and full.isalpha()
        return brief and short not in full and full[0] == short[0] and _within(short, full)
    if not _INITIALS.fullmatch(short) or (" " not in full.strip() and lang != "de"):
        return False
    letters = "".join(c for c in short if c.isalpha())
    if lang == "he":
        return not short.isalpha() and _within(letters, "".join(full.split())) and letters[0] == full.strip()[0]
    if sum(c.isupper() for c in letters) < 2:
        return False
    if lang == "es":
        letters = re.sub(r"(.)\1", r"\1", letters)  # EE. UU.
    words = [word for word in re.findall(r"[^\W\d_]+", full) if word.casefold() not in articles(lang)]
    big = [w for w in words_of(full, lang) if w.kind in ("word", "number")]
    initials = ("".join(w[0] for w in words), "".join(full[w.start] for w in big))
    if len(words) > 1 and letters.casefold() in {i.casefold() for i in initials}:
        return True
    return lang == "de" and letters.isupper() and _of_compounds(letters.casefold(), [word.casefold() for word in words])


def _of_compounds(letters: str, words: list[str]) -> bool:
    """Initials of German compounds too: BIP is the Bruttoinlandsprodukt, IWF the Internationaler Währungsfonds."""
    full = "".join(words)
    return (
        len(letters) > 2
        and len(full) >= 5 * len(letters)
        and letters[0] == full[0]
        and _within("".join(w[0] for w in words), letters)
        and _within(letters, full)
    )


def _within(short: str, full: str) -> bool:
    """Whether the signs of one stand in the other, in their order."""
    rest = iter(full)
    return all(sign in rest for sign in short)
