"""What can be asked about a learner's study."""

from __future__ import annotations

from kartoteka.study.analytics import CardRow as CardRow
from kartoteka.study.analytics import Cell as Cell
from kartoteka.study.analytics import Column as Column
from kartoteka.study.analytics import PersonRow as PersonRow
from kartoteka.study.analytics import analytics_csv as analytics_csv
from kartoteka.study.analytics import answers_csv as answers_csv
from kartoteka.study.analytics import cards_with_figures as cards_with_figures
from kartoteka.study.analytics import columns as columns
from kartoteka.study.analytics import hardest as hardest
from kartoteka.study.analytics import people_of as people_of
from kartoteka.study.analytics import studied_by as studied_by
from kartoteka.study.analytics import true_retention as true_retention
from kartoteka.study.answers import Answer as Answer
from kartoteka.study.answers import answers as answers
from kartoteka.study.choosing import REASONS as REASONS
from kartoteka.study.choosing import choice_of as choice_of
from kartoteka.study.choosing import decks_studied as decks_studied
from kartoteka.study.desks import desk_of as desk_of
from kartoteka.study.desks import rules_of as rules_of
from kartoteka.study.learners import calendar_of as calendar_of
from kartoteka.study.marks import chosen_by as chosen_by
from kartoteka.study.marks import deck_of_card as deck_of_card
from kartoteka.study.marks import tomorrow_of as tomorrow_of
from kartoteka.study.options import options_from as options_from
from kartoteka.study.planning import Recommended as Recommended
from kartoteka.study.planning import Today as Today
from kartoteka.study.planning import minutes_words as minutes_words
from kartoteka.study.planning import mode_lines as mode_lines
from kartoteka.study.planning import recommended as recommended
from kartoteka.study.planning import today_in as today_in
from kartoteka.study.planning import today_of as today_of
from kartoteka.study.putting import AT_ONCE as AT_ONCE
from kartoteka.study.putting import buttons_of as buttons_of
from kartoteka.study.putting import counts as counts
from kartoteka.study.putting import laid_out as laid_out
from kartoteka.study.putting import next_questions as next_questions
from kartoteka.study.putting import put as put
from kartoteka.study.putting import sitting_of as sitting_of
from kartoteka.study.reasons import Why as Why
from kartoteka.study.reasons import why as why
from kartoteka.study.replaying import wrong_memories as wrong_memories
from kartoteka.study.standing import Standing as Standing
from kartoteka.study.standing import standing_of as standing_of
