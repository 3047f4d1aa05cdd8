"""Draws the pictures of docs/inside/memory.md from the engine itself, so that they show what it does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kartoteka.engine.fsrs import FSRS6, FSRS7
from kartoteka.engine.memory import DAY_MS, Calendar, Evidence, MemoryState, observe, recall
from kartoteka.engine.simulating import POLICIES, simulate

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "inside" / "pictures"
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 300, 56, 44, 16
INK, LINES = "#667", ("#2f6fb0", "#b0572f", "#3d8a4d", "#7a4fa3")
DASHES = ("", ' stroke-dasharray="7 4"', ' stroke-dasharray="2 4"', ' stroke-dasharray="9 3 2 3"')
Points = Sequence[tuple[float, float]]


def chart(
    name: str,
    title: str,
    lines: dict[str, Points],
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    ticks: tuple[Sequence[float], Sequence[float]],
    below: str,
) -> None:
    """One picture: lines with their names, two axes, a description for who does not see it."""

    def at(point: tuple[float, float]) -> tuple[float, float]:
        px = LEFT + (point[0] - x[0]) / (x[1] - x[0]) * (WIDTH - LEFT - 16)
        return px, HEIGHT - BOTTOM - (point[1] - y[0]) / (y[1] - y[0]) * (HEIGHT - BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#fdfcf8"/>',
    ]
    for value in ticks[1]:
        _, py = at((x[0], value))
        parts.append(
            f'<path d="M{LEFT} {py:.1f}H{WIDTH - 16}" stroke="#ddd"/><text x="{LEFT - 8}" y="{py + 4:.1f}" text-anchor="end" fill="{INK}">{value:.0%}</text>'
        )
    for value in ticks[0]:
        px, _ = at((value, y[0]))
        parts.append(f'<text x="{px:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="{INK}">{value:g}</text>')
    parts.append(f'<text x="{WIDTH - 16}" y="{HEIGHT - 8}" text-anchor="end" fill="{INK}">{below}</text>')
    for i, (label, points) in enumerate(lines.items()):
        path = "L".join(f"{px:.1f} {py:.1f}" for px, py in map(at, points))
        parts.append(f'<path d="M{path}" fill="none" stroke="{LINES[i]}" stroke-width="2.5"{DASHES[i]}/>')
        parts.append(
            f'<path d="M{LEFT + 12 + i * 132} {HEIGHT - 12}h22" stroke="{LINES[i]}" stroke-width="3"/><text x="{LEFT + 40 + i * 132}" y="{HEIGHT - 8}" fill="{INK}">{label}</text>'
        )
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.svg").write_text("\n".join(parts) + "\n</svg>\n")


def line(function: Callable[[float], float], low: float, high: float, points: int = 120) -> Points:
    return [(low + (high - low) * i / points, function(low + (high - low) * i / points)) for i in range(points + 1)]


def forgetting() -> None:
    lines = {f"S = {S} days": line(lambda t, S=S: FSRS6.recall(t, S), 0, 60) for S in (3, 10, 30)}
    chart(
        "forgetting",
        "Recall falls quickly at first and then slowly; stability is where it passes nine in ten",
        lines,
        x=(0, 60),
        y=(0.5, 1),
        ticks=((0, 10, 20, 30, 40, 50, 60), (0.5, 0.6, 0.7, 0.8, 0.9, 1)),
        below="days",
    )


def today() -> None:
    lines = {"FSRS-7": line(lambda t: FSRS7.recall(max(t, 1e-4) / 24, 2.0), 0, 24), "FSRS-6": [(0, 1.0), (24, 1.0)]}
    chart(
        "today",
        "Within a day FSRS-7 forgets, FSRS-6 does not",
        lines,
        x=(0, 24),
        y=(0.8, 1),
        ticks=((0, 4, 8, 12, 16, 20, 24), (0.8, 0.85, 0.9, 0.95, 1)),
        below="hours",
    )


def a_card() -> None:
    """A real course of answers: recall between them, as the engine has it."""
    calendar, points = Calendar(), []
    state: MemoryState | None = None
    start = calendar.begins(20_000) + 10 * 3_600_000
    for day, evidence in (
        (0, ("rating", 1, 3)),
        (1, ("choice", 1, 3)),
        (4, ("typed", 1, 3)),
        (14, ("typed", 0, 3)),
        (15, ("rating", 1, 3)),
        (19, ("rating", 1, 3)),
    ):
        at = start + day * DAY_MS
        kind, outcome, grade = evidence
        if state is not None:
            points += [((ms - start) / DAY_MS, recall(state, ms, calendar)) for ms in range(state.last_ms + DAY_MS, at + 1, DAY_MS)]
        state = observe(state, Evidence(kind, float(outcome), "", grade, options=4, at_ms=at), calendar)  # type: ignore[arg-type]
        points.append((day, recall(state, at, calendar) if state else 1.0))
    if state is not None:
        points += [((ms - start) / DAY_MS, recall(state, ms, calendar)) for ms in range(state.last_ms + DAY_MS, start + 45 * DAY_MS, DAY_MS)]
    chart(
        "card",
        "One card over 45 days: each success makes the fall slower, a miss on day 14 makes it quick again",
        {"recall": points},
        x=(0, 45),
        y=(0.5, 1),
        ticks=((0, 1, 4, 14, 19, 30, 45), (0.5, 0.6, 0.7, 0.8, 0.9, 1)),
        below="days",
    )


def noisy() -> None:
    """q after a right and a wrong answer, by how likely it was known."""
    lines = {}
    for label, guess, slip in (("typed", 0.0, 0.02), ("choice of 4", 0.4375, 0.03), ("true or false", 0.575, 0.03)):
        lines[label] = line(lambda R, g=guess, s=slip: R * s / (R * s + (1 - R) * (1 - g)), 0.02, 0.98)
    chart(
        "noisy",
        "A wrong answer of somebody who probably knew it: the chance that it was a slip",
        lines,
        x=(0, 1),
        y=(0, 1),
        ticks=((0, 0.2, 0.4, 0.6, 0.8, 1), (0, 0.25, 0.5, 0.75, 1)),
        below="recall before",
    )


def exam() -> None:
    names = {"ours": "the plan", "fsrs90": "FSRS at 90 %", "sm2": "SM-2", "round_robin": "round robin"}
    minutes = (1, 2, 3, 4, 5, 6, 8, 10)
    lines = {names[name]: [(0.0, 0.0), *((m, simulate(name, cards=200, days=30, minutes=m, count=6).recall) for m in minutes)] for name in POLICIES}
    chart(
        "exam",
        "200 new cards, 30 days: what is recalled on the day, by minutes a day",
        lines,
        x=(0, 10),
        y=(0, 1),
        ticks=((0, 2, 4, 6, 8, 10), (0, 0.2, 0.4, 0.6, 0.8, 1)),
        below="min/day",
    )


if __name__ == "__main__":
    for draw in (forgetting, today, a_card, noisy, exam):
        draw()
