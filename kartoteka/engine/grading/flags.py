"""Signs that an answer says the contrary: another number or name in the place, a denial, an opposite, two sides exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from kartoteka.engine.grading.forms import tolerance
from kartoteka.engine.grading.overlap import Said, Wanted, contraries, denial_clash, found_in
from kartoteka.engine.grading.tables import CONTRACTED
from kartoteka.engine.grading.word import Word
from kartoteka.engine.grading.words import articles, compared, denials_of, joining, opposites

AGREES = 0.4  # a clause that says the contrary of a point says this much of the rest of it
FIRM = 0.6  # from here a flag is strong, if the clause is not much longer than the point
PLAIN = 10  # content words of a point that one word can contradict
_OF_ONE_WORD = frozenset(("denial", "opposite"))
_PASSIVE = frozenset(("by", "von", "przez", "par", "por", "da", "door"))


@dataclass(frozen=True, slots=True)
class Flag:
    """A contradiction: what was written, what the card says. ``strong``: it caps the label; a weak one only asks."""

    kind: str
    wrote: str
    card: str
    strong: bool = True
    hinders: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the clause and the point: names of the deck, every stem of the card's answer, every stem of the learner's and which stand together."""

    names: frozenset[str] = frozenset()
    card: frozenset[str] = frozenset()
    answer: frozenset[str] = frozenset()
    beside: frozenset[tuple[str, str]] = frozenset()


def flags_of(wanted: Wanted, said: Said, point: str, answer: str, around: Around) -> tuple[Flag, ...]:
    """What in this clause contradicts this point."""
    brief = len(said.words) <= 2 * len(wanted.words) + 5
    opposed, turned = _opposite(wanted, said, around), denial_clash(wanted.words, said.words)
    if opposed and _parity(wanted) != _parity(said) and not opposed.hinders:  # "not the same" says what "different" says
        opposed, turned = None, set()
    found = [
        _other_number(wanted, said, point, around),
        opposed,
        _denial(wanted, said, turned) if turned else None,
        _exchanged(wanted, said),
        _other_name(wanted, said, around),
    ]
    flags = []
    for flag, kind in ((flag, flag.kind) for flag in found if flag):
        rest = _rest(wanted, said, flag)
        if rest >= AGREES or kind == "count":
            tight = len(said.words) <= len(wanted.words) + 3
            wrote, card = as_written(flag.wrote, said.words, answer), as_written(flag.card, wanted.words, point)
            flags.append(
                Flag(
                    kind,
                    wrote,
                    card,
                    flag.strong
                    and brief
                    and (kind not in _OF_ONE_WORD or len(wanted.content) <= PLAIN)
                    and rest >= (FIRM if kind == "exchange" or (kind == "denial" and not tight) else AGREES),
                )
            )
    return tuple(flags)


def as_written(words: str, found: Sequence[Word], text: str) -> str:
    """Words of a text in the letters they have there."""
    shown = {w.norm: text[w.start : w.end] for w in found}
    return " ".join(shown.get(word, word) for word in words.split(" "))


def _parity(text: Wanted | Said) -> int:
    return denials_of(text.words, text.lang) % 2


def _rest(wanted: Wanted, said: Said, flag: Flag) -> float:
    """How much of the rest of the point the clause says: all but what the flag is about."""
    about = set(flag.card.split())
    rest = [w for w in wanted.content if not (w.norm in about or (flag.kind == "number" and (w.value is not None or w.month)))]
    total = sum(w.says for w in rest)
    return sum(found_in(w, said) * w.says for w in rest) / total if total else 1.0


def _other_number(wanted: Wanted, said: Said, point: str, around: Around) -> Flag | None:
    ours, theirs = [w for w in wanted.words if w.value is not None], [w for w in said.words if w.value is not None]
    if not ours or not theirs:
        return None
    mine, other = _counted(wanted.words), _counted(said.words)
    for stem, word in mine.items():
        if stem in other and other[stem].value != word.value and any(w.value == other[stem].value for w in ours):
            return Flag("count", f"{other[stem].norm} {stem}", f"{word.norm} {stem}")
    had = {w.value for w in theirs}
    missing = [w for w in ours if w.value not in had and w.stem not in around.answer and not any(_within(point, w, t) for t in theirs)]
    instead = [w for w in theirs if w.stem not in around.card and w.stem not in wanted.asked]
    if len(missing) < 1 or len(instead) != 1 or len(theirs) > len(ours) + 1:
        return None
    for word in missing:
        if _comparable(word, instead[0], mine, other):
            return Flag("number", instead[0].norm, word.norm)
    return None


