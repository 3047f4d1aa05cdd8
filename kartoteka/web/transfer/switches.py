"""The switches of a reader, in words: what it decided by itself and a person may decide otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from kartoteka.formats.base import Bundle

Words = str | Promise
LABELS: Mapping[str, Words] = {
    "between": later("Between the sides"),
    "rows": later("Between the cards"),
    "direction": later("Left side is the"),
    "header": later("First row"),
    "encoding": later("Letters are written as"),
    "term": later("The term stands in"),
    "definition": later("The definition stands in"),
    "tags": later("Tags stand in"),
    "html": later("Marks such as <b> are formatting"),
    "quotes": later("Quotation marks hold a cell together"),
    "split": later("Where it fits twice, part at"),
    "pairing": later("Lines without numbers"),
    "dialect": later("Written as in"),
    "take": later("Cards are made of"),
    "sheet": later("Sheet"),
    "letters": later("Letters"),
}
FREE = {("text", "between"), ("text", "rows"), ("csv", "between")}  # any other sign may be typed
COLUMNS = 8
SIGNS: Mapping[str, Words] = {
    "tab": later("Tab"),
    "comma": later("Comma"),
    "semicolon": later("Semicolon"),
    "colon": later("Colon"),
    "pipe": later("Upright stroke"),
    "dash": later("Dash"),
    "equals": later("Equals sign"),
    "double colon": later("Two colons"),
    "arrow": later("Arrow"),
    "spaces": later("Several spaces"),
    "newline": later("A new line"),
}
YES_OR_NO: Mapping[str, Words] = {"yes": later("Yes"), "no": later("No")}
CHOICES: Mapping[str, Mapping[str, Words]] = {
    "between": SIGNS,
    "csv.between": {name: words for name, words in SIGNS.items() if name in ("tab", "comma", "semicolon", "colon", "pipe")},
    "rows": {"newline": later("A new line"), "semicolon": later("Semicolon"), "blank": later("An empty line")},
    "direction": {"forwards": later("Term"), "backwards": later("Definition")},
    "header": {"yes": later("Headings"), "no": later("A card")},
    "term": {str(n): later("Column %d") for n in range(1, COLUMNS + 1)},
    "definition": {str(n): later("Column %d") for n in range(1, COLUMNS + 1)},
    "html": YES_OR_NO,
    "quotes": YES_OR_NO,
    "tags": {"none": later("None")},
    "split": {"auto": later("Where it fits best"), "first": later("The first one"), "last": later("The last one")},
    "dialect": {"plain": later("Plain notes"), "spelled": later("Question: and Answer:")},
    "take": {
        "tables": later("Rows of tables (%s)"),
        "questions": later("Questions that stand out (%s)"),
        "pairs": later("Lines with a dash or a colon (%s)"),
        "headings": later("Headings with what stands below (%s)"),
        "items": later("Items of lists with what stands below them (%s)"),
        "all": later("All of them (%s)"),
    },
    "sheet": {"all": later("All sheets")},
    "pairing": {"none": later("Not decided"), "lines": later("Every two lines are one card")},
    "letters": {"keep": later("As they stand: “%s”"), "repair": later("Repaired: “%s”")},
    "encoding": {
        "utf-8": "UTF-8",
        "utf-16": "UTF-16",
        "cp1252": later("Western (Windows-1252)"),
        "cp1250": later("Central European (Windows-1250)"),
        "utf-16-le": "UTF-16 LE",
        "utf-16-be": "UTF-16 BE",
        "utf-32": "UTF-32",
        "cp850": later("Western (DOS 850)"),
        "iso8859_2": later("Central European (ISO 8859-2)"),
        "cp852": later("Central European (DOS 852)"),
        "cp1257": later("Baltic (Windows-1257)"),
        "cp1251": later("Cyrillic (Windows-1251)"),
        "koi8-r": later("Cyrillic (KOI8-R)"),
        "cp866": later("Cyrillic (DOS 866)"),
        "mac_roman": later("Western (Mac)"),
        "mac_cyrillic": later("Cyrillic (Mac)"),
        "euc_jp": later("Japanese (EUC-JP)"),
        "iso2022_jp": later("Japanese (ISO-2022-JP)"),
        "shift_jis": later("Japanese (Shift-JIS)"),
        "gb18030": later("Chinese (GB 18030)"),
        "big5": later("Chinese (Big5)"),
        "euc_kr": later("Korean (EUC-KR)"),
        "cp1253": later("Greek (Windows-1253)"),
        "cp1254": later("Turkish (Windows-1254)"),
        "cp1255": later("Hebrew (Windows-1255)"),
        "cp1256": later("Arabic (Windows-1256)"),
    },
}


@dataclass(frozen=True, slots=True)
class Switch:
    """One select box: its name as the reader knows it, what is chosen, and what may be."""

    name: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]]
    free: bool = False

    @property
    def shown(self) -> str:
        return dict(self.choices)[self.value]


def switches_of(bundle: Bundle) -> list[Switch]:
    """A switch for everything the reader of this Bundle decided."""
    return [_switch(bundle, name, value) for name, value in bundle.choices.items()]


def _switch(bundle: Bundle, name: str, value: str) -> Switch:
    ours = CHOICES.get(f"{bundle.format}.{name}", CHOICES.get(name, {}))
    if name in bundle.offers:  # the reader knows best what may be chosen; a column is called what its heading says
        known = {key: str(words if key.isdecimal() else ours.get(key, words)).replace("%s", words) for key, words in bundle.offers[name]}
    else:
        known = {key: str(words).replace("%d", key) for key, words in ours.items()}
    if value not in known:
        known = {value: repr(value)[1:-1] or str(_("Not decided")), **known}
    return Switch(name, str(LABELS.get(name, name.capitalize())), value, tuple(known.items()), (bundle.format, name) in FREE)
