"""Every message exists in English and in French, and both have the same places to fill."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from installation.supervisor import SAYINGS

ROOT = Path(__file__).parents[2]


def places(text: str) -> list[str]:
    """The names in braces, formats left out."""
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def texts(node: ast.expr | None) -> list[str] | None:
    """The strings of one language: one text, or a tuple of them. None when they are no constants."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.Tuple):
        parts = [texts(part) for part in node.elts]
        return None if any(part is None for part in parts) else [text for part in parts for text in part or ()]
    return None


def pairs(tree: ast.AST) -> Iterator[tuple[int, list[str], list[str]]]:
    """The line, the English and the French of each Row, Say, Two, and of every call with `en=` and `fr=`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given: dict[str | None, ast.expr] = {word.arg: word.value for word in node.keywords}
        if called in ("Row", "Say", "Two") and not given and len(node.args) == 2:
            given = {"en": node.args[0], "fr": node.args[1]}
        en, fr = texts(given.get("en")), texts(given.get("fr"))
        if en is not None and fr is not None:
            yield node.lineno, en, fr


def unlike(en: list[str], fr: list[str]) -> str:
    """What the two languages do not share, "" when all is well."""
    if len(en) != len(fr):
        return f"{len(en)} parts in English, {len(fr)} in French"
    for english, french in zip(en, fr, strict=True):
        if bool(english.strip()) != bool(french.strip()):
            return f"one language is silent: {english!r}, {french!r}"
        if places(english) != places(french):
            return f"{places(english)} in English, {places(french)} in French"
    return ""


def test_every_message_says_the_same_in_both_languages() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for folder in ("installation", "hardware")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, en, fr in pairs(ast.parse(path.read_text()))
        if (fault := unlike(en, fr))
    ]
    assert not found, "\n".join(found)


def test_only_one_place_guesses_what_a_person_meant() -> None:
    """`problem.hint`; argparse has a sentence of its own in `speech`."""
    found = {path.name for path in (ROOT / "installation").rglob("*.py") if "vouliez-vous dire" in path.read_text()}
    assert found == {"problem.py", "speech.py"}


@pytest.mark.parametrize("kind", SAYINGS)
def test_the_supervisor_says_the_same_in_both_languages(kind: str) -> None:
    en, fr = SAYINGS[kind]
    assert not unlike([en], [fr])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('Say("{a} is here", "{b} est là")', "['a'] in English, ['b'] in French"),
        ('Row(en=("a", "b", "c"), fr=("a", "b"))', "3 parts in English, 2 in French"),
        ('Two("yes", "")', "one language is silent: 'yes', ''"),
        ('Say("{a:.1f} s", "{a} s")', ""),
    ],
)
def test_a_message_that_differs_is_found(text: str, fault: str) -> None:
    ((_, en, fr),) = pairs(ast.parse(text))
    assert unlike(en, fr) == fault
