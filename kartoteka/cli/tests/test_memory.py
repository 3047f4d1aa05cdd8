"""The memory on the terminal: what outside checks run, and what it says to files that are no logs."""

from __future__ import annotations

import gzip
import json
import random
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from kartoteka.cli import parquet
from kartoteka.cli.main import main

DAY = 86_400_000


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["memory", *words], input=stdin)


def told(*words: str, stdin: str | None = None) -> dict:
    done = run(*words, "--json", stdin=stdin)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert "nan" not in done.stdout.lower()
    assert "infinity" not in done.stdout.lower()
    return found


def log_file(folder: Path, rows: list[tuple], name: str = "log.csv") -> str:
    path = folder / name
    path.write_text("card_id,review_time,review_rating\n" + "".join(f"{','.join(map(str, row))}\n" for row in rows))
    return str(path)


def made_up(cards: int, times: int, seed: int = 1) -> list[tuple[int, int, int]]:
    dice, rows = random.Random(seed), []
    for card in range(cards):
        at = 1_600_000_000_000 + dice.randrange(10) * DAY
        for _ in range(times):
            rows.append((card, at, dice.choices((1, 2, 3, 4), (15, 10, 65, 10))[0]))
            at += round(dice.expovariate(1 / 6) * DAY) + 1000
    return rows


def test_the_golden_histories_come_out(samples: Path) -> None:
    golden = json.loads((samples / "memory" / "golden.json").read_text())
    for entry in golden["curves"]:
        history = " ".join(f"{step['t']},{step['g']}" for step in entry["steps"])
        for mine, theirs in zip(told("predict", "--history", history, "--curve", entry["curve"])["steps"], entry["steps"], strict=True):
            for name in ("s", "d", "r"):
                assert mine[name] == (None if theirs[name] is None else pytest.approx(theirs[name], rel=1e-6))


def test_the_golden_evidence_comes_out(samples: Path) -> None:
    golden = json.loads((samples / "memory" / "golden.json").read_text())["evidence"]
    lines = "".join(json.dumps({"state": entry["state"], "evidence": entry["evidence"]}) + "\n" for entry in golden)
    done = run("evidence", "--json", stdin=lines)
    for line, entry in zip(done.stdout.splitlines(), golden, strict=True):
        found = json.loads(line)
        for name, value in entry["result"].items():
            assert found[name] == pytest.approx(value, rel=2e-6, abs=2e-6), (entry, name)


@pytest.mark.parametrize("name", ["osr_a.parquet", "anki_c.parquet", "anki_d.parquet", "anki_e.parquet", "anki_f.csv"])
def test_fsrs6_is_fsrs_rs_with_its_default_weights(samples: Path, name: str) -> None:
    peers = {log["file"]: log for log in json.loads((samples / "memory" / "peer_results.json").read_text())["logs"]}
    (mine,) = told("evaluate", str(samples / "memory" / name), "--model", "fsrs6")["logs"]
    theirs = peers[name]["models"]["fsrs_rs_default"]
    assert (mine["reviews"], mine["scored"], mine["tested"]) == (peers[name]["reviews"], peers[name]["scored"], peers[name]["tested"])
    for part, expected in ((mine, theirs["folds"]), (mine["all"], theirs["all"])):
        for figure in ("log_loss", "rmse_bins", "auc"):
            assert part[figure] == pytest.approx(expected[figure], abs=1e-4)


def test_twice_the_same_but_for_the_seconds(tmp_path: Path) -> None:
    log = log_file(tmp_path, made_up(40, 8))
    one, two = (told("evaluate", log) for _ in range(2))
    for found in (one, two):
        for part in found["logs"]:
            part.pop("seconds")
    assert one == two


def test_rows_may_come_in_any_order(tmp_path: Path) -> None:
    rows = made_up(30, 8)
    log = told("evaluate", log_file(tmp_path, rows), "--model", "default")
    random.Random(3).shuffle(rows)
    other = told("evaluate", log_file(tmp_path, rows, "other.csv"), "--model", "default")
    assert (log["log_loss"], log["auc"]) == (other["log_loss"], other["auc"])


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(1, 1_600_000_000_000, 3)],
        [(1, 1_600_000_000_000, 3)] * 7,
        [(1, 1_600_000_000_000 + i * DAY, 3) for i in range(3650)],
        [(1, 1_600_000_000_000 + i * i * DAY, 1 + i % 4) for i in range(40)],
        [(1, -5, 3), (1, 99_999_999_999_999, 3), (1, 5, 1), (1, 1e30, 3)],
        [(1, 1_600_000_000_000 + i * DAY, i) for i in range(-3, 9)],
        [("", 1, 3), ("x", "", 3), ("a", 5, ""), ("a", 5, "good"), ("é", 5, 3)],
    ],
)
def test_odd_logs_give_numbers_or_nothing(tmp_path: Path, rows: list) -> None:
    log = log_file(tmp_path, rows)
    for model in ("fsrs6", "default", "stack", "fit"):
        found = told("evaluate", log, "--model", model)
        assert found["reviews"] == found["logs"][0]["tested"]
    told("fit", log)
    for card in told("predict", log, "--at", "1700000000000")["cards"]:
        assert 0 < card["recall"] <= 1


