"""The reference page is made from the declarations, whole, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.score.layout import COMPANY
from installation.score.reference import page
from installation.score.scene_table import SCENE
from installation.score.scene_words import KEYS
from installation.score.table import ListOf, Table, TableOf

SCENES = Path(__file__).parents[2] / "scenes"


def keys(table: Table, path: str = "") -> Iterator[str]:
    for name, shape in table.keys.items():
        yield f"{path}{name}"
        inner = shape.item if isinstance(shape, ListOf | TableOf) else shape
        if isinstance(inner, Table) and not path:
            yield from keys(inner, "state." if name in COMPANY else f"{name}.")


def test_every_key_says_what_it_is_for_and_none_that_is_not_there() -> None:
    assert set(keys(SCENE)) == set(KEYS)


@pytest.mark.parametrize(("file", "language"), [("REFERENCE.md", "en"), ("REFERENCE.fr.md", "fr")])
def test_the_page_is_what_the_engine_reads(file: str, language: str) -> None:
    # Where this fails: python -m installation.score.reference > scenes/REFERENCE.md (and `fr` > REFERENCE.fr.md)
    assert (SCENES / file).read_text(encoding="utf-8") == page(language)
