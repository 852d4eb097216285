"""Every verb has help with an example, in both languages."""

import pytest

from installation import cli, speech


@pytest.fixture(autouse=True)
def english_again():
    yield
    speech.argparse_speaks("en")


@pytest.mark.parametrize("spoken", ["en", "fr"])
@pytest.mark.parametrize("verb", list(cli.VERBS))
def test_each_verb_has_help_with_an_example(verb, spoken, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--lang", spoken, verb, "--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert ("exemple : " if spoken == "fr" else "example: ") in said and f"jumelage {verb}" in said.replace("\n", " ")


def test_wrong_use_is_told_in_french(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--lang", "fr", "run"])
    said = capsys.readouterr().err
    assert end.value.code == 2 and "il manque : rig" in said and "required" not in said


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "C"}, "en"),
        ({"JUMELAGE_LANG": "fr", "LANG": "en_US"}, "fr"),
        ({}, "en"),
    ],
)
def test_the_language_follows_the_locale(environment, wanted, monkeypatch):
    for name in ("JUMELAGE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert speech.language() == wanted
