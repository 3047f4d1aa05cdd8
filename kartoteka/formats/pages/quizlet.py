"""Quizlet's page: "Terms in this set (N)", then the sides; older pages part them by blank lines. Counted against N, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.pages.copied import Copied, blocks_in

_COUNT = re.compile(
    r"(?:Terms in this set|Termini in questo set|Begriffe in diesem (?:Set|Lernset)|Termes de l['’]ensemble|Términos en este (?:set|conjunto)|Termos neste conjunto|"
    r"Термин[ыі] в модул[еі]|Begrippen in deze set|(?:Terminy|Pojęcia) w tym zestawie|Bu setteki terimler)\s*\((\d{1,6})\)",
    re.I,
)
_HEADED = re.compile(r"[^\d()（）]{3,60}?\s*[(（](\d{1,6})[)）]")  # the same in any language, where the page bears it out
_COUNTER = re.compile(r"\d{1,6}\s*/\s*(\d{1,6})")
_OF_THE_SITE = re.compile(r"^\d{1,5}\s?[^\W\d]{1,20}$|quizlet", re.I)
# The ways to study that the page offers above its cards, by the languages it speaks.
_WAYS = frozenset(
    [
        "flashcards",
        "learn",
        "test",
        "match",
        "blocks",
        "blast",
        "karteikarten",
        "lernen",
        "testen",
        "zuordnen",
        "blöcke",
        "cartes",
        "apprendre",
        "associer",
        "tester",
        "fichas",
        "tarjetas",
        "aprender",
        "evaluación",
        "combinar",
        "emparejar",
        "schede",
        "impara",
        "abbina",
        "blocchi",
        "cartões",
        "testar",
        "avaliar",
        "kaarten",
        "leren",
        "combineren",
        "fiszki",
        "ucz się",
        "dopasowania",
        "dopasuj",
        "карточки",
        "заучивание",
        "тест",
        "подбор",
        "картки",
        "заучування",
        "підбір",
        "kartlar",
        "öğren",
        "eşleştir",
        "kartičky",
        "učit se",
        "přiřazování",
        "単語カード",
        "学習",
        "テスト",
        "マッチ",
        "单词卡",
        "學習",
        "学习",
        "测试",
        "配对",
        "單詞卡",
        "낱말카드",
        "학습",
        "테스트",
        "카드 맞추기",
    ]
)
_FURNITURE = re.compile(
    r"(?:flashcards|learn|test|match|blast|blocks|q-chat|write|spell|gravity|live|save|share|edit|studied \d+ (?:times|terms).*|original|alphabetical|your stats|"
    r"get a hint|don't know\?|created by:?|teacher|upgrade to remove ads|only \$[\d.]+/(?:month|year)|term|definition|(?:hide|show) (?:terms|definitions)|"
    r"sort(?:ed)? by.*|your original order|group by|leave the first rating|preview|flip|home|subjects|explanations|flashcard sets|study guides|practice tests|expert solutions|"
    r"still learning(?: \(\d+\))?|not studied(?: \(\d+\))?|mastered(?: \(\d+\))?|you've (?:begun|started) learning these terms.*|keep it up!?|select these \d+|"
    r"you haven't studied these terms yet!?|you know these terms well!?|terms in this set \(\d+\)|sets found in the same folder|other sets by this creator|"
    r"students also (?:studied|viewed)|"
    r"click (?:the card )?to (?:flip|reveal)\W*|tap to flip\W*|see (?:answer|definition)|show hint|profile picture|star|audio|volume|report|log in|sign up|your library|library|notifications|create|folders?|classes|search|study groups|study tools|tools|back|skip to (?:main )?content|ad|"
    r"advertisement|verified questions|recommended textbook solutions|other quizlet sets|this set is often saved in the same folder as\.*|\d+ / \d+|\d+ terms(?: by .*)?|\d(?:\.\d)? ?\(\d+ reviews?\))$",
    re.I,
)
MOST_ENDS = 50  # places where the cards may end: each is tried
_OF_PROGRESS = re.compile(r"(?:still learning|not studied|mastered|you've (?:begun|started)|you haven't studied|you know these)\b.*", re.I)
_END = re.compile(
    r"(?:students also (?:studied|viewed|learned)|sets found in the same folder|other sets by this creator|verified questions?|recommended textbook (?:solutions|explanations)|"
    r"other quizlet sets|this set is often.*|related questions|related (?:flashcard|study) ?sets|about us|about quizlet|quizlet for (?:schools|teachers).*|you might also like.*|"
    r"sets with similar terms|flashcard sets|recommended (?:sets|for you)|features|quick links|popular (?:sets|flashcard sets).*|"
    r"©.{0,12}quizlet.*|.*\bquizlet,? inc\.?|quizlet plus.*|für (?:schüler|lehrer).*|über (?:uns|quizlet)|à propos.*|acerca de.*|sobre nosotros|chi siamo|informazioni su.*|o nas|о нас|about|"
    r"ähnliche (?:lernsets|karteikarten-?sets)|andere lernsets dieses autors|das könnte dir auch gefallen.*)$",
    re.I,
)

Numbered = tuple[int, str]
Card = tuple[str, str, str, int]


def sure(lines: Sequence[str]) -> float:
    if any(_COUNT.fullmatch(line) for line in lines):
        return 0.96
    return 0.95 if _offered(lines) and (_headed(lines) or _beneath_the_cards(lines)) else 0.0


def page_of(lines: Sequence[str], options: Mapping[str, str], findings: Findings) -> Copied:
    place = next(((number, int(found[1])) for number, line in enumerate(lines) if (found := _COUNT.fullmatch(line))), None)
    if place is None and (place := _headed(lines)) is None:
        return _without_heading(lines)
    at, declared = place
    page = Copied(title=_title(lines[:at]), declared=declared)
    ends = _ends(lines, at)
    for end in [*ends, len(lines)]:  # a term may be called like the page's foot: the count says which it is
        own = _own(lines, at + 1, end)
        if paired := _paired(own, declared) or _paired(_without_buttons(own, declared), declared):
            page.cards, page.pairing = paired
            return page
    if not ends and (first := _above_a_foot(_own(lines, at + 1, len(lines)), declared)):
        page.cards, page.pairing = first
        findings.say(
            "a foot in another language",
            Said("What stands below the last of %(declared)s cards was taken for the page's foot.", declared=f"{declared:,}"),
            page.cards[-1][3],
        )
        return page
    own = [(line, text) for line, text in _own(lines, at + 1, ends[0] if ends else len(lines)) if text]
    if options.get("pairing") == "lines":
        page.pairing, page.cards = "lines", _by_twos(own)
        return page
    page.pairing, page.ambiguous = "none", True
    what = Said(
        "The page says %(declared)s terms, which would be %(declared2)s pieces of text, and %(own)s are here: some are missing or have several lines, and which belong together cannot be told. Use Quizlet's own export (the three dots, Export), or pair the lines as they come.",
        declared=f"{declared:,}",
        declared2=f"{2 * declared:,}",
        own=f"{len(own):,}",
    )
    findings.say("pieces that do not pair", what, at + 1, "refused")
    return page


def _title(head: Sequence[str]) -> str:
    ways = [at for at, line in enumerate(head) if line.casefold() in _WAYS]
    above = [line for line in head[: ways[0] if len(ways) > 2 else len(head)] if re.search(r"[^\W\d]", line) and not _FURNITURE.match(line)]
    title = above[-1 if len(ways) > 2 else 0] if above else ""  # it stands right above the ways to study
    return re.sub(r"\s+(?:Flashcards|Karteikarten)(?:\s*\|.*)?$", "", title)


def _offered(lines: Sequence[str]) -> bool:
    """Whether the page offers ways to study as Quizlet's does."""
    return len({line.casefold() for line in lines[:400]} & _WAYS) >= 3


