"""A problem is told in the person's words and language."""

import pytest

from installation.score.problem import CORRECT, TOLD, Problem, Row, hint, nearest, one_of

ROW = Row(en=("no {name}", "one", "add it"), fr=("pas de {name}", "un", "ajoutez-le"))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "a.toml:3: no port; one; add it"), ("fr", "a.toml:3: pas de port ; un ; ajoutez-le")],
)
def test_a_problem_is_one_line_typeset_as_its_language_has_it(language, said):
    assert str(Problem("a.toml", 3, ROW, {"name": "port"}).told(language)) == said


def test_a_problem_without_a_file_has_no_place():
    assert str(Problem("", 0, ROW, {"name": "port"}).told()) == "no port; one; add it"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_problem_that_travelled_reads_as_it_did(language):
    told = Problem("a.toml", 3, ROW, {"name": "port"}).told(language)
    assert str(TOLD[language](**told._asdict())) == str(told)


def test_a_near_name_is_offered_in_both_languages():
    offered = hint("prot", ("host", "port"))
    assert (offered, offered.fr) == ('did you mean "port"?', "vouliez-vous dire « port » ?")


def test_a_name_in_another_case_is_near():
    assert nearest("defalt", ("DEFAULT", "MIN")) == "DEFAULT"


def test_a_far_name_is_not_guessed():
    assert nearest("zzz", ("host", "port")) == "" and hint("zzz", ("host", "port")) is CORRECT


def test_what_there_is_is_listed_and_nothing_is_a_dash():
    assert (one_of("ab").fr, one_of(())) == ("au choix : a, b", "one of –")