def other_year(wanted: Wanted, clauses: Sequence[Said], answer: str, point: str) -> Flag | None:
    """The clause that says the rest of a point has another year, and the point's own year stands in another clause: two dates exchanged."""
    years = [w for w in wanted.content if _a_year(w)]
    rest = [w for w in wanted.content if w.value is None and w.stem not in wanted.asked]
    if len(years) != 1 or not rest or len(clauses) < 2:
        return None
    shares = [sum(found_in(w, clause) * w.says for w in rest) / sum(w.says for w in rest) for clause in clauses]
    best = max(range(len(clauses)), key=shares.__getitem__)
    theirs = [w for w in clauses[best].words if _a_year(w)]
    if shares[best] < FIRM or sorted(shares)[-2] > shares[best] - 0.25 or len(theirs) != 1 or theirs[0].value == years[0].value:
        return None
    return Flag("number", answer[theirs[0].start : theirs[0].end], point[years[0].start : years[0].end])


def _a_year(word: Word) -> bool:
    return word.value is not None and 1000 <= word.value <= 2100 and word.value.is_integer()


def _within(point: str, word: Word, other: Word) -> bool:
    value = word.value or 0.0
    return abs((other.value or 0.0) - value) <= tolerance(point, value)


def _comparable(one: Word, other: Word, mine: dict[str, Word], theirs: dict[str, Word]) -> bool:
    """Both years, or numbers of the same thing, or figures and not "two" in passing."""
    years = [1000 <= abs(w.value or 0) <= 2100 and float(w.value or 0).is_integer() for w in (one, other)]
    if years[0] != years[1]:
        return False
    same = {stem for stem, word in mine.items() if word is one} & {stem for stem, word in theirs.items() if word is other}
    return bool(same) or years[0] or abs(other.value or 0) > 10


def _counted(words: Sequence[Word]) -> dict[str, Word]:
    """Each number by the word it counts: the next one."""
    counted: dict[str, Word] = {}
    for i, word in enumerate(words):
        if word.value is not None:
            thing = next((w for w in words[i + 1 : i + 2] if w.kind == "word" and w.end - w.start > 1), None)  # not a letter, not a sign
            if thing is not None:
                counted.setdefault(thing.stem, word)
    return counted


def _opposite(wanted: Wanted, said: Said, around: Around) -> Flag | None:
    for word, wrote in contraries(wanted, said):
        if wrote.stem not in around.card and wrote.stem not in wanted.asked and word.stem not in around.answer:
            return Flag("opposite", wrote.norm, word.norm, hinders="negation" in (word.kind, wrote.kind))
    return _elsewhere(wanted, said)


def _elsewhere(wanted: Wanted, said: Said) -> Flag | None:
    """Opposites that both stand in the card, each said of the other's thing: demand rises and the price falls, or the other way round."""
    against = opposites(said.lang)
    if against.keys().isdisjoint(wanted.stems):
        return None
    mine, theirs = _beside(wanted.words), _beside(said.words)
    for pair, (one, other) in mine.items():
        for thing, predicate in ((one, other), (other, one)):
            for contrary in against.get(predicate.stem, ()):
                instead = frozenset((thing.stem, contrary))
                swapped = any(contrary in its and frozenset((*(its - {contrary}), predicate.stem)) in theirs for its in mine)
                if swapped and instead in theirs and instead not in mine and pair not in theirs:
                    wrote = next(w for w in theirs[instead] if w.stem == contrary)
                    return Flag("opposite", f"{thing.norm} {wrote.norm}", f"{thing.norm} {predicate.norm}")
    return None


def _beside(words: Sequence[Word]) -> dict[frozenset[str], tuple[Word, Word]]:
    content = [w for w in words if w.kind == "word"]
    return {frozenset((a.stem, b.stem)): (a, b) for a, b in pairwise(content) if a.stem != b.stem}


def _denial(wanted: Wanted, said: Said, turned: set[str]) -> Flag | None:
    word = next((w for w in (*wanted.words, *said.words) if w.stem in turned and w.kind == "word"), None)
    if word is None or _parity(wanted) == _parity(said):
        return None
    denies = _parity(said)
    return Flag("denial", f"not {word.norm}" if denies else word.norm, word.norm if denies else f"not {word.norm}")


