"""The cleaner: what attacks is gone, what teaches stays."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.text import plain
from kartoteka.library import cloze, files
from kartoteka.library.clean import MOST_SIGNS, clean, media_name
from kartoteka.library.maths import mathml
from kartoteka.library.tests.vectors import VECTORS
from kartoteka.store.keys import uuid7

TAGS = (
    "details summary p br b strong i em u s del ins mark small sub sup kbd q abbr cite dfn var samp ul ol li dl dt dd a img audio code pre blockquote table caption thead tbody "
    "tfoot tr td th ruby rt rp bdi bdo span div hr wbr math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr "
    "mtd mstyle mpadded mphantom menclose mmultiscripts mprescripts none"
)
SHOWN_TAGS = frozenset(TAGS.split())
NEVER = re.compile(r"on\w+|style|src\w*|class|id|name|action|formaction|background|ping|xlink:href|nonce|slot|is|tabindex|autofocus|contenteditable")


class Watch(HTMLParser):
    """Reads HTML as a browser would, and notes everything that must not be in a card."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SHOWN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "src" and tag in ("img", "audio"):
                self.loads.append(value or "")
            elif NEVER.fullmatch(name):
                self.found.append(f"{tag} {name}={value}")
            if name == "href" and not re.match(r"(https://|mailto:)", value or "", re.IGNORECASE):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def dangers(html: str) -> list[str]:
    watch = Watch()
    watch.feed(html)
    watch.close()
    return watch.found + [src for src in watch.loads if not re.fullmatch(r"/media/[0-9a-f-]{36}/[0-9a-f]{64}/", src)]


def test_there_are_enough_attacks() -> None:
    assert len(set(VECTORS)) == len(VECTORS) > 200


def test_the_watch_sees_what_is_dangerous() -> None:
    for html in ("<img src=x onerror=hit()>", "<script>1</script>", "<a href=javascript:1>x</a>", "<svg></svg>", "<p style=x>", "<!-- x -->", "<p class=x>"):
        assert dangers(html)


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_nothing_in_a_clean_card_can_run_or_load(vector: str) -> None:
    once = clean(vector)
    assert dangers(once) == []
    assert clean(once) == once
    assert dangers(files.placed(once, {"x": "a" * 64, "cat.png": "b" * 64, "x.mp3": "c" * 64}, uuid7())) == []
    for number in (1, 2):
        for side in cloze.dressed(once, number):
            assert dangers(side) == []
    assert dangers(files.editable(once)) == []
    assert dangers(clean(files.editable(once))) == []


@given(
    st.lists(
        st.sampled_from([*"<>\"'&;=/ ax{}\\()$[]:", "<b", "<img ", "alt=", "<abbr ", "title=", "src=", "{{c1::", "}}", "\\(", "\\)", "[sound:", "onload="])
    ).map("".join)
)
def test_cleaning_twice_changes_nothing_and_leaves_no_danger(html: str) -> None:
    once = clean(html)
    assert dangers(once) == []
    assert clean(once) == once
    assert all(dangers(side) == [] for side in cloze.dressed(once, 1))


@pytest.mark.parametrize(
    "html",
    [
        "<p><b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <code>x</code></p>",
        "<ul><li>one<ul><li>two<ol><li>three</li></ol></li></ul></li></ul>",
        "H<sub>2</sub>O and x<sup>2</sup>",
        '<ruby lang="ja">終電<rp>(</rp><rt>しゅうでん</rt><rp>)</rp></ruby>',
        '<ul lang="ar" dir="rtl"><li>مرحبا</li></ul>',
        "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
        "<blockquote>x</blockquote><pre>a\n  b</pre><hr>",
        "plain words, with “quotes” and 5 € – nothing else",
        "a &lt; b &amp; c",
        "US$ 5 and $6, or $7",
        "{{c1::Paris::city}} is in {{c2::France}}",
    ],
)
def test_what_teaches_stays_as_it_is(html: str) -> None:
    assert clean(html) == html


def test_a_link_keeps_its_way_and_loses_its_strings() -> None:
    link = clean('<a href="https://en.wikipedia.org/wiki/Cell" target="_top" onclick="x()">cell</a>')
    assert link == '<a href="https://en.wikipedia.org/wiki/Cell" rel="noopener noreferrer nofollow">cell</a>'
    assert clean('<a href="http://plain.example">x</a>') == '<a rel="noopener noreferrer nofollow">x</a>'


@pytest.mark.parametrize(
    ("html", "tex"),
    [
        (r"\(a<b\)", "a<b"),
        (r"\(a &lt; b\)", "a < b"),
        (r"$x<y$", "x<y"),
        (r"$$\frac{1}{2}$$", r"\frac{1}{2}"),
        (r"[$]x^2[/$]", "x^2"),
        (r"[latex]$x_1$[/latex]", "x_1"),
        (r"[latex]\begin{displaymath}x_1\end{displaymath}[/latex]", "x_1"),
        (r"\[x<br>y\]", "x\ny"),
    ],
)
def test_a_formula_becomes_mathml_that_says_its_tex(html: str, tex: str) -> None:
    shown = clean(f"before {html} after")
    assert shown.startswith("before <math ")
    assert shown.endswith("</math> after")
    assert plain(shown) == " ".join(f"before {tex} after".split())


