"""The ways an answer misleads, each in several languages: what is nearly the card's own words and says something else, and what says the same."""

from __future__ import annotations

import pytest

from kartoteka.engine.grading import Verdict, mark, split
from kartoteka.engine.items import Point
from kartoteka.engine.rubrics import Other, Rubric

DECK = ("Lenin", "Stalin", "Trotsky", "Trotzki", "Berlin", "Vienna", "Prague", "Wien", "Prag", "Darwin", "Mendel")


def judged(lang: str, card: str, answer: str, *, question: str = "", deck: tuple[str, ...] = ()) -> Verdict:
    return mark(Rubric(question, (card,), others=tuple(Other(name, name) for name in deck), lang=lang), answer)


@pytest.mark.parametrize(
    ("lang", "card", "answer"),
    [
        ("en", "The court accepted the appeal.", "The court did not accept the appeal."),
        ("en", "Helium is not reactive.", "Helium is reactive."),
        ("en", "The virus survives without a host.", "The virus does not survive without a host."),
        ("en", "Sound cannot travel through a vacuum.", "Sound can travel through a vacuum."),
        ("en", "The treaty was never ratified.", "The treaty was ratified."),
        ("en", "Mammals feed their young with milk.", "Mammals never feed their young with milk."),
        ("en", "No oxygen is needed in fermentation.", "Oxygen is needed in fermentation."),
        ("en", "The earth's axis is tilted.", "The earth's axis isn't tilted."),
        ("en", "Nerve cells rarely divide.", "Nerve cells divide often."),
        ("en", "The king had no heir.", "The king had an heir."),
        ("de", "Das Gericht nahm die Berufung an.", "Das Gericht nahm die Berufung nicht an."),
        ("de", "Helium reagiert nicht.", "Helium reagiert."),
        ("de", "Schall breitet sich im Vakuum nicht aus.", "Schall breitet sich im Vakuum aus."),
        ("de", "Der Vertrag wurde nie ratifiziert.", "Der Vertrag wurde ratifiziert."),
        ("de", "Säugetiere säugen ihre Jungen.", "Säugetiere säugen ihre Jungen nie."),
        ("de", "Für die Gärung ist kein Sauerstoff nötig.", "Für die Gärung ist Sauerstoff nötig."),
        ("de", "Die Erdachse ist geneigt.", "Die Erdachse ist nicht geneigt."),
        ("de", "Der König hatte keinen Erben.", "Der König hatte einen Erben."),
        ("de", "Das Enzym wird dabei nicht verbraucht.", "Das Enzym wird dabei verbraucht."),
        ("de", "Der Rat stimmte zu.", "Der Rat stimmte nicht zu."),
        ("pl", "Sąd przyjął apelację.", "Sąd nie przyjął apelacji."),
        ("pl", "Hel nie reaguje.", "Hel reaguje."),
        ("pl", "Król nie miał dziedzica.", "Król miał dziedzica."),
        ("zh", "氦气不活泼", "氦气活泼"),
        ("zh", "声音不能在真空中传播", "声音能在真空中传播"),
        ("zh", "国王没有继承人", "国王有继承人"),
        ("ja", "ヘリウムは反応しない", "ヘリウムは反応する"),
        ("ja", "音は真空中を伝わらない", "音は真空中を伝わる"),
        ("ja", "条約は批准されなかった", "条約は批准された"),
        ("ar", "الهيليوم لا يتفاعل", "الهيليوم يتفاعل"),
        ("ar", "الصوت لا ينتقل في الفراغ", "الصوت ينتقل في الفراغ"),
    ],
)
def test_a_denial_more_or_less_is_not_right(lang: str, card: str, answer: str) -> None:
    assert judged(lang, card, answer).label != "right"


