"""The reference page of `scene.toml`, made from its declarations: `python -m installation.score.reference [fr]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from installation.score.layout import COMPANY
from installation.score.problem import Say
from installation.score.scene_table import SCENE
from installation.score.scene_words import KEYS
from installation.score.table import ListOf, Shape, Table, TableOf

HEAD = Say(
    "# scene.toml, key by key\n\nMade by the engine from what it reads; do not edit: "
    "`python -m installation.score.reference`.\nThe tutorial is in the [README](README.md). "
    "A key that is not here is an error, told with the nearest that is.\n",
    "# scene.toml, clé par clé\n\nÉcrite par le moteur d'après ce qu'il lit ; à ne pas modifier : "
    "`python -m installation.score.reference fr`.\nLe tutoriel est dans le [README](README.fr.md). "
    "Une clé qui n'est pas ici est une erreur, dite avec la plus proche.\n",
)
SOURCES = Say(
    "**A source** is a text: a file beside the scene; `layer:NAME`, another layer's picture; `before`, the scene's last "
    "frame, or `before:NAME`, a layer's; `data:NAME`, a table of values; `camera:self`, `camera:twin`; `strokes:in`, the drawn letter that has come.\n",
    "**Une source** est un texte : un fichier à côté de la scène ; `layer:NOM`, l'image d'une couche ; `before`, la "
    "dernière image de la scène, ou `before:NOM`, d'une couche ; `data:NOM`, une table ; `camera:self`, `camera:twin` ; `strokes:in`, la lettre dessinée qui est arrivée.\n",
)
COLUMNS = Say("| key | takes | what |\n|---|---|---|", "| clé | prend | quoi |\n|---|---|---|")
FREE = Say("| *a parameter* | its value | what it gets |", "| *un paramètre* | sa valeur | ce qu'il reçoit |")
ECHO = Say(
    '| *a parameter*`_twin` | `{ echo = "24h" }` | the other city\'s gestures of so long ago (`10s` to `7d`), from hours '
    "in which it was open; not in `[together]` |",
    "| *un paramètre*`_twin` | `{ echo = \"24h\" }` | les gestes de l'autre ville d'il y a tant (`10s` à `7d`), à des heures "
    "où elle était ouverte ; pas dans `[together]` |",
)
TOP = Say("## At the top", "## En tête")


def page(language: str) -> str:
    """The whole page in "en" or "fr"."""
    lines = [HEAD.told(language), TOP.told(language), "", *_table("", SCENE, language), ""]
    for name, shape in SCENE.keys.items():
        inner = _inner(shape)
        if inner is None or (name in COMPANY and name != COMPANY[0]):
            continue
        lines += [_heading(name, shape), "", *_table("state" if name in COMPANY else name, inner, language), ""]
        if name == "layer":
            lines += [SOURCES.told(language)]
    return "\n".join(lines)


def _said(say: Say, language: str) -> str:
    """The sentence as it stands: what is in braces here is the artist's, not ours to fill."""
    return say.fr if language == "fr" else say.en


def _inner(shape: Shape) -> Table | None:
    """The table that a key holds, if it does."""
    item = shape.item if isinstance(shape, ListOf | TableOf) else shape
    return item if isinstance(item, Table) else None


def _heading(name: str, shape: Shape) -> str:
    if name in COMPANY:
        return "## " + " ".join(f"[{state}]" for state in COMPANY)
    if isinstance(shape, ListOf):
        return f"## [[{name}]]"
    return f"## [{name}.NAME]" if isinstance(shape, TableOf) else f"## [{name}]"


def _table(path: str, table: Table, language: str) -> Iterator[str]:
    yield COLUMNS.told(language)
    for name, shape in table.keys.items():
        if not path and _inner(shape) is not None:
            continue
        expected = shape.expected()
        takes = (expected.fr if language == "fr" else str(expected)).replace("|", "\\|")
        yield f"| `{name}` | {takes} | {_said(KEYS[f'{path}.{name}' if path else name], language)} |"
    if table.free is not None:
        yield FREE.told(language)
    if path == "state":
        yield _said(ECHO, language)


if __name__ == "__main__":
    sys.stdout.write(page(sys.argv[1] if len(sys.argv) > 1 else "en"))
