"""Where the parts of a copied page lie: what stands above the cards, where each card begins, what follows the last."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kartoteka.formats.base import Findings, Said

STATUSES = frozenset(("new cards", "still learning", "almost done", "mastered"))
NEAR = 3  # without a count on the page, a gap of more missing numbers is no gap: the number is part of a card
_COUNT = re.compile(r"(\d{1,3}(?:[,. ]\d{3})+|\d{1,6}) terms?", re.I)
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_PLACE = re.compile(r"\d{1,6} ?/ ?(\d{1,6})")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u200e\u200f]+")

# The page's own words, line by line. "learnLearn" is an icon's name and its label run together.
_FURNITURE = re.compile(
    r"\d(?:\.\d)? ?\(\d+\)|(?:studied by ?)?studied by \d[\d,.k]* (?:people|person)|(?:full-width)?(?:call (?:with )?kai|full-width)|"
    r"(?:learn|exam|spaced repetition|heart puzzle|flashcards?|game|gamepad|sort)?(?:learn|practice test|test|spaced repetition|match|matching|matching game|"
    r"flashcards|knowt play|play|card sorting)|exam|heart puzzle|gamepad|game|"
    r"learna personalized and smart learning plan|practice testtake a test on your terms and definitions|spaced repetitionscientifically backed study method|"
    r"matching gamehow quick can you match all your cards\?|flashcardsstudy terms and definitions|"
    r"encourage image|flashcard set|earn xp|description and tags|there['’]s no tags or description|looks like no tags are added yet\.?|"
    r"study analytics|name|mastery|spaced|call with kai|no study sessions yet\.?|no analytics yet\.?|last updated .{1,60}|updated \d.{0,40}|"
    r"send a link to your students.{0,200}|\|? ?name ?\|.{0,120}|[|\- :]{3,}|"
    r"share|edit|save|export|print|copy|home|explore|search|your library|create|log ?in|sign ?up|get started|upgrade|preview|"
    r"created by.{0,60}|view(?:s)? \d+",
    re.I,
)
# What only the foot of a page says: other sets, with their ratings, and doors for strangers.
_FOOT = re.compile(
    r"explore (?:top|more|related) .{1,60}|\d\.\d ?\(\d+\)|(?:studied by ?)studied by \d[\d,.k]* (?:people|person)|load more|(?:sign up|log in) to (?:see|view|unlock) .{1,80}|"
    r"©.{0,60}knowt.{0,60}|knowt,? inc\.?.{0,40}",
    re.I,
)


def bare(line: str) -> str:
    """A line as it is compared: no blanks at its ends, none that cannot be seen."""
    return " ".join((line if line.isascii() else _INVISIBLE.sub("", line)).split())


def is_furniture(line: str) -> bool:
    return _FURNITURE.fullmatch(line) is not None or _PLACE.fullmatch(line) is not None


def place_of(lines: Sequence[str]) -> int | None:
    """The counter ``1/31`` above the cards; it counts one less than there are."""
    found = next((found for line in lines if (found := _PLACE.fullmatch(line))), None)
    return int(found[1]) if found else None


def count_in(line: str) -> int | None:
    found = _COUNT.fullmatch(line)
    return int(re.sub(r"\D", "", found[1])) if found else None


@dataclass(frozen=True, slots=True)
class Start:
    """A card's number, the line its marks begin in, and the first line of its own text."""

    number: int
    mark: int
    text: int


@dataclass(frozen=True, slots=True)
class Page:
    """``head``: lines before this belong to the page; ``starts``: the cards; ``end``: where the cards end."""

    head: int
    starts: Sequence[Start]
    end: int
    declared: int | None
    status_first: bool  # the status stands between number and term, not after the definition


def page_of(lines: Sequence[str], findings: Findings, numbers: Sequence[int]) -> Page | None:
    """The parts of a page whose lines are ``bare``; ``numbers``: of each line in the file. ``None``: no cards are marked."""
    counts = [at for at, line in enumerate(lines) if count_in(line) is not None]
    marks = _marks(lines)
    at = _count_line(lines, counts, marks)
    begin = at + 1 if at is not None else _first_mark(lines, marks)
    if begin is None:
        return None
    declared = count_in(lines[at]) if at is not None else None
    end = _second_page(lines, counts, at, findings, numbers)
    status_first = _status_comes_first(lines, begin, end)
    walk = _Walk(lines, begin, end, declared, status_first, findings, numbers)
    starts = walk.starts()
    return Page(begin, starts, _foot(lines, starts, end, findings, numbers), declared, status_first) if starts else None


def _marks(lines: Sequence[str]) -> list[int]:
    """Lines that are a number beside a status."""
    found = []
    for at, line in enumerate(lines):
        if _NUMBER.fullmatch(line) and (is_status(lines, at + 1) or is_status(lines, at - 1)):
            found.append(at)
    return found


