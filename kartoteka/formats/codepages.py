"""Which old code page some bytes were written in: what the letters of each would be, and how likely such letters are.

Statistics of long texts do not help with a vocabulary list of fifty bytes, so each candidate is scored letter by letter:
how common the letter is in the languages of that code page, and whether it stands where such a letter may stand.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Mapping
from functools import cache

SAMPLE_BYTES = 60_000
CLOSE = 0.25  # two candidates nearer than this per byte: a second opinion is asked
_RARE = math.log(1e-4)
_NEVER = math.log(1e-6)

# Letters by how often they come, the commonest first.
_LETTERS = {
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґў",
    "he": "יוהלאתרבשמםןנקדעחפטסזגצכךףץ",
    "ar": "اليمنترولبعفدسكهحقةجشأصطىخذضزثغظئءؤآإ",
    "el": "αοιετσνηυρπκλμάωγίόδέθβφχήξύώςζψϊϋ",
    "western": "éäüöáíóàèñçßêâãåøîôúæûõïëìòùœÿ",
    "central": "áéíěčřžšýůąęłóśćżńźúőűäöüôľťďňăîşţțșđ",
    "turkish": "ıüşçöğâî",
    "baltic": "āšīēųėžūčįąęņļķģäöüõ",
}
_FALL = {"western": 3.0, "central": 2.0, "turkish": 2.0, "baltic": 2.0}  # how much rarer the last letter is than the first, in logarithms
_ZH = "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏谢词典课习"
_ZHT = "的一是不了在人有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東謝詞典課習語書讀寫字"
_JA = "のにはをたがでてとしれさあいうえおかきくけこすせそちつなぬねはひふへほまみむめもやゆよらりるろわんっゃゅょアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンッャュョー日本人年大一会国語学生中出上行月分見時間事者自手前先何今食飲水火木金土犬猫"
_KO = "이다는에의가을하고지를한은로도사기리어자시인나아서그대해일으과정라부제수전여만스것있들게주장안보니구상없했보면원동요와였위조세유신공오우소비성마모무생경관국학말물명문방발반사람녕세요감합습니까입안"


def guess(data: bytes) -> str:
    """The likeliest code page of bytes that are not Unicode; ``cp1252`` where nothing speaks for any."""
    sample = data[:SAMPLE_BYTES]
    if sample.isascii():
        sample = next(
            (data[max(0, at - 2000) : at + SAMPLE_BYTES] for at in range(0, len(data), SAMPLE_BYTES) if not data[at : at + SAMPLE_BYTES].isascii()), sample
        )
    scores = {name: score for name in _CANDIDATES if (score := _score(sample, name)) is not None}
    if not scores:
        return "cp1252"
    order = sorted(scores, key=lambda name: -scores[name])
    if len(sample) > 1000 and len(order) > 1 and scores[order[0]] - scores[order[1]] < CLOSE:
        from charset_normalizer import from_bytes  # noqa: PLC0415 - not at every start, for a second opinion that is seldom asked

        second = from_bytes(sample, cp_isolation=[codecs.lookup(codec_of(name)).name for name in order[:2]]).best()
        if second is not None:
            return next((name for name in order[:2] if codecs.lookup(codec_of(name)).name == codecs.lookup(second.encoding).name), order[0])
    return order[0]


def codec_of(name: str) -> str:
    """The codec that reads what people call by this name: Windows wrote more signs than the standards have."""
    return {"shift_jis": "cp932", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "latin-1": "cp1252", "iso-8859-1": "cp1252"}.get(name.lower(), name)


def _score(sample: bytes, name: str) -> float | None:
    """Mean likelihood a byte beyond ASCII, in logarithms; ``None`` where the bytes cannot be this code page."""
    text = _decoded(sample, name)
    if text is None:
        return None
    judge = _CANDIDATES[name]
    total, size, before, bad = 0.0, 0, "", 0
    for word in _WORDS.findall(text):
        if word.isascii():
            continue
        for at, sign in enumerate(word):
            if sign > "\x7f":
                after = word[at + 1] if at + 1 < len(word) else ""
                total += judge(sign, before if at else "", after)
                size += 2 if sign > "\u0590" and name in _WIDE else 1
                bad += sign == "\ufffd"
            before = sign
    return total / size + _SELDOM.get(name, 0.0) if size else None


def _decoded(sample: bytes, name: str) -> str | None:
    name = codec_of(name)
    try:
        return sample.decode(name)
    except UnicodeDecodeError as error:  # a sample may end inside a letter
        if len(sample) < 1000 or error.start < len(sample) - 4:
            return None
        return sample[: error.start].decode(name, "replace")


_WORDS = re.compile(r"[^\s,;|]+")
_OPENING, _CLOSING = "“‘„‚«¿¡–—…", "”’“‘»–—…"
_SIGNS = "·•°№€£§©®™ºª×½"


@cache
def _common(language: str) -> Mapping[str, float]:
    letters = _LETTERS[language]
    fall = _FALL.get(language, 4.0) / len(letters)
    total = sum(math.exp(-fall * rank) for rank in range(len(letters)))
    return {letter: -fall * rank - math.log(total) for rank, letter in enumerate(letters)}


def _alphabet(language: str) -> Callable[[str, str, str], float]:
    """A judge of one script: its own letters may stand beside each other, not beside Latin ones; capitals begin words."""
    common = _common(language)

    def judge(sign: str, before: str, after: str) -> float:
        low = sign.lower()
        known = common.get(low)
        if known is None:
            return _sign(sign, before, after)
        beside = before.isascii() and before.isalpha(), after.isascii() and after.isalpha()
        mixed = 4.0 * sum(beside)
        if sign != low:
            known -= 6.0 if before.isalpha() and before.islower() else 2.0
            known -= 2.0 if before and before.isupper() and after.islower() else 0.0
        return known - mixed

    return judge


def _latin(*languages: str) -> Callable[[str, str, str], float]:
    """A judge of accented letters: they stand among plain Latin ones, rarely beside each other."""
    tables = [_common(language) for language in languages]

    def judge(sign: str, before: str, after: str) -> float:
        low = sign.lower()
        known = max((table[low] for table in tables if low in table), default=None)
        if known is None:
            return _sign(sign, before, after)
        known -= 1.0  # few signs of a Latin text are beyond ASCII
        if not before.isascii() and before.isalpha():
            known -= 3.0
        elif not (before.isalpha() or after.isalpha()) and low not in "àéèôyó":
            known -= 3.0  # a word of one such letter
        if sign != low:
            known -= 6.0 if before.isalpha() and before.islower() else 1.0
        return known

    return judge


def _wide(common: str, *ranges: tuple[str, str, float]) -> Callable[[str, str, str], float]:
    """A judge of East Asian signs: the commonest by name, others by their block."""
    often = {sign: math.log(0.6 / (rank + 20) / 2.5) for rank, sign in enumerate(dict.fromkeys(common))}

    def judge(sign: str, before: str, after: str) -> float:
        mixed = 5.0 * sum(beside.isascii() and beside.isalpha() for beside in (before, after))
        known = often.get(sign)
        if known is not None:
            return known - mixed
        return next((math.log(likely) for first, last, likely in ranges if first <= sign <= last), 2 * _NEVER) - mixed

    return judge


def _sign(sign: str, before: str, after: str) -> float:
    """A sign that is no letter of the language: a typographic one at the edge of a word, or a stranger."""
    if sign == "’" and before.isalpha() and after.isalpha():
        return -2.5
    if sign == "\u00a0":
        return -5.0
    if sign in _OPENING and not before.isalpha():
        return -3.5
    if sign in _CLOSING and not after.isalpha():
        return -3.5
    if sign in _SIGNS and not (before.isalpha() or after.isalpha()):
        return -5.5
    return (_NEVER if not sign.isprintable() or "\u2500" <= sign <= "\u259f" else _RARE) - (2.0 if sign.isalpha() else 3.0)


_HAN, _KANA, _HANGUL, _MARKS = ("一", "龥", 1.2e-5), ("ぁ", "ヾ", 1e-3), ("가", "힣", 5e-5), ("\u3000", "〗", 2e-3)
_FULL, _BEYOND = ("！", "～", 1e-3), ("\U00020000", "\U0002ffff", 2e-7)
# Files in these are fewer than in their rivals.
_SELDOM = {
    "cp1250": -0.3,
    "cp1254": -0.3,
    "mac_roman": -0.4,
    "cp850": -0.4,
    "iso8859_2": -0.6,
    "cp852": -0.6,
    "cp1257": -0.6,
    "mac_cyrillic": -1.0,
    "euc_jp": -0.1,
}
# In this order where scores are equal: English with curly quotes reads the same in many of them.
_CANDIDATES: Mapping[str, Callable[[str, str, str], float]] = {
    "cp1252": _latin("western"),
    "cp1250": _latin("central"),
    "cp1254": _latin("turkish"),
    "mac_roman": _latin("western"),
    "cp850": _latin("western"),
    "iso8859_2": _latin("central"),
    "cp852": _latin("central"),
    "cp1257": _latin("baltic"),
    "cp1251": _alphabet("ru"),
    "koi8-r": _alphabet("ru"),
    "cp866": _alphabet("ru"),
    "mac_cyrillic": _alphabet("ru"),
    "cp1253": _alphabet("el"),
    "cp1255": _alphabet("he"),
    "cp1256": _alphabet("ar"),
    "gb18030": _wide(_ZH, _HAN, _KANA, _MARKS, _FULL, _BEYOND),
    "shift_jis": _wide(_JA, _KANA, _HAN, _MARKS, _FULL),
    "euc_jp": _wide(_JA, _KANA, _HAN, _MARKS, _FULL),
    "big5": _wide(_ZHT, _HAN, _MARKS, _FULL),
    "euc_kr": _wide(_KO, _HANGUL, _MARKS, _FULL, ("一", "龥", 2e-6)),
}
_WIDE = frozenset(("gb18030", "shift_jis", "euc_jp", "big5", "euc_kr"))