@pytest.mark.parametrize(
    ("lang", "card", "answer"),
    [
        ("en", "Metals expand when heated.", "Metals contract when heated."),
        ("en", "The price ceiling causes a shortage.", "The price ceiling causes a surplus."),
        ("en", "Veins carry blood to the heart.", "Arteries carry blood to the heart."),
        ("en", "Acids have a low pH.", "Acids have a high pH."),
        ("en", "The colony gained independence.", "The colony lost independence."),
        ("en", "Warm air rises.", "Warm air sinks."),
        ("en", "The northern army won.", "The southern army won."),
        ("en", "Insulin lowers blood sugar.", "Insulin raises blood sugar."),
        ("en", "Fixed costs stay constant.", "Fixed costs vary."),
        ("en", "The wave has a short wavelength.", "The wave has a long wavelength."),
        ("de", "Metalle dehnen sich bei Wärme aus.", "Metalle ziehen sich bei Wärme zusammen."),
        ("de", "Säuren haben einen niedrigen pH-Wert.", "Säuren haben einen hohen pH-Wert."),
        ("de", "Warme Luft steigt.", "Warme Luft sinkt."),
        ("de", "Die Nordarmee gewann.", "Die Nordarmee verlor."),
        ("de", "Insulin senkt den Blutzucker.", "Insulin erhöht den Blutzucker."),
        ("de", "Die Welle ist kurz.", "Die Welle ist lang."),
        ("de", "Die Kolonie gewann die Schlacht.", "Die Kolonie verlor die Schlacht."),
        ("de", "Das Ventil ist offen.", "Das Ventil ist geschlossen."),
        ("de", "Der Preis nimmt zu.", "Der Preis nimmt ab."),
        ("de", "Das Zimmer ist voll.", "Das Zimmer ist leer."),
        ("pl", "Ciepłe powietrze się unosi.", "Ciepłe powietrze opada."),
        ("pl", "Cena rośnie.", "Cena maleje."),
        ("pl", "Pokój jest pełny.", "Pokój jest pusty."),
        ("zh", "温度上升", "温度下降"),
        ("zh", "价格增加", "价格减少"),
        ("zh", "阀门是开的", "阀门是关的"),
        ("ja", "温度が上がる", "温度が下がる"),
        ("ja", "価格が増加する", "価格が減少する"),
        ("ja", "弁は開いている", "弁は閉じている"),
        ("ar", "ترتفع درجة الحرارة", "تنخفض درجة الحرارة"),
        ("ar", "يزداد السعر", "ينقص السعر"),
    ],
)
def test_an_opposite_is_not_right(lang: str, card: str, answer: str) -> None:
    assert judged(lang, card, answer).label != "right"


@pytest.mark.parametrize(
    ("lang", "card", "answer"),
    [
        ("en", "Lenin led the revolution.", "Stalin led the revolution."),
        ("en", "The treaty was signed in Vienna.", "The treaty was signed in Prague."),
        ("en", "Trotsky founded the Red Army.", "Lenin founded the Red Army."),
        ("en", "The wall divided Berlin.", "The wall divided Vienna."),
        ("en", "Mendel studied peas.", "Darwin studied peas."),
        ("de", "Lenin führte die Revolution.", "Stalin führte die Revolution."),
        ("de", "Der Vertrag wurde in Wien geschlossen.", "Der Vertrag wurde in Prag geschlossen."),
        ("de", "Trotzki gründete die Rote Armee.", "Lenin gründete die Rote Armee."),
    ],
)
def test_another_name_of_the_deck_is_not_right(lang: str, card: str, answer: str) -> None:
    assert judged(lang, card, answer, deck=DECK).label != "right"


@pytest.mark.parametrize(
    ("lang", "card", "answer"),
    [
        ("en", "Prussia defeated Austria.", "Austria defeated Prussia."),
        ("en", "The cat chased the dog.", "The dog chased the cat."),
        ("en", "Predators control prey.", "Prey control predators."),
        ("en", "The sun warms the earth.", "The earth warms the sun."),
        ("en", "Employers pay employees.", "Employees pay employers."),
        ("en", "Enzymes break down substrates.", "Substrates break down enzymes."),
        ("en", "Magnets attract iron.", "Iron attracts magnets."),
        ("en", "The president appoints the judges.", "The judges appoint the president."),
        ("en", "Viruses infect bacteria.", "Bacteria infect viruses."),
        ("en", "Brutus killed Caesar.", "Caesar killed Brutus."),
        ("de", "Preußen besiegte Österreich.", "Österreich besiegte Preußen."),
        ("de", "Die Katze jagte den Hund.", "Der Hund jagte die Katze."),
        ("de", "Die Sonne erwärmt die Erde.", "Die Erde erwärmt die Sonne."),
        ("de", "Brutus tötete Caesar.", "Caesar tötete Brutus."),
        ("de", "Viren befallen Bakterien.", "Bakterien befallen Viren."),
    ],
)
def test_two_exchanged_roles_is_not_right(lang: str, card: str, answer: str) -> None:
    assert judged(lang, card, answer).label != "right"


