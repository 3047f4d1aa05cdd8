"""Old code pages are told apart by few letters."""

from __future__ import annotations

import time

import pytest

from kartoteka.formats.codepages import guess

WORDS = {
    "Russian": ("слово,word\nночь,night\nкошка,cat\nСобака,dog\nщётка,brush\nобъект,object", ("cp1251", "koi8-r", "cp866")),
    "Ukrainian": ("їжак\nґанок\nЄвропа\nмова\nкіт", ("cp1251",)),
    "German": ("Größe\nÄpfel\nschön\nÜbung\nStraße", ("cp1252", "mac_roman")),
    "French": ("élève\nêtre\nça va\ngarçon\noù\nœuvre\nl’été", ("cp1252", "mac_roman")),
    "Spanish": ("niño\n¿Qué?\ncorazón\nseñor\n¡Adiós!", ("cp1252", "mac_roman", "cp850")),
    "Polish": ("żółw\nłąka\ngęś\nźródło\nświęto", ("cp1250", "iso8859_2")),
    "Czech": ("kůň\npříliš\nžluťoučký\nčeština", ("cp1250", "iso8859_2", "cp852")),
    "Latvian": ("žēlastība\nšķirt\nūdens\nļoti", ("cp1257",)),
    "Lithuanian": ("žmogus\nąžuolas\nšviesa\nėjimas\nsūnų", ("cp1257",)),
    "Turkish": ("şeker\nçiçek\nığdır\nöğretmen\nışık", ("cp1254",)),
    "Hebrew": ("שלום\nתודה\nבית\nילד", ("cp1255",)),
    "Arabic": ("سلام\nكتاب\nمدرسة\nبيت", ("cp1256",)),
    "Greek": ("καλημέρα\nνερό\nσπίτι\nΕλλάδα", ("cp1253",)),
    "Chinese": ("你好\n谢谢\n老师\n苹果\n学习", ("gb18030",)),
    "Taiwanese": ("謝謝\n學生\n蘋果\n國家", ("big5",)),
    "Japanese": ("こんにちは\n日本語\nありがとう\n勉強する\nカタカナ", ("shift_jis", "euc_jp")),
    "Korean": ("안녕하세요\n감사합니다\n학교\n사과", ("euc_kr",)),
    "English with curly quotes": ("don’t\n“quoted”\nit’s – fine", ("cp1252", "mac_roman")),
}
CASES = [(language, text, encoding) for language, (text, encodings) in WORDS.items() for encoding in encodings]


@pytest.mark.parametrize(("language", "text", "encoding"), CASES)
def test_a_short_list_of_words_comes_out_right(language: str, text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert data.decode(guess(data)) == text


@pytest.mark.parametrize(("language", "text", "encoding"), [case for case in CASES if case[2] != "mac_roman"])
def test_a_long_list_comes_out_right(language: str, text: str, encoding: str) -> None:
    data = "\n".join(f"{word}\tmeaning {number}" for number, word in enumerate(text.split("\n") * 200)).encode(encoding)
    assert data.decode(guess(data)).startswith(text.split("\n")[0])


def test_letters_that_come_late_are_still_seen() -> None:
    data = b"plain words\n" * 20_000 + "слово и дело".encode("cp1251")
    assert guess(data) == "cp1251"


def test_bytes_of_no_language_end_somewhere() -> None:
    assert guess(bytes(range(128, 256)))
    assert guess(b"\xff")


def test_a_long_run_without_a_blank_takes_no_longer_than_another() -> None:
    started = time.process_time()
    guess(b"[" * 30_000 + b" \xe9t\xe9 " + b"[" * 30_000)
    assert time.process_time() - started < 2