def _ends(lines: Sequence[str], at: int) -> list[int]:
    return [number for number in range(at + 1, len(lines)) if _END.match(lines[number])][:MOST_ENDS]


def _headed(lines: Sequence[str]) -> tuple[int, int] | None:
    """Where words with a number in brackets stand above just so many cards, or the counter says the same: the heading, whatever its language."""
    counted = {found[1] for line in lines[:400] if (found := _COUNTER.fullmatch(line))}
    for at, line in enumerate(lines):
        if (found := _HEADED.fullmatch(line)) and {found[1]} == counted:
            return at, int(found[1])
        if (found := _HEADED.fullmatch(line)) and 0 < (declared := int(found[1])) <= len(lines):
            for end in [*_ends(lines, at), len(lines)][:20]:
                own = _own(lines, at + 1, end)
                if _paired(own, declared) or _paired(_without_buttons(own, declared), declared):
                    return at, declared
    return None


def _beneath_the_cards(lines: Sequence[str]) -> tuple[int, list[Numbered]] | None:
    """Where no heading stands: the one stretch between the page's own words that holds as many cards as its counter ("1 / 45") says."""
    said = {int(found[1]) for line in lines[:400] if (found := _COUNTER.fullmatch(line))}
    if len(said) != 1 or not (declared := said.pop()):
        return None
    stretches: list[list[Numbered]] = [[]]
    for number, line in enumerate(lines, start=1):
        if _FURNITURE.match(line) or _END.match(line) or _COUNTER.fullmatch(line) or line.casefold() in _WAYS:
            stretches.append([])
        else:
            stretches[-1].append((number, line))
    fitting = [own for own in stretches if _paired(own, declared)]
    if len(fitting) == 1:
        return declared, fitting[0]
    begin = max(number for number, line in enumerate(lines, start=1) if _COUNTER.fullmatch(line))
    for end in [*_ends(lines, begin), len(lines)][:20]:  # buttons stand between all of them
        own = [line for stretch in stretches for line in stretch if begin < line[0] <= end]
        if _paired(own, declared):
            return declared, own
    return None


