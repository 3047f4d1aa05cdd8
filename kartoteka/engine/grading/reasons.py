"""Why an answer was judged as it was: sentences a door may translate."""

from __future__ import annotations

from typing import Self


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for the catalogues, and leaves it as it is."""
    return sentence


class Reason(str):
    """A sentence in English that remembers its template and what stands in its gaps, so that it can be said in another language."""

    template: str
    values: dict[str, str]

    def __new__(cls, template: str, **values: str) -> Self:
        reason = super().__new__(cls, template.format(**values) if values else template)
        reason.template, reason.values = template, values
        return reason


NO_ANSWER = gettext_noop("No answer was given.")
REPEATED = gettext_noop("That repeats the question.")
ACCENTS = gettext_noop("Only accents differ: {form}")
CASE = gettext_noop("Only capital letters or punctuation differ: {form}")
PART = gettext_noop("Something is missing: {form}")
ADDED = gettext_noop("One thing too many is named: {form}")
IN_FULL = gettext_noop("In full: {form}")
SPELLING = gettext_noop("Check the spelling: {form}")
ENDING = gettext_noop("Only the ending differs: {form}")
OTHER_CARD = gettext_noop("That is the answer to another card.")
TWO_ANSWERS = gettext_noop("You gave more than one answer; say which one you mean.")
CHECK = gettext_noop("Check this: you wrote {wrote}, the card says {card}.")
DENIED = gettext_noop("Check this: one of you says “{card}”, the other denies it.")
EXCHANGED = gettext_noop("Check this: two sides may be exchanged. You wrote {wrote}, the card says {card}.")
NUMBER = gettext_noop("The number differs: you wrote {wrote}, the card says {card}.")
LISTED = gettext_noop("Words without a sentence: say how they belong together.")
UNSURE = gettext_noop("Couldn't tell: was this right? You decide.")
FORMULA = gettext_noop("Whether these two formulae say the same could not be judged. You decide.")
TOO_LONG = gettext_noop("Only the first 2,000 characters were read.")
TOO_MANY = gettext_noop("Only the first 60 points were looked for.")
