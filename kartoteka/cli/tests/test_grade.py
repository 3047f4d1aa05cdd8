"""Judging on the terminal: a line in, a line out, without a library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
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


@pytest.mark.parametrize(
    ("sent", "labels"),
    [
        (b'\xef\xbb\xbf{"references": ["x"], "answer": "x"}\n', ["right"]),
        (b'{"references": ["x"], "answer": "x"}\r\n{"references": ["x"], "answer": "y"}\r\n', ["right", "wrong"]),
        (b'{"references": ["x"], "answer": "x"}', ["right"]),
        (b"", []),
        (b'{"references": ["x"], "answer": "\xff"}\n{"references": ["x"], "answer": "x"}\n', ["This line is not UTF-8.", "right"]),
        (b"\r\n \n\x00\n", ["This line is empty.", "This line is empty.", "This line is not JSON."]),
        (b"[" * 100_000 + b"\n", ["This line is not JSON."]),
        (b'null\n5\n"x"\nNaN\n', ["This line is not a JSON object."] * 4),
        (b'{"references": ["x"], "answer": "x"}{"references": ["x"], "answer": "x"}\n', ["This line is not JSON."]),
        (b'{"references": [""], "key_points": [" "], "answer": "x"}\n', ["“references” holds nothing to judge by."]),
        (b'{"references": ["x"], "answer": null}\n', ["wrong"]),
        (b'{"references": ["x"], "answer": ["x"]}\n', ["“answer” is not text."]),
        (b'{"references": ["x", 1], "answer": "x"}\n', ["“references” is not a list of texts."]),
        (b'{"references": ["x"], "answer": "x", "key_points": "p"}\n', ["“key_points” is not a list of texts."]),
        (b'{"references": ["x"], "answer": "x", "deck": {}}\n', ["“deck” is not a list of texts."]),
        (b'{"references": ["x"], "answer": "x", "lang": 5}\n', ["“lang” is not text."]),
        (b'{"references": ["x"], "answer": "x", "marked": 5}\n', ["“marked” is not a list of answers with “right” true or false."]),
        (b'{"references": ["x"], "answer": "x", "lang": "xx-YY", "more": {}}\n', ["right"]),
        (b" " * 4_000_002 + b'\n{"references": ["x"], "answer": "x"}\n', ["This line is too long.", "right"]),
    ],
)
def test_odd_lines_are_answered_in_their_place(sent: bytes, labels: list[str]) -> None:
    result = CliRunner().invoke(main, ["grade", "--json"], input=sent)
    assert [line.get("label") or line["error"] for line in lines_of(result)] == labels
    assert result.exit_code == int(any(len(label) > 6 for label in labels))


def test_points_without_a_reference_are_all_wanted() -> None:
    (said,) = lines_of(grade({"key_points": ["a heart of four chambers", "lungs with a diaphragm"], "answer": "lungs with a diaphragm", "lang": "en"}))
    assert [point["mark"] for point in said["points"]] == ["missing", "covered"]
    assert said["label"] == "close"


def test_what_is_said_is_utf_8_whatever_the_terminal_is_set_to(tmp_path: Path) -> None:
    asked = {"references": ["東京; 大阪"], "key_points": ["東京", "大阪"], "answer": "東京"}
    for as_json in ("--json",), ():
        run = subprocess.run(
            [sys.executable, "-m", "kartoteka", "grade", *as_json],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=True,
            env={"KARTOTEKA_DATA": str(tmp_path), "PATH": "", "PYTHONIOENCODING": "ascii"},
            cwd=Path(__file__).parents[3],
        )
        assert "東京" in run.stdout.decode("utf-8")


def test_a_pipe_that_closes_ends_it_without_a_word(tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_text('{"references": ["x"], "answer": "x"}\n' * 5_000, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "kartoteka", "grade", "--json", str(lines)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"KARTOTEKA_DATA": str(tmp_path), "PATH": ""},
        cwd=Path(__file__).parents[3],
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert json.loads(program.stdout.readline())["label"] == "right"
        program.stdout.close()
        assert program.stderr.read() == b""
        program.wait()


def test_five_thousand_lines_need_no_more_memory_than_a_thousand(tmp_path: Path) -> None:
    """The peak of the process, in kB, with every line other words."""
    peaks = []
    for many in (1_000, 5_000):
        lines = tmp_path / f"{many}"
        with lines.open("w", encoding="utf-8") as file:
            for n in range(many):
                words = " ".join(f"w{n * 7 + k:x}ab" for k in range(3))
                file.write(json.dumps({"references": [words], "answer": words[:9], "deck": [f"d{n}", f"e{n}"], "lang": "en"}) + "\n")
        measured = (
            "import resource, sys; from kartoteka.cli.grade import grade; from contextlib import suppress\n"
            "with suppress(SystemExit): grade(['--json', sys.argv[1]])\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        run = subprocess.run(
            [sys.executable, "-c", measured, str(lines)],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[3],
            env={"PATH": "", "KARTOTEKA_DATA": str(tmp_path)},
        )
        assert run.stdout.count(b"\n") == many
        peaks.append(int(run.stderr.split()[-1]))
    assert peaks[1] < peaks[0] + 60_000


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