def is_status(lines: Sequence[str], at: int) -> bool:
    return 0 <= at < len(lines) and lines[at].lower() in STATUSES


def _count_line(lines: Sequence[str], counts: Sequence[int], marks: Sequence[int]) -> int | None:
    """The line "32 Terms" that the cards follow: descriptions and cards may hold such a line too."""
    for at in counts:
        after = next((near for near in range(at + 1, min(at + 8, len(lines))) if lines[near]), None)
        if after is not None and (lines[after] == "1" or is_status(lines, after)):
            return at
    before = [at for at in counts if marks and at < marks[0]]
    return before[-1] if before else None


def _first_mark(lines: Sequence[str], marks: Sequence[int]) -> int | None:
    """Where the cards begin on a page whose upper part was not copied: at least two numbers must follow each other."""
    values = [int(lines[at]) for at in marks]
    for at, value, after in zip(marks, values, values[1:], strict=False):
        if after == value + 1:
            return at - 1 if is_status(lines, at - 1) else at
    return None


def _second_page(lines: Sequence[str], counts: Sequence[int], at: int | None, findings: Findings, numbers: Sequence[int]) -> int:
    """Where another page begins that was pasted below: its count line has its own card 1."""
    for other in counts:
        if at is None or other <= at:
            continue
        after = next((near for near in range(other + 1, min(other + 8, len(lines))) if lines[near]), None)
        head = [near for near in range(max(at, other - 60), other) if is_furniture(lines[near])]
        if (
            after is not None
            and lines[after] == "1"
            and len(head) >= 3
            and (is_status(lines, after + 1) or not lines[after + 1 : after + 2][0:1] or not lines[after + 1])
        ):
            findings.say(
                "more pages",
                Said("Another page with %(lines)s follows here. It was not read: paste each page on its own.", lines=lines[other]),
                numbers[other],
                "refused",
            )
            return other
    return len(lines)


def _status_comes_first(lines: Sequence[str], begin: int, end: int) -> bool:
    number_first = sum(is_status(lines, at + 1) for at in range(begin, end) if _NUMBER.fullmatch(lines[at]))
    status_first = sum(is_status(lines, at - 1) for at in range(begin + 1, end) if _NUMBER.fullmatch(lines[at]))
    if number_first == status_first:
        first = next((at for at in range(begin, end) if lines[at]), begin)
        return is_status(lines, first) or is_status(lines, first + 1)
    return number_first > status_first