@pytest.mark.parametrize(
    ("lang", "card", "answer"),
    [
        ("en", "Heat flows from hot to cold.", "Heat flows from cold to hot."),
        ("en", "Oxygen diffuses from the lungs into the blood.", "Oxygen diffuses from the blood into the lungs."),
        ("en", "Copper is denser than iron.", "Iron is denser than copper."),
        ("en", "The capital moved from Bonn to Berlin.", "The capital moved from Berlin to Bonn."),
        ("en", "Mitosis comes after interphase.", "Interphase comes after mitosis."),
        ("en", "Gold is heavier than silver.", "Silver is heavier than gold."),
        ("en", "Light turns into heat.", "Heat turns into light."),
        ("de", "Wärme fließt von warm nach kalt.", "Wärme fließt von kalt nach warm."),
        ("de", "Kupfer ist dichter als Eisen.", "Eisen ist dichter als Kupfer."),
        ("de", "Die Hauptstadt zog von Bonn nach Berlin.", "Die Hauptstadt zog von Berlin nach Bonn."),
        ("de", "Gold ist schwerer als Silber.", "Silber ist schwerer als Gold."),
    ],
)
def test_the_other_direction_is_not_right(lang: str, card: str, answer: str) -> None:
    assert judged(lang, card, answer).label != "right"


@pytest.mark.parametrize(
    ("lang", "card", "answer"),
    [
        ("en", "The war began in 1914.", "The war began in 1941."),
        ("en", "Water boils at 100 degrees.", "Water boils at 90 degrees."),
        ("en", "The heart has four chambers.", "The heart has three chambers."),
        ("en", "It is 5 km long.", "It is 5 m long."),
        ("en", "It weighs 20 grams.", "It weighs 20 kilograms."),
        ("en", "signed on 3 May 1791", "signed on 5 May 1791"),
        ("en", "It has 46 chromosomes.", "It has 48 chromosomes."),
        ("en", "one half", "one third"),
        ("en", "World War II", "World War I"),
        ("en", "Louis XIV", "Louis XVI"),
        ("de", "Der Krieg begann 1914.", "Der Krieg begann 1941."),
        ("de", "Wasser siedet bei 100 Grad.", "Wasser siedet bei 90 Grad."),
        ("de", "Das Herz hat vier Kammern.", "Das Herz hat drei Kammern."),
        ("de", "Es ist 5 km lang.", "Es ist 5 m lang."),
        ("de", "am 3. Mai 1791", "am 5. Mai 1791"),
        ("de", "46 Chromosomen", "48 Chromosomen"),
        ("de", "ein Drittel", "ein Viertel"),
    ],
)
def test_another_number_date_or_unit_is_not_right(lang: str, card: str, answer: str) -> None:
    assert judged(lang, card, answer).label != "right"


@pytest.mark.parametrize(
    ("lang", "card", "answer"),
    [
        ("en", "Paris", "Paris or maybe Rome"),
        ("en", "mitosis", "mitosis or meiosis"),
        ("en", "1914", "1914/1918"),
        ("en", "arteries", "arteries or veins"),
        ("en", "Newton", "either Newton or Einstein"),
        ("de", "Paris", "Paris oder vielleicht Rom"),
        ("de", "Mitose", "Mitose oder Meiose"),
        ("de", "1914", "1914 oder 1918"),
    ],
)
def test_two_answers_is_not_right(lang: str, card: str, answer: str) -> None:
    assert judged(lang, card, answer).label != "right"