def _exchanged(wanted: Wanted, said: Said) -> Flag | None:
    """From A to B is not from B to A; A beats B is not B beats A, unless one of the two is a passive."""
    directed = _wrong_end(wanted, said)
    if directed:
        return directed
    for joint in compared(said.lang) - _PASSIVE:
        ours, theirs = _sides(wanted.words, joint, said.lang), _sides(said.words, joint, said.lang)
        if ours is None or theirs is None:
            continue
        (left, right), (their_left, their_right) = ours, theirs
        crossed = (left - right) & (their_right - their_left), (right - left) & (their_left - their_right)
        straight = ((left - right) & (their_left - their_right)) | ((right - left) & (their_right - their_left))
        if crossed[0] and crossed[1] and len(crossed[0] | crossed[1]) >= len(straight - crossed[0] - crossed[1]):
            wrote, card = (
                (_first(words, one), _first(words, other))
                for words, one, other in ((said.words, crossed[1], crossed[0]), (wanted.words, crossed[0], crossed[1]))
            )
            return Flag("exchange", f"{wrote[0]} … {joint} … {wrote[1]}", f"{card[0]} … {joint} … {card[1]}")
    return _turned(wanted, said) or _halves(wanted, said)


def _wrong_end(wanted: Wanted, said: Said) -> Flag | None:
    """What stands after one word of direction stands after another: from the hill to the valley, from the valley to the hill."""
    ours, theirs = _ends(wanted.words, said.lang), _ends(said.words, said.lang)
    for joint, word in ours.items():
        wrote = theirs.get(joint)
        if wrote is None or wrote.stem == word.stem:
            continue
        others, instead = ({w.stem for j, w in ends.items() if j != joint} for ends in (ours, theirs))
        if wrote.stem in others and word.stem in instead:
            return Flag("exchange", f"{joint} {wrote.norm}", f"{joint} {word.norm}")
    return None


def _ends(words: Sequence[Word], lang: str) -> dict[str, Word]:
    """The content word that stands next after each word of direction, where there is one such word of each."""
    joints = [(i, CONTRACTED.get(w.norm, w.norm)) for i, w in enumerate(words) if CONTRACTED.get(w.norm, w.norm) in compared(lang)]
    found = {joint: next((w for w in words[i + 1 : i + 4] if w.kind == "word"), None) for i, joint in joints}
    return {joint: w for joint, w in found.items() if w is not None and sum(j == joint for _, j in joints) == 1}


def _turned(wanted: Wanted, said: Said) -> Flag | None:
    """Subject and object exchanged around the same verb: the moon attracts the water, the water attracts the moon."""
    ours, theirs = _shared(wanted, said)
    if not (3 <= len(ours) <= 5 and len(theirs) == len(ours)) or any(w.norm in joining(said.lang) for w in (*wanted.words, *said.words)):
        return None
    if said.lang == "ar" and ours[0].stem == theirs[0].stem and (ours[1].stem, ours[2].stem) == (theirs[2].stem, theirs[1].stem) and ours[3:] == theirs[3:]:
        return Flag("exchange", f"{theirs[1].norm} … {theirs[2].norm}", f"{ours[1].norm} … {ours[2].norm}")  # the verb stands first
    if any(w.norm in _PASSIVE for w in wanted.words) != any(w.norm in _PASSIVE for w in said.words):
        return None
    for at, verb in enumerate(ours[1:-1], 1):
        before, after = {w.stem for w in ours[:at]}, {w.stem for w in ours[at + 1 :]}
        pivot = len(after)
        if theirs[pivot].stem != verb.stem or {w.stem for w in theirs[:pivot]} != after or {w.stem for w in theirs[pivot + 1 :]} != before:
            continue
        if len(ours) > 3 and not any(_before_article(w, words, said.lang) for w, words in ((verb, wanted.words), (theirs[pivot], said.words))):
            continue
        if not (_a_thing(verb, wanted.words, said.lang) or _a_thing(theirs[pivot], said.words, said.lang)):
            return Flag("exchange", " … ".join(w.norm for w in theirs), " … ".join(w.norm for w in ours))
    return None


def _before_article(word: Word, words: Sequence[Word], lang: str) -> bool:
    """Whether an article follows a word, as one does a verb."""
    return any(one is word and other.norm in articles(lang) for one, other in pairwise(words))


def _a_thing(word: Word, words: Sequence[Word], lang: str) -> bool:
    """Whether a word follows an article or a preposition, and so is no verb."""
    before = next((one for one, other in pairwise(words) if other is word), None)
    return before is not None and (
        before.norm in articles(lang) or before.norm in compared(lang) or before.norm in ("of", "in", "on", "at", "for", "with", "its", "their", "his")
    )


