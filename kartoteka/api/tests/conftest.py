"""The cast and the tiny modes of the study room, at this door."""

from kartoteka.study.tests.conftest import anna as anna
from kartoteka.study.tests.conftest import ben as ben
from kartoteka.study.tests.conftest import cleo as cleo
from kartoteka.study.tests.conftest import deck as deck
from kartoteka.study.tests.conftest import modes as modes
from kartoteka.study.tests.conftest import visit as visit
