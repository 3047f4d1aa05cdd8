"""Whether the first row of a table names its columns, and which columns hold the two sides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kartoteka.engine.items import HINT

Row = Sequence[str]
LOOKED_AT = 200  # rows

# What people call their columns, a language a line; words of two languages beside each other are a card ("слово,word").
_NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "term": "term terms front question word words prompt vocabulary vocab expression phrase kanji hanzi simplified learnable key side1 name concept",
        "definition": "definition definitions back answer meaning translation description explanation english value side2 correct",
        "tags": "tags tag",
        "": "hint hints example examples sentence notes note pinyin reading pronunciation ipa kana audio image picture deck id guid traditional category "
        "chapter unit lesson level source synonyms comment comments extra type gender plural part",
    },
    "de": {
        "term": "begriff vorderseite frage wort vokabel ausdruck",
        "definition": "bedeutung rückseite antwort übersetzung definition erklärung beschreibung",
        "tags": "schlagwörter stichwörter tags",
        "": "hinweis beispiel notiz lektion",
    },
    "fr": {
        "term": "terme recto question mot expression",
        "definition": "définition verso réponse traduction signification sens",
        "tags": "étiquettes tags",
        "": "indice exemple remarque",
    },
    "es": {
        "term": "término anverso frente pregunta palabra",
        "definition": "definición reverso respuesta traducción significado",
        "tags": "etiquetas tags",
        "": "pista ejemplo nota",
    },
    "it": {
        "term": "termine fronte domanda parola",
        "definition": "definizione retro risposta traduzione significato",
        "tags": "etichette tags",
        "": "esempio nota",
    },
    "pt": {
        "term": "termo frente pergunta palavra",
        "definition": "definição verso resposta tradução significado",
        "tags": "etiquetas tags",
        "": "exemplo nota",
    },
    "pl": {
        "term": "pojęcie termin przód pytanie słowo słówko",
        "definition": "definicja tył odpowiedź tłumaczenie znaczenie",
        "tags": "tagi etykiety",
        "": "przykład",
    },
    "ru": {
        "term": "термин слово вопрос лицо понятие",
        "definition": "определение перевод ответ оборот значение",
        "tags": "теги метки",
        "": "пример подсказка заметка",
    },
    "zh": {
        "term": "词语 单词 问题 正面 术语 生词 單字 單詞 問題 詞語 術語",
        "definition": "定义 释义 答案 背面 意思 翻译 定義 解釋 釋義 翻譯 解释",
        "tags": "标签 標籤",
        "": "例句 拼音",
    },
    "ja": {"term": "単語 問題 表 用語 言葉", "definition": "意味 答え 裏 定義 訳", "tags": "タグ", "": "例文 読み"},
    "ko": {"term": "단어 질문 용어 앞면 문제", "definition": "뜻 의미 정의 답 답변 뒷면 번역", "tags": "태그", "": "예문 발음"},
    "nl": {
        "term": "term woord begrip vraag voorkant",
        "definition": "definitie betekenis vertaling antwoord achterkant",
        "tags": "labels tags",
        "": "voorbeeld",
    },
    "sv": {"term": "term ord begrepp fråga framsida", "definition": "definition betydelse översättning svar baksida", "tags": "taggar", "": "exempel"},
    "da": {
        "term": "term ord begreb spørgsmål forside begrep",
        "definition": "definition betydning oversættelse svar bagside oversettelse",
        "tags": "tags",
        "": "eksempel",
    },
    "fi": {"term": "termi sana kysymys käsite", "definition": "määritelmä merkitys käännös vastaus", "tags": "tunnisteet", "": "esimerkki"},
    "cs": {"term": "pojem slovo slovíčko otázka termín", "definition": "definice význam překlad odpověď", "tags": "štítky", "": "příklad"},
    "sk": {"term": "pojem slovo slovíčko otázka termín", "definition": "definícia význam preklad odpoveď", "tags": "štítky", "": "príklad"},
    "hu": {"term": "szó kifejezés fogalom kérdés", "definition": "jelentés meghatározás fordítás válasz", "tags": "címkék", "": "példa"},
    "ro": {"term": "termen cuvânt întrebare", "definition": "definiție traducere răspuns sens", "tags": "etichete", "": "exemplu"},
    "tr": {"term": "terim kelime sözcük soru", "definition": "tanım anlam anlamı çeviri cevap", "tags": "etiketler", "": "örnek"},
    "uk": {"term": "термін слово питання поняття", "definition": "визначення переклад відповідь значення", "tags": "теги", "": "приклад"},
    "el": {"term": "όρος λέξη ερώτηση", "definition": "ορισμός μετάφραση σημασία απάντηση", "tags": "ετικέτες", "": "παράδειγμα"},
    "he": {"term": "מונח מילה שאלה", "definition": "הגדרה תרגום תשובה משמעות", "tags": "תגיות", "": "דוגמה"},
    "ar": {
        "term": "الكلمة كلمة المصطلح مصطلح السؤال سؤال",
        "definition": "المعنى معنى التعريف تعريف الترجمة ترجمة الجواب الإجابة",
        "tags": "الوسوم",
        "": "مثال",
    },
    "vi": {"term": "từ thuật câu", "definition": "nghĩa", "tags": "thẻ", "": "ví"},
}
_HINTS = frozenset(["hint", "hints", "hinweis", "tipp", "indice", "pista", "подсказка"])  # what people call a column of hints
_ROLES = {language: {name: role for role, names in roles.items() for name in names.split()} for language, roles in _NAMES.items()}
# A language a line, as it is called in several: two of them over two columns are a heading, the same one twice is a card.
_LANGUAGES = (
    "english englisch anglais inglés inglese inglês engels английский angielski angličtina 英语 英語",
    "german deutsch allemand alemán tedesco alemão duits немецкий niemiecki němčina 德语 ドイツ語",
    "french französisch français francés francese francês frans французский francuski 法语 フランス語",
    "spanish spanisch espagnol español spagnolo espanhol spaans castellano испанский hiszpański 西班牙语 スペイン語",
    "italian italienisch italien italiano italiaans итальянский włoski 意大利语",
    "portuguese portugiesisch portugais portugués português portoghese португальский portugalski",
    "dutch niederländisch néerlandais nederlands голландский",
    "polish polnisch polonais polski polaco польский",
    "russian russisch russe ruso russo русский rosyjski 俄语 ロシア語",
    "chinese chinesisch chinois chino cinese 中文 汉语 mandarin китайский",
    "japanese japanisch japonais japonés giapponese 日本語 日语 японский",
    "korean koreanisch coréen coreano 한국어 корейский",
    "latin latein latino latinus латинский łacina",
    "greek griechisch grec griego greco ελληνικά altgriechisch",
    "arabic arabisch arabe árabe العربية арабский",
    "hebrew hebräisch hébreu עברית",
    "turkish türkisch turc türkçe турецкий",
    "swedish schwedisch suédois svenska",
    "danish dänisch danois dansk",
    "norwegian norwegisch norvégien norsk",
    "finnish finnisch finnois suomi",
    "czech tschechisch tchèque čeština česky",
    "hungarian ungarisch hongrois magyar",
    "romanian rumänisch roumain română",
    "ukrainian ukrainisch українська украинский",
    "esperanto",
    "hindi",
    "vietnamese vietnamesisch",
    "indonesian indonesisch",
)
_LANGUAGE = {name: number for number, names in enumerate(_LANGUAGES) for name in names.split()}
LONGEST = 200  # signs of a heading that are looked at
_NUMBER = re.compile(r"[+\-−]?[\d\u0660-\u0669][\d.,\u00a0' ]*%?")
_KEY = re.compile(r"[^\W\d](?:[\w-]|[ .:/]{1,2}(?=[\w-]))*")
_MACHINE = re.compile(r".*[a-z0-9](?:_|:)[a-z0-9].*|.*[a-z][A-Z].*")
_COUNTED = re.compile(r"(?:column|spalte|colonne|columna|field|feld|unnamed)\W*\w{1,3}", re.I)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the sides stand, counted from 0; ``tags`` -1 where no column holds any; ``names`` of all columns."""

    term: int
    definition: int
    tags: int
    names: tuple[str, ...]
    html: bool = False


