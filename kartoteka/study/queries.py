"""What can be asked about a learner's study."""

from __future__ import annotations

from kartoteka.study.desks import desk_of as desk_of
from kartoteka.study.learners import calendar_of as calendar_of
from kartoteka.study.marks import chosen_by as chosen_by
from kartoteka.study.marks import deck_of_card as deck_of_card
from kartoteka.study.marks import tomorrow_of as tomorrow_of
from kartoteka.study.putting import AT_ONCE as AT_ONCE
from kartoteka.study.putting import counts as counts
from kartoteka.study.putting import laid_out as laid_out
from kartoteka.study.putting import next_questions as next_questions
from kartoteka.study.putting import put as put
from kartoteka.study.putting import sitting_of as sitting_of
from kartoteka.study.replaying import wrong_memories as wrong_memories
from kartoteka.study.standing import Standing as Standing
from kartoteka.study.standing import standing_of as standing_of