def test_wrong_ratings_are_dropped_and_counted(tmp_path: Path) -> None:
    (found,) = told("evaluate", log_file(tmp_path, [(1, 5, 0), (1, 6, 5), (1, 7, 3), (1, 8, 2.5)]))["logs"]
    assert (found["dropped"], found["reviews"], found["log_loss"]) == (3, 1, None)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("gone.csv", None),
        ("empty.csv", b""),
        ("other.csv", b"a,b\n1,2\n"),
        ("picture.csv", b"\xff\xd8\xff\xe0"),
        ("cut.parquet", b"PAR1xxxxPAR1"),
        ("text.parquet", b"card_id\n"),
        ("odd.jsonl", b'{"card_id": 1\n'),
    ],
)
def test_what_is_no_log_ends_with_2_and_one_line(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    for words in (("evaluate", str(tmp_path / name)), ("fit", str(tmp_path / name)), ("replay", str(tmp_path / name))):
        done = run(*words, "--json")
        assert done.exit_code == 2
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1


def test_broken_parquet_is_refused_and_never_crashes(samples: Path) -> None:
    whole = (samples / "memory" / "osr_a.parquet").read_bytes()
    dice = random.Random(5)
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(dice.randrange(1, 6)):
            broken[-dice.randrange(1, 3000)] = dice.randrange(256)
        with suppress(parquet.Unreadable):
            parquet.read(bytes(broken))


def test_snappy_pages_are_read() -> None:
    packed = bytes([11, 2 << 2]) + b"abc" + bytes([0b000_100_01, 3])
    assert parquet._snappy(packed, 11) == b"abcabcabcab"
    assert parquet._unpacked(gzip.compress(b"page"), 2, 4) == b"page"
    assert parquet._runs(bytes([3, 0b10001000]), 2, 4).tolist() == [0, 2, 0, 2]
    assert parquet._plain(struct.pack("<I", 2) + b"hi", 6, 1).tolist() == ["hi"]


def test_a_fit_of_few_reviews_says_why_not(tmp_path: Path) -> None:
    found = told("fit", log_file(tmp_path, made_up(5, 4)))
    assert not found["kept"]
    assert "64" in found["why"]
    assert (len(found["fsrs6"]), len(found["fsrs7"])) == (21, 35)


def test_mixed_answers_are_predicted_far_better_than_as_plain_ratings(samples: Path) -> None:
    folder = samples / "memory"
    found = told("replay", str(folder / "mixed_2.parquet"), "--truth", str(folder / "mixed_2_truth.parquet"))
    assert found["excess"] < 0.5 * 0.03612
    assert len(found["rows"]) == 4128
    assert all(0 < row["p_correct"] < 1 for row in found["rows"])


def test_mixed_answers_may_come_as_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps({"card_id": i % 3, "at": i * DAY // 2, "mode": "mc", "options": 4, "correct": i % 4 > 0}) + "\n" for i in range(20)))
    assert len(told("replay", str(path))["rows"]) == 20


def test_evidence_that_is_none_says_which_line() -> None:
    done = run("evidence", "--json", stdin='{"state": null, "evidence": {"kind": "telepathy"}}\n')
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Line 1" in done.stderr


def test_a_plan_says_what_to_expect(tmp_path: Path) -> None:
    log = log_file(tmp_path, made_up(20, 6))
    found = told("plan", "--cards", "50", "--exam", "2020-12-20", "--now", "2020-12-01", "--minutes", "3", "--log", log)
    assert set(found) >= {"forecast", "if_stop", "minutes_for_target", "infeasible", "today", "seconds"}
    assert found["forecast"]["low"] <= found["forecast"]["recall"] <= found["forecast"]["high"]
    assert all(set(one) == {"card_id", "why", "minutes", "gain"} for one in found["today"])


def test_a_simulation_names_every_policy() -> None:
    found = told("plan", "--cards", "20", "--exam", "2020-12-10", "--now", "2020-12-01", "--minutes", "2", "--simulate", "--learners", "2")
    assert [one["policy"] for one in found["policies"]] == ["ours", "fsrs90", "sm2", "round_robin"]
    assert set(found["minutes_to_80"]) == {"ours", "fsrs90", "sm2", "round_robin"}


def test_an_exam_in_the_past_is_wrong_usage() -> None:
    assert run("plan", "--cards", "5", "--exam", "2020-01-01", "--now", "2021-01-01", "--minutes", "5").exit_code == 2


def test_missing_values_in_parquet_are_nan(samples: Path) -> None:
    columns = parquet.read((samples / "memory" / "mixed_1_truth.parquet").read_bytes())
    assert set(columns) == {"recall", "p_correct", "knew"}
    assert np.isfinite(columns["p_correct"]).all()
