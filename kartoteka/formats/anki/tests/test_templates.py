"""Templates become sides as Anki makes them; nothing in them can run."""

from __future__ import annotations

import pytest

from kartoteka.formats.anki import occlusion, templates

FIELDS = {
    "Front": "<b>one</b>",
    "Back": "two",
    "Empty": "<br>",
    "Kanji": "日本[にほん]の 山[やま]",
    "Text": "{{c1::Paris}} in {{c2::France::country}}",
    "Sound": "[sound:a.mp3]",
}


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("{{Front}}", "<b>one</b>"),
        ("{{ Front }}", "<b>one</b>"),
        ("{{text:Front}}", "one"),
        ("{{#Empty}}yes{{/Empty}}{{^Empty}}no{{/Empty}}", "no"),
        ("{{#Front}}{{#Back}}both{{/Back}}{{/Front}}", "both"),
        ("{{#Front}}never closed {{Back}}", "never closed two"),
        ("{{/Front}}closes nothing{{Nobody}}", "closes nothing"),
        ("{{!a word aside}}{{Back}}", "two"),
        ("{{=<% %>=}}<%Back%> {{Front}}", "two {{Front}}"),
        ("{{furigana:Kanji}}", "<ruby>日本<rt>にほん</rt></ruby>の<ruby>山<rt>やま</rt></ruby>"),
        ("{{kanji:Kanji}}", "日本の山"),
        ("{{kana:Kanji}}", "にほんのやま"),
        ("{{furigana:Sound}}", "[sound:a.mp3]"),
        ("{{hint:Back}}", "<details><summary>Back</summary>two</details>"),
        ("{{hint:Empty}}", ""),
        ("{{Back}} {{type:Front}}", "two"),
        ("{{tts en_US:Back}}", "two"),
        ("{{Front}}{{tts en_US:Back}}", "<b>one</b>"),
        ("{{some-filter:Back}}", "two"),
        ("<script>alert({{Front}})</script><style>p{}</style>{{Back}}", "two"),
        ("[anki:tts lang=en_US]{{Back}}[/anki:tts]", "two"),
    ],
)
def test_a_question_shows_what_its_template_says(question: str, shown: str) -> None:
    assert templates.sides(question, "", FIELDS)[0] == shown


@pytest.mark.parametrize(
    ("question", "answer", "shown"),
    [
        ("{{Front}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}", "two"),
        ("{{Front}}", '{{Front}}<hr id="answer">{{Back}}', "two"),
        ("{{Front}}", "{{FrontSide}}{{Sound}}<hr id=answer>{{Back}}", "[sound:a.mp3]two"),
        ("{{Front}}", "{{Back}}", "two"),
        ("{{Front}}", "{{Front}}<br>{{Back}}", "two"),
        ("{{type:Back}}", "{{FrontSide}}<hr id=answer>{{type:Back}}", "two"),
    ],
)
def test_an_answer_does_not_repeat_its_question(question: str, answer: str, shown: str) -> None:
    assert templates.sides(question, answer, FIELDS)[1] == shown


def test_blanks_stay_as_they_are_written() -> None:
    found = templates.cloze_sides("<p>{{Front}}</p>{{cloze:Text}}{{type:cloze:Text}}", "<p>{{Front}}</p>{{cloze:Text}}<br>{{Back}}", FIELDS)
    assert found == ("<p><b>one</b></p>{{c1::Paris}} in {{c2::France::country}}", "two")


OVERLAPPING = {"Text1": "{{c1::one}} two three", "Text2": "one {{c2::two}} three", "Text3": "", "Remarks1": "the first", "Full": "one two three"}


def test_of_several_fields_with_blanks_a_card_shows_those_with_its_own() -> None:
    question = "<p>Count</p>{{cloze:Text1}}{{cloze:Text2}}{{cloze:Text3}}"
    answer = question + "{{#c1}}<i>{{Remarks1}}</i>{{/c1}}<hr>{{Full}}"
    assert templates.differs_by_blank(question)
    assert templates.differs_by_blank("{{#c1}}{{Front}}{{/c1}}{{cloze:Text1}}")
    assert not templates.differs_by_blank("{{cloze:Text1}}{{#Full}}{{Full}}{{/Full}}")
    assert templates.cloze_sides(question, answer, OVERLAPPING, 0) == ("<p>Count</p>{{c1::one}} two three", "<i>the first</i><hr>one two three")
    assert templates.cloze_sides(question, answer, OVERLAPPING, 1) == ("<p>Count</p>one {{c2::two}} three", "one two three")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("日本[にほん]の 山[やま]", "<ruby>日本<rt>にほん</rt></ruby>の<ruby>山<rt>やま</rt></ruby>"),
        ("<b>山[やま]</b>", "<b><ruby>山<rt>やま</rt></ruby></b>"),
        (" 山[やま] 川[かわ]", "<ruby>山<rt>やま</rt></ruby><ruby>川<rt>かわ</rt></ruby>"),
        ("山[sound:a.mp3] 川[かわ]", "山[sound:a.mp3]<ruby>川<rt>かわ</rt></ruby>"),
        ("[nothing] [] 山[", "[nothing] [] 山["),
        ("a[" * 200_000, "a[" * 200_000),
        ("a" * 400_000, "a" * 400_000),
    ],
    ids=range(7),
)
def test_readings_stand_above_their_words(html: str, shown: str) -> None:
    assert templates.sides("{{furigana:F}}!", "", {"F": html})[0] == shown.strip() + "!"


@pytest.mark.parametrize("template", ["{{" * 5_000, "{{#a}}" * 5_000, "{{#a}}{{/a}}" * 20_000, "}}" * 5_000, "{{a:" * 5_000 + "}}", "{{{{{{Front}}}}}}"])
def test_no_template_takes_long_or_fails(template: str) -> None:
    assert isinstance(templates.sides(template, template, {**FIELDS, "a": "x"})[0], str)


def test_a_covered_picture_shows_the_covers_of_its_card() -> None:
    said = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}{{c2::image-occlusion:ellipse:left=0:top=0:rx=.1:ry=.2:oi=1}}{{c3::image-occlusion:polygon:points=0,0 .5,.5 1,0}}"
    shapes = occlusion.shapes_in(said + "{{c4::image-occlusion:rect:left=x}}")
    assert [one.ordinal for one in shapes] == [0, 1, 2]
    assert occlusion.covered('<img src="a.png">', shapes, 0, answer=False) == '<img data-masks="ra,10,20,30,40;ei,10,20,10,20" src="a.png">'
    assert occlusion.covered('<img src="a.png">', shapes, 0, answer=True) == '<img data-masks="ei,10,20,10,20" src="a.png">'
    assert occlusion.covered('<img src="a.png">', shapes, 2, answer=False).count("pa,") == 1


@pytest.mark.parametrize("html", ["[anki:tts " * 100_000, "[/anki:tts]" + "[anki:tts]" * 100_000 + "x"], ids=("open", "never closed"))
def test_what_is_only_spoken_is_found_in_one_pass(html: str) -> None:
    assert templates.spoken_out(html).replace("[anki:tts ", "") in ("", "x")


def test_of_very_many_covers_only_so_many_are_looked_at() -> None:
    many = "{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2}}" * 20_000
    assert len(occlusion.shapes_in(many)) == occlusion.MOST
    assert occlusion.shapes_in(many) is occlusion.shapes_in(many)  # each card of a note asks for them anew