@dataclass(frozen=True, slots=True)
class _Walk:
    """Walks from card to card: each begins with the number after the last one, beside a status."""

    lines: Sequence[str]
    begin: int
    end: int
    declared: int | None
    status_first: bool
    findings: Findings
    numbers: Sequence[int]

    def starts(self) -> list[Start]:
        places = self._places()
        starts: list[Start] = []
        number, behind = self._first(places), self.begin - 1
        while True:
            here = self._here(places, number, behind)
            if here is None:
                after = self._next(places, number, behind)
                here = self._lost(number, behind, places, after)
                if here is None and after is None:
                    return starts
                if here is None:
                    self._say_missing(number, starts)
            if here is not None:
                starts.append(here)
                behind = here.text - 1
            number += 1

    def _places(self) -> Mapping[int, list[int]]:
        """Of each number, the lines where a card of this number may begin."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for at in range(self.begin, self.end):
            if _NUMBER.fullmatch(self.lines[at]) and is_status(self.lines, at + 1 if self.status_first else at - 1):
                found[int(self.lines[at])].append(at)
        if not self.status_first:
            first = next((at for at in range(self.begin, self.end) if self.lines[at]), None)
            if first is not None and self.lines[first] == "1" and first not in found[1]:
                found[1].insert(0, first)
        return found

    def _first(self, places: Mapping[int, list[int]]) -> int:
        """1; on a page whose upper part was not copied, the first number that there is."""
        if self.declared is not None or 1 in places:
            return 1
        return min(places, key=lambda number: places[number][0], default=1)

    def _here(self, places: Mapping[int, list[int]], number: int, behind: int) -> Start | None:
        """The place of this number: the first one with blank lines around it, before the next number's."""
        here = [at for at in places.get(number, ()) if at > behind]
        if not here:
            return None
        limit = next((at for at in places.get(number + 1, ()) if at > here[0]), self.end)
        here = [at for at in here if at < limit]
        apart = [at for at in here if self._apart(at)] or here
        if len(apart) > 1:
            where = " / ".join(str(self.numbers[at]) for at in apart[:3])
            self.findings.say(
                "cards that begin twice",
                Said("Card %(number)s may begin in line %(where)s; the first was taken. Look at it.", number=number, where=where),
                self.numbers[apart[0]],
            )
        return self._start(number, apart[0])

    def _apart(self, at: int) -> bool:
        first, last = (at, at + 1) if self.status_first else (at - 1, at)
        return (first - 1 < self.begin or not self.lines[first - 1]) and (last + 1 >= self.end or not self.lines[last + 1])

    def _start(self, number: int, at: int) -> Start:
        if self.status_first:
            return Start(number, at, at + 2)
        return Start(number, at - 1 if is_status(self.lines, at - 1) and at > self.begin else at, at + 1)

    def _next(self, places: Mapping[int, list[int]], number: int, behind: int) -> int | None:
        """The line of the next number that is there, where one or more are missing."""
        most = self.declared if self.declared is not None else number + NEAR
        later = [(other, at) for other, all_at in places.items() if number < other <= most for at in all_at if at > behind]
        return min(later)[1] if later else None

    def _lost(self, number: int, behind: int, places: Mapping[int, list[int]], after: int | None) -> Start | None:
        """A card whose number or status was damaged, found by what is left of its marks."""
        if self.declared is None and after is None:
            return None
        if self.declared is not None and number > self.declared:
            return None
        end = self.end if after is None else after
        doubled = [at for at in places.get(number + 1, ()) if at > behind]
        if after is not None and len(doubled) > 1 and doubled[1] < next((at for at in places.get(number + 2, ()) if at > doubled[0]), self.end):
            found: Start | None = self._start(number, doubled[0])
            places[number + 1].remove(doubled[0])
        else:
            found = self._by_number(number, behind, end) or self._by_status(number, behind, end)
        if found is None and number == 1 and after is not None and any(self.lines[self.begin : end]):
            found = Start(1, self.begin, self.begin)
        if found is not None:
            self.findings.say(
                "cards with damaged marks",
                Said("The number of card %(number)s is damaged here; the card was taken to begin in this line.", number=number),
                self.numbers[found.mark],
            )
        return found

    def _by_number(self, number: int, behind: int, end: int) -> Start | None:
        for at in range(behind + 1, end):
            if self.lines[at] == str(number) and (at == self.begin or not self.lines[at - 1]) and (at + 1 >= self.end or not self.lines[at + 1]):
                filled = [near for near in range(behind + 1, at) if self.lines[near]]
                rest = [near for near in range(at + 1, end) if self.lines[near]]
                if rest and (len(filled) >= 2 or number == 1):  # else it is the card's own term or definition
                    return Start(number, at, at + 1)
        return None

    def _by_status(self, number: int, behind: int, end: int) -> Start | None:
        for at in range(behind + 1, end - 1 if not self.status_first else end):
            if not is_status(self.lines, at):
                continue
            beside = at - 1 if self.status_first else at + 1
            mangled = self.begin <= beside < end and 0 < len(self.lines[beside]) <= 8 and beside > behind
            if self.status_first:
                apart = mangled and (beside - 1 < self.begin or not self.lines[beside - 1])
                if (apart or not self.lines[at - 1]) and (at + 1 >= self.end or not self.lines[at + 1]):
                    return Start(number, beside if apart else at, at + 1)
            elif at > behind + 1:
                apart = mangled and (beside + 1 >= self.end or not self.lines[beside + 1])
                if any(self.lines[near] for near in range(at + 1, end)):
                    return Start(number, at, beside + 1 if apart else at + 1)
        return None

    def _say_missing(self, number: int, starts: Sequence[Start]) -> None:
        where = Said("between card %(number)s and the next", number=starts[-1].number) if starts else Said("before the first card")
        line = self.numbers[starts[-1].mark] if starts else self.numbers[min(self.begin, len(self.numbers) - 1)]
        self.findings.say(
            "cards that were not found",
            Said("Card %(number)s was not found %(where)s. If it is on the page, its text stands in the card before it.", number=number, where=where),
            line,
        )


def _foot(lines: Sequence[str], starts: Sequence[Start], end: int, findings: Findings, numbers: Sequence[int]) -> int:
    """Where the foot of the page begins in the text of the last card, with the title of a set that is shown there."""
    if not starts:
        return end
    last = starts[-1].text
    filled = [at for at in range(last, end) if lines[at]]
    for position, at in enumerate(filled):
        if position and not lines[at - 1] and _FOOT.fullmatch(lines[at]):
            rated = re.fullmatch(r"\d\.\d ?\(\d+\)|.*studied by.*", lines[at], re.I)
            cut = filled[position - 1] if rated and position > 2 and not lines[filled[position - 1] - 1] else at
            many = sum(bool(line) for line in lines[cut:end])
            findings.say(
                "the page's foot",
                Said("%(many)s lines from here on belong to the page, not to its last card. They were left out.", many=many),
                numbers[cut],
                "info",
            )
            return cut
    return end
