"""What a fitted model makes of how much of a reference an answer says."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Model:
    """A logistic regression: for each length class a bias and weights of measures, and of products of two ("a*b")."""

    weights: Mapping[str, Mapping[str, float]]

    @cached_property
    def terms(self) -> Mapping[str, tuple[float, Sequence[tuple[str, str, float]]]]:
        """For each class its bias, and one or two measures with their weight."""
        return {
            size: (weights["bias"], [(one, other, weight) for name, weight in weights.items() if name != "bias" for one, _, other in [name.partition("*")]])
            for size, weights in self.weights.items()
        }

    def probability(self, found: Mapping[str, float]) -> float:
        bias, terms = self.terms[size_of(found)]
        z = bias + sum([weight * found[one] * (found[other] if other else 1.0) for one, other, weight in terms])
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def size_of(found: Mapping[str, float]) -> str:
    """The class of length a reference is in."""
    return next((size for size in ("text", "many", "long", "medium") if found[size]), "short")


def value_of(name: str, found: Mapping[str, float]) -> float:
    one, _, other = name.partition("*")
    return found[one] * found[other] if other else found[one]


@lru_cache(maxsize=1)
def model() -> Model:
    """The model as bench/grading_fit.py fitted it."""
    read: dict[str, Any] = json.loads((files(__package__) / "overlap.json").read_text(encoding="utf-8"))
    return Model(read["weights"])