def _without_heading(lines: Sequence[str]) -> Copied:
    declared, own = _beneath_the_cards(lines) or (0, [])
    cards, pairing = _paired(own, declared) or ([], "")
    return Copied(title=_title(lines[: own[0][0] - 1] if own else lines), declared=declared, cards=cards, pairing=pairing)


def _above_a_foot(own: Sequence[Numbered], declared: int) -> tuple[list[Card], str] | None:
    """The first of them, where what follows speaks of other sets ("10 terms") or of Quizlet."""
    for at in range(len(own)):
        if len([text for _line, text in own[:at] if text]) >= 2 * declared and any(_OF_THE_SITE.search(text) for _line, text in own[at : at + 40]):
            return _paired(own[:at], declared)
    return None


def _without_buttons(own: Sequence[Numbered], declared: int) -> list[Numbered]:
    """The lines without those that stand as often as there are cards, or more: what each card has to press."""
    often = Counter(text for _line, text in own if text)
    pressed = {text for text, many in often.items() if many >= max(declared, 4)}
    return [(line, text) for line, text in own if text not in pressed]


def _own(lines: Sequence[str], begin: int, end: int) -> list[Numbered]:
    """The numbered lines between the count and the foot, without what the page says of its own."""
    body = [(number + 1, lines[number]) for number in range(begin, end) if not _OF_PROGRESS.match(lines[number])]
    first = next((at for at, (_number, line) in enumerate(body) if line and not _FURNITURE.match(line)), len(body))
    return body[first:]


def _paired(body: Sequence[Numbered], declared: int) -> tuple[list[Card], str] | None:
    """The cards, and how bare lines were paired; ``None`` where the count does not bear it out."""
    blocks = blocks_in(body)
    own = [(line, text) for line, text in body if text]
    if len(blocks) == 2 * declared:
        return _by_twos(blocks), ""
    if len(blocks) == declared and all("\n" in text for _line, text in blocks):
        return [(*_two(text), "", line) for line, text in blocks], ""
    if len(own) == 2 * declared:
        return _by_twos(own), "lines"
    fewer = declared < len(blocks) < 2 * declared and len(blocks) % 2 == 0
    if fewer and all("\n" not in text or at % 2 for at, (_line, text) in enumerate(blocks)):
        return _by_twos(blocks), ""
    return None


def _by_twos(pieces: Sequence[Numbered]) -> list[Card]:
    return [(term, definition, "", line) for (line, term), (_line, definition) in zip(pieces[::2], pieces[1::2], strict=False)]


def _two(text: str) -> tuple[str, str]:
    term, _end, definition = text.partition("\n")
    return term, definition