def _halves(wanted: Wanted, said: Said) -> Flag | None:
    """The two halves of a point stand the other way round, with a word of direction between them."""
    ours, theirs = _shared(wanted, said)
    if len(ours) < 4 or len(ours) != len(theirs) or len(ours) < 0.7 * len({w.stem for w in wanted.content}):
        return None
    for cut in range(2, len(ours) - 1):
        before, after = {w.stem for w in ours[:cut]}, {w.stem for w in ours[cut:]}
        if {w.stem for w in theirs[: len(after)]} == after and {w.stem for w in theirs[len(after) :]} == before:
            between = [w.norm for w in said.words if theirs[len(after) - 1].end <= w.start < theirs[len(after)].start]
            if any(w in compared(said.lang) - _PASSIVE for w in between):
                return Flag("exchange", f"{theirs[0].norm} … {theirs[-1].norm}", f"{ours[0].norm} … {ours[-1].norm}")
    return None


def _shared(wanted: Wanted, said: Said) -> tuple[list[Word], list[Word]]:
    """The content words of both that the two share, each where it stands first."""
    shared = {w.stem for w in wanted.content if w.kind == "word"} & said.stems
    return _firsts(wanted.words, shared), _firsts(said.words, shared)


def _firsts(words: Sequence[Word], shared: set[str]) -> list[Word]:
    seen: set[str] = set()
    return [w for w in words if w.stem in shared and not (w.stem in seen or seen.add(w.stem))]  # type: ignore[func-returns-value]


def _sides(words: Sequence[Word], joint: str, lang: str) -> tuple[set[str], set[str]] | None:
    places = [i for i, w in enumerate(words) if w.norm == joint]
    if len(places) != 1:
        return None
    i = places[0]
    before, after = _until_joint(words[max(0, i - 6) : i][::-1], lang), _until_joint(words[i + 1 : i + 7], lang)
    left, right = ({w.stem for w in part if w.kind in ("word", "number")} for part in (before, after))
    return (left, right) if left and right else None


def _until_joint(words: Sequence[Word], lang: str) -> list[Word]:
    return list(takewhile(lambda w: w.norm not in compared(lang), words))


def _first(words: Iterable[Word], stems: set[str]) -> str:
    return next((w.norm for w in words if w.stem in stems), "")


def _other_name(wanted: Wanted, said: Said, around: Around) -> Flag | None:
    """A name of the deck in another's place: the one is nowhere, or the other stands beside its verb."""
    if len(wanted.content) < 2:
        return None
    ours = [w for w in wanted.content if w.stem in around.names and w.stem not in wanted.asked]
    missing = [w for w in ours if found_in(w, said) < 0.5]
    instead = [w for w in said.words if w.stem in around.names and w.stem not in wanted.stems and w.stem not in wanted.asked and w.kind == "word"]
    if any(_pairs_with(word, wanted.words) & around.beside for word in missing):
        return None  # said in another clause
    if len(missing) == 1 and instead:
        return Flag("name", instead[0].norm, missing[0].norm)
    mine, theirs = _places(wanted.words, around.names, said.lang), _places(said.words, around.names, said.lang)
    for place, name in mine.items():
        other = theirs.get(place)
        if (
            other is not None
            and other.stem != name.stem
            and name.stem not in wanted.asked
            and name.stem not in {w.stem for key, w in theirs.items() if key == place}
        ):
            return Flag("name", other.norm, name.norm)
    return None


def _pairs_with(word: Word, words: Sequence[Word]) -> set[tuple[str, str]]:
    """The word with the content word before it and the one after it."""
    return {(a.stem, b.stem) for a, b in pairwise(told(words)) if word in (a, b)}


def told(words: Iterable[Word]) -> list[Word]:
    """Words that say something, numbers among them."""
    return [w for w in words if w.kind in ("word", "number")]


def _places(words: Sequence[Word], names: frozenset[str], lang: str) -> dict[tuple[str, str], Word]:
    """Names by the verb that follows them, or the word of direction before them."""
    found: dict[tuple[str, str], Word] = {}
    for before, word in pairwise(words):
        if before.stem in names and before.kind == "word" and word.kind in ("word", "negation") and word.stem not in names:
            found.setdefault(("then", word.stem), before)
        if word.stem in names and word.kind == "word" and before.norm in compared(lang):
            found.setdefault(("after", before.norm), word)
    return found
