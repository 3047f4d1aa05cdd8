"""Small LaTeX documents in fields: their words can be read, their formulas are formulas."""

from __future__ import annotations

import pytest

from kartoteka.formats.anki.latex import mathjax_out, read_out


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("no such thing", "no such thing"),
        ("[latex]x^2[/latex]", "[latex]x^2[/latex]"),
        ("[latex]\\mathrm{rate} = \\frac{distance}{time}[/latex]", "[latex]\\mathrm{rate} = \\frac{distance}{time}[/latex]"),
        ("[latex]a=b[/latex]", "[latex]a=b[/latex]"),
        ("[latex]$x^2$[/latex] and [latex]\\begin{align*}a&amp;=b\\end{align*}[/latex]", "[latex]$x^2$[/latex] and [latex]\\begin{align*}a&amp;=b\\end{align*}[/latex]"),
        ("[latex]Was ist eine Algebra über $\\mathbb{K}$ ?[/latex]", "Was ist eine Algebra über \\(\\mathbb{K}\\) ?"),
        ("[latex]Definition Dreiecksungleichung[/latex]", "Definition Dreiecksungleichung"),
        ("[latex]Betrag&nbsp;$|a|$, wobei $a &lt; b$[/latex]", "Betrag \\(|a|\\), wobei \\(a &lt; b\\)"),
        ("[latex]<div>% a remark</div><div>\\textbf{Ring} und \\emph{Körper}: \\[a \\\\ b\\]</div>[/latex]", "<b>Ring</b> und <i>Körper</i>: \\[a \\\\ b\\]"),
        ("[latex]\\begin{enumerate}<br>\\item $a$<br>\\item two\\end{enumerate}[/latex]", "<ol> <li>\\(a\\) <li>two</ol>"),
        ("[latex]one\\\\two<br><br>three 5\\% of \\$7 \\&amp; \\_x \\\"u ``so'' -- \\ldots[/latex]", "one<br>two<br><br>three 5% of $7 &amp; _x ü “so” – …"),
        ("[latex]<pre>% first</pre><pre>a $b$<br></pre>[/latex]", "a \\(b\\)"),
        ("[latex]a \\begin{tikzpicture} $b$[/latex]", "[latex]a \\begin{tikzpicture} $b$[/latex]"),
        ("[latex]$a$ and $b$[/latex]", "\\(a\\) and \\(b\\)"),
        ("[latex]{{c1::words}} of $x$[/latex]", "[latex]{{c1::words}} of $x$[/latex]"),
        ("[latex]<img src='a.png'> words[/latex]", "[latex]<img src='a.png'> words[/latex]"),
        ("[latex]a <script>alert(1)</script> b[/latex]", "[latex]a <script>alert(1)</script> b[/latex]"),
        ("[latex]words &lt;script&gt;alert(1)&lt;/script&gt;[/latex]", "words &lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[LATEX]\\mbox{in $x$ a box} and \\unknown{what} it holds[/LATEX]", "in \\(x\\) a box and what it holds"),
    ],
)  # fmt: skip
def test_words_are_words_and_formulas_are_formulas(html: str, shown: str) -> None:
    assert " ".join(read_out(html).split()) == shown


@pytest.mark.parametrize("html", ["[latex]" * 50_000, "[latex]" + "\\[" * 2_400 + "[/latex]", "[latex]" + "\\begin{align}" * 380 + "$[/latex]", "[latex]" + "\\textbf{" * 600 + "[/latex]", ("[latex]a $b$" + "x" * 3_000 + "[/latex]") * 100])  # fmt: skip
def test_no_document_takes_long(html: str) -> None:
    assert isinstance(read_out(html), str)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<anki-mathjax>x^2</anki-mathjax> is <b>big</b>", "\\(x^2\\) is <b>big</b>"),
        ('<anki-mathjax block="true">a<br>b</anki-mathjax>', "\\[a\nb\\]"),
        ('<anki-mathjax block="false" focusonmount>a &lt; b</anki-mathjax>', "\\(a &lt; b\\)"),
        ('<ANKI-MATHJAX data-mathjax="y" block></ANKI-MATHJAX>', "\\[y\\]"),
        ("<anki-mathjax data-mathjax='block'></anki-mathjax>", "\\(block\\)"),
        ("{{c1::<anki-mathjax>\\(z\\)</anki-mathjax>}} and <anki-mathjax>{{c2::w}}</anki-mathjax>", "{{c1::\\(z\\)}} and \\({{c2::w}}\\)"),
        ("<anki-mathjax>never closed", "<anki-mathjax>never closed"),
        ("<anki-mathjax></anki-mathjax>", ""),
    ],
)
def test_the_element_of_ankis_editor_is_a_formula(html: str, kept: str) -> None:
    assert mathjax_out(html) == kept


def test_many_elements_that_are_never_closed_take_no_time() -> None:
    assert mathjax_out("<anki-mathjax>" * 20_000)
    assert mathjax_out("<anki-mathjax " * 20_000)