@pytest.mark.parametrize(
    ("lang", "card", "answer"),
    [
        ("en", "Prussia defeated Austria.", "Austria was defeated by Prussia."),
        ("en", "The sun warms the earth.", "The earth is warmed by the sun."),
        ("en", "Viruses infect bacteria.", "Bacteria are infected by viruses."),
        ("en", "Brutus killed Caesar.", "Caesar was killed by Brutus."),
        ("en", "The president appoints the judges.", "The judges are appointed by the president."),
        ("de", "Preußen besiegte Österreich.", "Österreich wurde von Preußen besiegt."),
        ("de", "Die Sonne erwärmt die Erde.", "Die Erde wird von der Sonne erwärmt."),
        ("de", "Viren befallen Bakterien.", "Bakterien werden von Viren befallen."),
        ("de", "Die Hauptstadt von Frankreich", "Frankreichs Hauptstadt"),
        ("de", "Das Wasser verdunstet durch die Sonnenwärme.", "Durch die Wärme der Sonne verdunstet Wasser"),
        ("de", "ein Vertrag zwischen zwei Staaten", "Abkommen zwischen zwei Ländern"),
        ("de", "Er wurde 1517 in Wittenberg veröffentlicht.", "1517 veröffentlichte man ihn in Wittenberg"),
        ("de", "Die Regierung senkte die Steuern.", "Steuern wurden von der Regierung gesenkt"),
        ("de", "Blätter nehmen Licht auf", "Lichtaufnahme durch die Blätter"),
    ],
)
def test_a_passive_or_another_order_is_right(lang: str, card: str, answer: str) -> None:
    assert judged(lang, card, answer).label == "right"


@pytest.mark.parametrize(("card", "answer"), [("Plants give off oxygen.", "plants release oxygen"), ("The battery is damaged.", "the battery does not work")])
def test_another_word_in_a_statement_is_not_called_wrong(card: str, answer: str) -> None:
    assert judged("en", card, answer).label != "wrong"


def test_the_word_that_differs_is_shown() -> None:
    verdict = judged("en", "The price ceiling causes a shortage.", "The price ceiling causes a queue.")
    assert (verdict.label, verdict.reasons) == ("close", ("Check this: you wrote queue, the card says shortage.",))
    assert mark(Rubric(accepted=("The ceiling causes a shortage.", "It makes a queue.")), "the ceiling causes a queue").label == "right"


@pytest.mark.parametrize(
    ("card", "answer", "label"),
    [("C++", "c++", "right"), ("C++", "C", "close"), ("C#", "C", "close"), ("$E=mc^2$", "E = mc²", "right"), ("Louis XIV", "Louis 14", "right")],
)
def test_signs_of_a_name_and_raised_numbers_are_read(card: str, answer: str, label: str) -> None:
    assert judged("en", card, answer).label == label


def test_two_dates_exchanged_between_two_clauses_are_told() -> None:
    points = (Point("Henry IV issued the edict in 1598"), Point("Louis XIV revoked the edict in 1685"))
    rubric = Rubric("", ("; ".join(p.text for p in points),), points)
    assert [p.mark for p in mark(rubric, "Henry IV issued it in 1685 and Louis XIV revoked it in 1598.").points] == ["contradicted", "contradicted"]
    assert mark(rubric, "Henry IV issued it in 1598 and Louis XIV revoked it in 1685.").label == "right"


def test_a_short_end_of_a_span_of_years_is_a_year() -> None:
    assert judged("en", "It took place in 1814 and 1815.", "it took place 1814–15").label == "right"
    assert judged("en", "It took place in 1814 and 1815.", "it took place 1914–15").label != "right"


def test_a_quote_shows_what_speaks_against_the_point() -> None:
    points = (Point("The last meeting was in 1669"), Point("Lübeck was its head"))
    rubric = Rubric("", ("; ".join(p.text for p in points),), points, lang="en")
    assert mark(rubric, "The last meeting was in 1869.").points[0].quote == "last meeting was in 1869"
    assert mark(rubric, "Not Lübeck was its head.").points[1].quote == "Not Lübeck was its head"


def test_brackets_keep_a_formula_together() -> None:
    text = "The blocking probability of this system is P = ((1 - utilisation) * utilisation of the queue) / (1 - utilisation of it). It is small."
    assert [p.text for p in split(text)] == [text.removesuffix(" It is small."), "It is small."]