def is_heading(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: by words people use, by machine names, or because it alone is no number."""
    if len(rows) < 2:
        return bool(rows) and _known(rows[0]) >= 2 and len(rows[0]) >= 2
    first, rest = [cell.strip() for cell in rows[0]], rows[1:LOOKED_AT]
    filled = [cell for cell in first if cell]
    if not filled or len(filled) * 2 < len(first) or max(len(cell) for cell in filled) > 400:
        return False
    if _known(first) >= 2 or _names_languages(first) or (len(filled) == 1 and _known(first) == 1 and len(first) > 1):
        return True
    if any(_NUMBER.fullmatch(cell) for cell in filled) or len({cell.casefold() for cell in filled}) < len(filled):
        return False
    if sum(bool(_COUNTED.fullmatch(cell)) for cell in filled) * 2 >= len(filled) and len(filled) > 1:
        return True
    if len(rest) >= 3 and any(_is_numeric([row[at] for row in rest if at < len(row)]) for at in range(len(first))):
        return True
    keys = sum(bool(_KEY.fullmatch(cell)) and len(cell) <= 40 for cell in filled)
    machine = sum(bool(_MACHINE.fullmatch(cell)) for cell in filled)
    return len(filled) >= 3 and keys == len(filled) and (machine * 3 >= len(filled) or (_known(first) >= 1 and _is_shorter(filled, rest)))


def has_title(rows: Sequence[tuple[int, Row]]) -> bool:
    """Whether the first row stands alone above a table: one cell, then a gap or a heading, then rows of several."""
    filled = [sum(bool(cell.strip()) for cell in row) for _number, row in rows[:20]]
    if len(rows) < 3 or filled[0] != 1 or sum(many > 1 for many in filled[1:]) * 10 < len(filled[1:]) * 8:
        return False
    return rows[1][0] - rows[0][0] > 1 or is_heading([row for _number, row in rows[1 : LOOKED_AT + 1]])


def _names_languages(cells: Row) -> bool:
    """Whether two columns are called by the languages of their words."""
    named = [number for cell in cells if (number := _LANGUAGE.get(_plain(cell))) is not None]
    return len(named) >= 2 and len(set(named)) == len(named)


def knows(cells: Row) -> bool:
    """Whether two of these cells are words that people write over columns."""
    return _known(cells) >= 2 or _names_languages(cells)


def columns_of(names: Row, rows: Sequence[Row], options: Mapping[str, str]) -> Columns:
    """Where the sides are: as chosen, else by the heading's words, else the first two columns that could be sides."""
    width = max([len(names), *(len(row) for row in rows[:LOOKED_AT])], default=0)
    shown = tuple(_named(names[at] if at < len(names) else "", at) for at in range(width))
    roles = {} if _names_languages(names) and len(names) == 2 else _roles(names)
    tags = _chosen(options.get("tags", ""), shown, roles.get("tags", -1), none=-1)
    sides = [at for at in _likely(rows, width) if at != tags] or [0]
    term = _chosen(options.get("term", ""), shown, roles.get("term", -1))
    definition = _chosen(options.get("definition", ""), shown, roles.get("definition", -1))
    if term < 0:
        term = next((at for at in sides if at != definition), 0)
    if definition < 0:
        after = [at for at in sides if at > term] + [at for at in sides if at != term]
        definition = after[0] if after else next((at for at in range(width) if at not in (term, tags)), term + 1)
    return Columns(term, definition, tags, shown, html=any("(html)" in name.lower() for name in names))


def _known(cells: Row) -> int:
    """How many of these cells are words for columns, in the language that knows most of them."""
    plain = [_plain(cell) for cell in cells]
    return max(sum(cell in roles for cell in plain) for roles in _ROLES.values())


def _plain(cell: str) -> str:
    return re.sub(r"\s*\(.*\)$", "", cell.strip()[:LONGEST].casefold(), flags=re.S).strip(" :*\"'").removesuffix(" side").removesuffix(" text")


def _roles(names: Row) -> dict[str, int]:
    plain = [_plain(name).removesuffix(" 1") for name in names]  # of "Answer 1", "Answer 2" … the first
    roles = max(_ROLES.values(), key=lambda roles: sum(cell in roles for cell in plain))
    found: dict[str, int] = {}
    for at, cell in enumerate(plain):
        if role := roles.get(cell, ""):
            found.setdefault(role, at)
    return found


def _named(name: str, at: int) -> str:
    shown = HINT if _plain(name) in _HINTS else " ".join(name.split())[:60]
    return shown if shown else f"column {at + 1}"


def _chosen(option: str, names: Sequence[str], otherwise: int, *, none: int | None = None) -> int:
    wanted = option.strip()
    if none is not None and wanted in ("none", "0"):
        return none
    if wanted.isdecimal() and 0 < int(wanted) <= 10_000:
        return int(wanted) - 1
    return next((at for at, name in enumerate(names) if wanted and name.casefold() == wanted.casefold()), otherwise)


def _likely(rows: Sequence[Row], width: int) -> list[int]:
    """The columns that could be a side: mostly filled, mostly different from row to row, not a running number."""
    sample = rows[:LOOKED_AT]
    if width <= 2 or len(sample) < 4:
        return list(range(width))
    filled = {at: [cell for row in sample if at < len(row) and (cell := row[at].strip())] for at in range(width)}
    full = [at for at in range(width) if len(filled[at]) * 2 >= len(sample) and not _is_running(filled[at])]
    various = [at for at in full if len(set(filled[at])) * 2 >= len(filled[at])]
    return [at for at in full if various and at >= various[0]] or full or list(range(width))


def _is_running(cells: Sequence[str]) -> bool:
    numbers = [cell.removesuffix(".0").rstrip(".)") for cell in cells]
    return all(number.isdecimal() and len(number) < 10 for number in numbers) and all(int(b) - int(a) == 1 for a, b in pairwise(numbers))


def _is_numeric(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) * 2 >= len(cells) and len(filled) >= 3 and sum(bool(_NUMBER.fullmatch(cell)) for cell in filled) >= 0.95 * len(filled)


def _is_shorter(first: Row, rest: Sequence[Row]) -> bool:
    lengths = [len(cell) for row in rest for cell in row if cell.strip()]
    return bool(lengths) and sum(map(len, first)) / len(first) <= sum(lengths) / len(lengths) + 4