def test_a_formula_that_nobody_can_read_stays_as_it_was_written() -> None:
    assert clean(r"\(\frac{1}{\)") == r"\(\frac{1}{\)"
    assert clean("\\(" + "x" * 3000 + "\\)").startswith("\\(xxx")


def test_money_and_code_are_no_formulas() -> None:
    for html in ("It costs $5 and not $6.", "<code>echo $HOME $PATH</code>", "<pre>$a = $b</pre>", "from $5 (was 6$)", "1 $ = 0.9 €"):
        assert "<math" not in clean(html)


def test_a_formula_comes_back_as_it_was_written_to_be_edited() -> None:
    shown = clean(r"<p>\(a<b\) and \[\frac{x}{2}\]</p>")
    assert files.editable(shown) == r"<p>\(a&lt;b\) and \[\frac{x}{2}\]</p>"
    assert clean(files.editable(shown)) == shown


def test_maths_copied_from_a_page_is_read_by_its_tex() -> None:
    copied = '<math><semantics><mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">x^2</annotation></semantics></math>'
    assert clean(copied) == mathml("x^2")


def test_a_picture_keeps_its_name_and_gets_its_address_from_the_set() -> None:
    id, sha256 = uuid7(), "a" * 64
    shown = clean('<img src="my%20cat.png" alt="A cat" onerror="x()" width="120">')
    assert shown == '<img data-name="my cat.png" alt="A cat" width="120">'
    placed = files.placed(shown, {"my cat.png": sha256}, id)
    assert f'src="/media/{id}/{sha256}/"' in placed
    assert clean(placed) == shown
    assert files.portable(placed) == '<img src="my cat.png" alt="A cat" width="120">'


def test_a_sound_becomes_a_player_and_leaves_as_a_sound() -> None:
    shown = clean("[sound:hallo &amp; du.mp3]")
    assert shown == '<audio data-name="hallo &amp; du.mp3"></audio>'
    placed = files.placed(shown, {"hallo & du.mp3": "a" * 64}, uuid7())
    assert 'controls=""' in placed
    assert clean(placed) == shown
    assert clean(files.portable(placed)) == shown


def test_a_picture_from_elsewhere_leaves_its_words() -> None:
    assert clean('<img src="https://example.org/x.png" alt="a map">') == "a map"


@pytest.mark.parametrize("name", ["", "../x", "a/b.png", "c:x", ".hidden", 'a"b', "a\nb", "x" * 256, "https:x"])
def test_what_is_no_name_of_a_file_is_none(name: str) -> None:
    assert media_name(name) == ""


def test_headings_and_sections_keep_their_lines() -> None:
    assert clean("<h2>One</h2><section>two</section>") == "<div><strong>One</strong></div><div>two</div>"


@pytest.mark.parametrize("html", ["<b>" * 5_001 + "words", "<p>words</p>" * 9_000, "words " * 12_000, "<" * 70_000])
def test_a_field_too_large_is_shown_as_plain_words(html: str) -> None:
    shown = clean(html)
    assert "<" not in shown
    assert len(shown) <= MOST_SIGNS * 4


@pytest.mark.parametrize(
    "html", ["<div>" * 4_999, "\\(" * 32_000, "<pre>" * 4_999 + "$", "$a " * 20_000, "{{c1::" * 10_000, "[sound:" * 9_000, "<math>" * 4_999, "\\(x\\)" * 13_000]
)
def test_no_field_takes_long(html: str) -> None:
    began = time.process_time()
    cloze.dressed(clean(html), 1)
    assert time.process_time() - began < 5


def test_a_blank_is_hidden_when_it_is_asked_and_marked_when_it_is_answered() -> None:
    html = "{{c1::Paris::a city}} lies in {{c2::<b>France</b>}}, {{c1::also {{c3::here}}}}"
    assert cloze.dressed(html, 1) == (
        "<mark>[a city]</mark> lies in <b>France</b>, <mark>[…]</mark>",
        "<mark>Paris</mark> lies in <b>France</b>, <mark>also here</mark>",
    )
    assert cloze.dressed(html, 3)[0] == "Paris lies in <b>France</b>, also <mark>[…]</mark>"


def test_a_covered_picture_is_drawn_by_us_and_by_nobody_else() -> None:
    shown = clean('<img src="a.png" data-masks="ra,10,20,30,40;pi,0,0,50,50,100,0">')
    assert shown == (
        '<span class="covered"><img data-name="a.png" alt="" data-masks="ra,10,20,30,40;pi,0,0,50,50,100,0">'
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><rect x="10" y="20" width="30" height="40" class="asked"></rect>'
        '<polygon points="0,0 50,50 100,0"></polygon></svg></span>'
    )
    assert clean(shown) == shown
    for masks in ("ra,1,2,3", "ra,1,2,3,4onload=x", "xa,1,2,3,4", 'ra,1,2,3,4"><script>', "ra,1,2,3,4;" * 300):
        assert "svg" not in clean(f"<img src=\"a.png\" data-masks='{masks}'>")


def test_a_hint_waits_behind_its_name() -> None:
    assert clean("<details open onclick=x><summary>Hint</summary>a city</details>") == "<details><summary>Hint</summary>a city</details>"
