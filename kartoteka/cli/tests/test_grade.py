"""Judging on the terminal: a line in, a line out, without a library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from kartoteka.cli.main import main


def grade(*lines: Any, as_json: bool = True) -> Result:
    said = "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
    return CliRunner().invoke(main, ["grade", *(["--json"] if as_json else [])], input=said)


def lines_of(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_gets_its_line_in_order() -> None:
    asked = [{"question": "Capital?", "references": ["Paris"], "answer": answer} for answer in ("Paris", "Rome", "Pariss", "")]
    result = grade(*asked)
    assert result.exit_code == 0
    assert [line["label"] for line in lines_of(result)] == ["right", "wrong", "close", "wrong"]
    assert set(lines_of(result)[0]) == {"label", "score", "layer", "confidence", "points", "reasons", "cpu_ms"}


def test_points_a_deck_and_strictness_are_heard() -> None:
    points = {
        "references": ["army limited; blame accepted"],
        "key_points": ["army limited to 100,000", "blame accepted"],
        "answer": "it accepted the blame",
        "lang": "en",
    }
    deck = {"references": ["strangle"], "deck": ["tangle", "strangle"], "answer": "tangle"}
    strict = {"references": ["Co"], "answer": "CO", "strictness": "strict"}
    first, second, third = lines_of(grade(points, deck, strict))
    assert [point["mark"] for point in first["points"]] == ["missing", "covered"]
    assert first["points"][1]["quote"] == "accepted the blame"
    assert second["reasons"] == ["That is the answer to another card."]
    assert third["label"] == "close"


def test_earlier_marks_of_the_card_are_heard() -> None:
    asked = {"question": "Why?", "references": ["The lamps have branches of their own."], "answer": "they are parallel", "lang": "en"}
    marked = [{"answer": "They are parallel.", "right": True}]
    said = lines_of(grade(asked, {**asked, "marked": marked}, {**asked, "marked": [{"answer": "They are parallel.", "right": False}]}))
    assert [line["label"] for line in said][1:] == ["right", "wrong"]
    assert said[0]["label"] != "right"
    assert "right" in lines_of(grade({**asked, "marked": [{"answer": "x"}]}))[0]["error"]


def test_a_bad_line_says_so_in_its_place_and_the_rest_goes_on() -> None:
    bad = [
        "{",
        "[1]",
        "",
        {"answer": "x"},
        {"references": "x", "answer": "y"},
        {"references": ["x"]},
        {"references": ["x"], "answer": 5},
        {"references": ["x"], "answer": "x", "strictness": "harsh"},
    ]
    result = grade(*bad, {"references": ["x"], "answer": "x"})
    found = lines_of(result)
    assert [line.get("line") for line in found] == [*range(1, 9), None]
    assert found[0]["error"] == "This line is not JSON."
    assert found[7]["error"] == "“strictness” is one of relaxed, moderate, strict."
    assert found[-1]["label"] == "right"
    assert result.exit_code == 1


def test_odd_text_is_judged_too() -> None:
    lines = grade({"references": ["x\x00y"], "answer": "\x00" * 100_000}, '{"references": ["\\ud800"], "answer": "\\ud800 a"}')
    assert lines.exit_code == 0
    assert len(lines_of(lines)) == 2


def test_people_read_a_table() -> None:
    result = grade({"references": ["Paris"], "answer": "Pariss"}, as_json=False)
    assert "close" in result.stdout
    assert "Check the spelling: Paris" in result.stdout


def test_it_needs_no_library_and_holds_no_lines_back(tmp_path: Path) -> None:
    """Run as a program in a folder of its own: the first answer comes before the second is asked, and nothing is written."""
    with subprocess.Popen(
        [sys.executable, "-m", "kartoteka", "grade", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"KARTOTEKA_DATA": str(tmp_path / "data"), "PATH": ""},
        cwd=Path(__file__).parents[3],
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for answer, label in (("Paris", "right"), ("Rome", "wrong")):
            program.stdin.write(json.dumps({"references": ["Paris"], "answer": answer}).encode() + b"\n")
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["label"] == label
        program.stdin.close()
        assert program.wait() == 0
    assert not (tmp_path / "data").exists()
