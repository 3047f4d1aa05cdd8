"""Questions and answers made from little worlds: who stands how to whom, said in many ways, rightly and wrongly. What the fit of the overlap model learns relations from.

Each world has things with letters or numbers, a relation that holds and its contrary, each in several wordings, and what else is said there. The same dice
make the same answers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

Made = tuple[str, str, list[str], str, float]  # name, question, references, answer, right


@dataclass(frozen=True, slots=True)
class World:
    """``holds`` and ``contrary``: predicates of two things; ``near``: true-sounding predicates that answer nothing; ``why``: the questions."""

    thing: str
    letters: str
    why: tuple[str, ...]
    holds: tuple[str, ...]
    contrary: tuple[str, ...]
    near: tuple[str, ...]
    tail: tuple[str, ...] = ()


WORLDS = (
    World("room", "ABCDEF", ("Why can people walk from {x} to {y} without going outside?", "Explain your answer."),
          ("are connected by a corridor", "are joined by a corridor", "are not separated by a wall", "share the same corridor", "are linked by a corridor"),
          ("are separated by a wall", "are not connected by a corridor", "are in different corridors", "are not linked"),
          ("have a window", "are in the house", "have a corridor", "are near the kitchen"), ("so people can walk", "on the first floor")),
    World("computer", "123456", ("Why can {x} not reach {y}?", "Explain your reasoning."),
          ("are in different networks", "are not in the same network", "are in separate networks", "have their own networks", "do not share a network"),
          ("are in the same network", "share one network", "are not in different networks", "are connected in one network"),
          ("are switched on", "have an address", "are in a network", "are in the office with the server"), ("with the router", "and do not affect each other")),
    World("species", "PQRSTU", ("Why do biologists put {x} and {y} into one genus?", "Why?"),
          ("have the same ancestor", "share a common ancestor", "are descended from one ancestor", "do not have different ancestors"),
          ("have different ancestors", "do not share an ancestor", "come from separate ancestors"),
          ("have ancestors", "live in the forest", "eat the same plants", "are animals"), ("so they are closely related",)),
    World("valve", "123456", ("Why does no water flow through {x} and {y}?", "Why was there no water?"),
          ("are closed", "are not open", "are shut", "are no longer open", "were closed"),
          ("are open", "are not closed", "are still open", "were opened"),
          ("are in the pipe", "control the water", "are made of brass", "are connected to the pipe"), ("so the water stops", "in the main pipe")),
    World("town", "ABCDEF", ("Why do {x} and {y} have the same time?", "Explain why."),
          ("lie in the same zone", "are in one zone", "are not in different zones", "share a zone", "are located in the same zone"),
          ("lie in different zones", "are not in the same zone", "are in separate zones", "have their own zones"),
          ("lie in a zone", "lie on the coast", "are large towns", "have a clock"), ("as the capital", "with the capital")),
    World("country", "KLMNOP", ("Why did {x} and {y} not fight each other?", "Why not?"),
          ("were allies", "were allied", "were on the same side", "had joined the same alliance", "were not enemies"),
          ("were enemies", "were not allies", "were on different sides", "had joined different alliances"),
          ("had armies", "took part in the war", "signed a paper", "lost many soldiers"), ("during the war", "since 1902")),
    World("sample", "ABCDEF", ("Why did {x} and {y} float?", "What explains the result?"),
          ("are less dense than the liquid", "have a lower density than the liquid", "are not denser than the liquid", "have a smaller density than the liquid"),
          ("are denser than the liquid", "have a higher density than the liquid", "are not less dense than the liquid", "have a greater density than the liquid"),
          ("are in the liquid", "have a density", "are light", "have the same density as each other"), ("so they float", "in the jar")),
    World("muscle", "XYZVWU", ("Why does the arm bend when {x} and {y} work?", "What do they do?"),
          ("contract", "become shorter", "shorten", "get shorter", "pull together"),
          ("relax", "become longer", "do not contract", "get longer"),
          ("are in the arm", "move", "are attached to the bone", "need energy"), ("and pull the bone", "when we bend")),
    World("contract", "123456", ("Why can the court enforce {x} and {y}?", "Explain."),
          ("are valid", "are not void", "are still valid", "are legally valid"),
          ("are void", "are not valid", "are no longer valid", "are invalid"),
          ("were signed", "are written on paper", "are contracts", "were read by the court"), ("under the law", "because they were signed")),
    World("gear", "123456", ("Why do {x} and {y} turn the other way round?", "Explain your reasoning."),
          ("are not touching", "do not touch", "are separated by a gap", "are not connected", "have a gap between them"),
          ("are touching", "touch each other", "are connected", "are not separated by a gap", "have no gap between them"),
          ("are made of steel", "turn", "are in the machine", "have teeth"), ("in the machine", "so they do not move")),
    World("street", "ABCDEF", ("Why can the bus not use {x} and {y}?", "Why?"),
          ("are blocked", "are not free", "are closed", "are not open", "are no longer open"),
          ("are open", "are free", "are not blocked", "are not closed"),
          ("are in the town", "are long", "have a bus stop", "are parallel"), ("to cars and buses", "because of the works")),
    World("file", "QRSTUV", ("Why did deleting {x} not delete {y}?", "Explain the result."),
          ("are in different folders", "are not in the same folder", "are stored in separate folders", "are kept in their own folders"),
          ("are in the same folder", "share a folder", "are not in different folders", "are stored in one folder"),
          ("are in a folder", "are large", "are on the disk", "can be deleted"), ("on the disk", "so one does not affect the other")),
    World("note", "CDEFGA", ("Why do {x} and {y} sound alike?", "Why do you think so?"),
          ("have the same pitch", "are equally high", "do not differ in pitch", "have an identical pitch", "share one pitch"),
          ("have different pitches", "do not have the same pitch", "differ in pitch"),
          ("have a pitch", "are played on the piano", "are loud", "can be heard"), ("on the piano", "so we hear no difference")),
    World("market", "ABCDEF", ("What happened in {x} and {y} when supply fell?", "What happened to prices?"),
          ("saw higher prices", "had rising prices", "saw prices increase", "saw prices go up", "saw prices rise"),
          ("saw lower prices", "had falling prices", "saw prices decrease", "saw prices go down", "saw prices fall"),
          ("had prices", "sold bread", "saw the same prices", "had many buyers"), ("because supply fell", "in that year")),
)  # fmt: skip
_PRONOUNS = ("they", "both", "the two", "they both", "both of them")
_LEADS = ("", "", "", "because ", "since ", "it is because ", "I think ")


def worlds(seed: int = 11, *, each: int = 4) -> Iterator[Made]:
    """Every question of every world ``each`` times, with other things, references and answers."""
    dice = random.Random(seed)
    for world in WORLDS:
        for number, why in enumerate(world.why):
            for turn in range(each):
                yield from _asked(world, why, f"world {world.thing} {number} {turn}", dice)


def _asked(world: World, why: str, name: str, dice: random.Random) -> Iterator[Made]:
    x, y, z, other = dice.sample(world.letters, 4)
    flipped = dice.random() < 0.5
    holds, contrary = (world.contrary, world.holds) if flipped else (world.holds, world.contrary)
    pair, tail = f"{world.thing}s {x} and {y}", dice.choice(world.tail)
    question = why.format(x=f"{world.thing} {x}", y=f"{world.thing} {y}") if not flipped else dice.choice(("Explain your reasoning.", "Why?", "Why not?"))
    many = dice.choice((1, 1, 2, 3, 4))
    references = [
        f"{pair[0].upper() + pair[1:] if dice.random() < 0.5 else f'{x} and {y}'} {said}{dice.choice(('', '', ' ' + tail))}"
        for said in dice.sample(holds, min(many, len(holds)))
    ]
    subjects = (pair, f"{world.thing} {x} and {world.thing} {y}", f"{x} and {y}", f"{world.thing} {y} and {x}", *_PRONOUNS)
    lead = lambda: dice.choice(_LEADS)  # noqa: E731
    for _ in range(8):
        right = f"{lead()}{dice.choice(subjects)} {dice.choice(holds)}{dice.choice(('', '', ' ' + dice.choice(world.tail)))}"
        yield name, question, references, _slip(right, dice), 1.0
    for _ in range(4):
        yield name, question, references, _slip(f"{lead()}{dice.choice(subjects)} {dice.choice(contrary)}", dice), 0.0
    for things in ((x, z), (z, other), (z, y)):
        yield name, question, references, f"{lead()}{world.thing}s {things[0]} and {things[1]} {dice.choice(holds)}", 0.0
    for said in dice.sample(world.near, 3):
        yield name, question, references, f"{lead()}{dice.choice(subjects)} {said}", 0.0
    yield name, question, references, f"{pair} {dice.choice(holds)} but {dice.choice(_PRONOUNS[:3])} {dice.choice(contrary)}", 0.0
    yield name, question, references, f"the {world.thing}s", 0.0
    yield name, question, references, f"{world.thing} {x} {dice.choice(world.near).replace('are ', 'is ').replace('have ', 'has ')}", 0.0


def _slip(text: str, dice: random.Random) -> str:
    """Now and then a letter doubled, dropped or exchanged."""
    if dice.random() > 0.2:
        return text
    words = text.split()
    at = max(range(len(words)), key=lambda i: len(words[i]) + dice.random())
    word = words[at]
    if len(word) > 6:
        spot = dice.randrange(2, len(word) - 2)
        words[at] = word[:spot] + dice.choice((word[spot + 1 :], word[spot] + word[spot:], word[spot + 1] + word[spot] + word[spot + 2 :]))
    return " ".join(words)
