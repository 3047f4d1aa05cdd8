"""Chinese and Japanese as they are read: numbers in signs, units, readings, what denies, and simplified signs for traditional ones."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kartoteka.engine.grading.tables_signs import TRADITIONAL

LONGEST_NUMBER = 24  # signs
LONGEST_WORD = 10  # signs of an answer that is one word
_DIGITS = {sign: value for value, signs in enumerate(("〇零", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九")) for sign in signs}
_TENS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_NUMERAL = "".join((*_DIGITS, *_TENS, *_MYRIADS))
_COUNTED = (
    "年月日时時分秒个個名位人只隻条條本冊册次回度世歳岁歲级級段层層种種类類枚匹头頭台辆輛天周週点點章节節号號位倍元円块塊页頁つ米メキグミリパセ升克吨公里斤%％"
)
_NUMBER = re.compile(rf"百分之(?P<percent>[{_NUMERAL}]+|\d+(?:\.\d+)?)|(?<![{_NUMERAL}])(?P<plain>[{_NUMERAL}]+)(?P<after>.?)", re.DOTALL)
UNITS = {
    "キロメートル": "km", "公里": "km", "千米": "km", "メートル": "m", "米": "m", "センチメートル": "cm", "センチ": "cm", "厘米": "cm", "ミリメートル": "mm", "毫米": "mm",
    "キログラム": "kg", "キロ": "kg", "公斤": "kg", "千克": "kg", "ミリグラム": "mg", "毫克": "mg", "グラム": "g", "克": "g", "リットル": "l", "升": "l", "パーセント": "%",
}  # fmt: skip
UNIT = re.compile("|".join(sorted(UNITS, key=len, reverse=True)))
_NO_NUMBERS = frozenset(("千万", "百万", "万一", "千", "万", "百", "一一", "三三"))  # alone: "by all means", "in case"
_DATE = re.compile(r"^\s*(\d{2,4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?\s*$")
_DENIES_ZH = re.compile(r"[不没沒無无未非莫](?![同过過论論管常来來如仅僅但必少])|(?<![个個分区區特])别(?=[的再人])")
_DENIES_JA = re.compile(r"な(?:い(?![よ])|かった|く(?:て|な|は)|ければ)|ません|[^まはか]ず(?=[、。にも]|$)|ざる|ぬ(?=[、。]|$)|[不無未非]")
_PARTICLE = re.compile(r"([^はがをにへ、。]{1,20}?)(から|より|まで|は|が|を|に|へ)")
_TO_SIMPLIFIED = dict(zip(map(ord, TRADITIONAL[::2]), TRADITIONAL[1::2], strict=True))
_READING = re.compile(r"^[\u3040-\u30ff\u30fc\s・]+$|^[A-Za-z\u00c0-\u024f\u1e00-\u1eff'’\-\s\d]+$")
_FOREIGN = re.compile("[\u0590-\u06ff\u3400-\u9fff\uac00-\ud7af\u3040-\u30ff\u0400-\u04ff]")


def simplified(text: str) -> str:
    """Traditional signs as the simplified ones, sign by sign."""
    return text.translate(_TO_SIMPLIFIED)


@lru_cache(maxsize=4_096)
def counted(signs: str) -> float:
    """The value of a number in signs: 四十二, 三百万, 一九八九."""
    if all(s in _DIGITS for s in signs):
        return float("".join(str(_DIGITS[s]) for s in signs))
    total = part = digit = 0
    for sign in signs:
        if sign in _DIGITS:
            digit = digit * 10 + _DIGITS[sign]
        elif sign in _TENS:
            part, digit = part + (digit or 1) * _TENS[sign], 0
        else:
            total, part, digit = total + ((part + digit) or 1) * _MYRIADS[sign], 0, 0
    return float(total + part + digit)


def numerals(run: str) -> list[tuple[int, int, float, str]]:
    """The numbers in a run of signs: from, to, value and "%" for one of a hundred. 一 in 一致 is none; what stands alone or before what is counted is."""
    found = []
    for match in _NUMBER.finditer(run):
        if match.end() - match.start() > LONGEST_NUMBER:
            continue
        if match["percent"]:
            signs = match["percent"]
            found.append((match.start(), match.end("percent"), float(signs) if signs[0].isdecimal() and signs.isascii() else counted(signs), "%"))
        elif match["plain"] not in _NO_NUMBERS and (
            match["plain"] == run or (match["after"] and match["after"] in _COUNTED) or (len(match["plain"]) > 1 and not {*_MYRIADS}.issuperset(match["plain"]))
        ):
            found.append((match.start("plain"), match.end("plain"), counted(match["plain"]), ""))
    return found


def dated(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of 1989年11月9日, also in signs."""
    plain = unicodedata.normalize("NFKC", text)
    for start, end, value, _ in reversed(numerals(plain)):
        plain = f"{plain[:start]}{value:.0f}{plain[end:]}"
    match = _DATE.match(plain)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def denials(text: str, lang: str) -> int:
    """How often a text in Chinese or Japanese denies."""
    pattern = {"zh": _DENIES_ZH, "ja": _DENIES_JA}.get(lang)
    return len(pattern.findall(text)) if pattern else 0


def exchanged(ours: str, theirs: str) -> tuple[str, str] | None:
    """Two things that have each other's particle: what was written, what the card says."""
    mine, other = _by_particle(ours), _by_particle(theirs)
    for one, said in mine.items():
        for two, second in mine.items():
            if one < two and said != second and other.get(one) == second and other.get(two) == said:
                return f"{other[one]}{one}…{other[two]}{two}", f"{said}{one}…{second}{two}"
    return None


def _by_particle(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _PARTICLE.finditer(text):
        found.setdefault(match[2].replace("は", "が"), match[1])
    return found


def same_but_ending(one: str, other: str) -> bool:
    """Two forms of a Japanese word that is written with a sign and an ending in kana: 食べる, 食べた. None denies what the other says."""
    (head, ending), (their_head, their_ending) = _headed(one), _headed(other)
    return bool(head and head == their_head and ending and their_ending) and denials(one, "ja") == denials(other, "ja")


def _headed(text: str) -> tuple[str, str]:
    head = text.strip().rstrip("".join(map(chr, range(0x3041, 0x3097))))
    return (head, text.strip()[len(head) :]) if len(text) <= LONGEST_WORD and any("\u4e00" <= c <= "\u9fff" for c in head) else ("", "")


def a_reading(head: str, bracketed: str) -> bool:
    """Whether what stands in brackets says how the rest is read: 猫 (ねこ), 東京 (Tōkyō), سلام (salām)."""
    kana = all("\u3040" <= c <= "\u30ff" or not c.isalpha() for c in bracketed)
    kanji = any("\u3400" <= c <= "\u9fff" for c in head)
    return bool(_READING.match(bracketed) and _FOREIGN.search(head)) and (kanji or not kana)
