"""With what each part of an ISF header is read: its keys, its messages, and the shapes that values have in the wild."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from installation.score.parameter import KINDS
from installation.score.problem import Problem, Row, Two, hint, one_of
from installation.score.shaders.loose_json import Node
from installation.score.shaders.shader import IMAGES, SAMPLING

TYPES = {**{kind: kind for kind in KINDS}, "int": "long", "floatRange": "point2D", **{kind: kind for kind in IMAGES}}
TOP_KEYS = (
    *("DESCRIPTION", "CREDIT", "CATEGORIES", "INPUTS", "PASSES", "IMPORTED", "PERSISTENT_BUFFERS", "ISFVSN", "VSN"),
    *("TITLE", "NAME", "LABEL", "KEYWORDS", "TAGS", "LICENSE", "AUTHOR", "TYPE", "GENERATORS"),
)
INPUT_KEYS = (
    *("NAME", "TYPE", "DEFAULT", "MIN", "MAX", "LABEL", "DESCRIPTION", "IDENTITY", "VALUES", "LABELS"),
    *("WRAP", "FILTER", "UNIT", "STEP", "CURVE", "GROUP", "FLAGS"),
)
PASS_KEYS = ("TARGET", "PERSISTENT", "FLOAT", "WIDTH", "HEIGHT", "DESCRIPTION", "WRAP", "FILTER")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")

ROWS = {
    "header": Row(
        (
            "the ISF header cannot be read here: {found}",
            'JSON: "KEY": value, …',
            "look for a missing comma, quote or bracket just before",
        ),
        (
            "l'en-tête ISF est illisible ici : {found}",
            'du JSON : "CLÉ": valeur, …',
            "cherchez juste avant une virgule, un guillemet ou un crochet oublié",
        ),
    ),
    "unclosed": Row(
        ("the ISF header is not closed", "*/ after the last }}", "add */ on a line of its own"),
        ("l'en-tête ISF n'est pas fermé", "*/ après la dernière }}", "ajoutez */ sur une ligne à part"),
    ),
    "no shader": Row(
        (
            "no shader was found in this file",
            "an ISF header, or a function main or mainImage",
            "open another file, or write void main() {{ … }}",
        ),
        (
            "ce fichier ne contient pas de shader",
            "un en-tête ISF, ou une fonction main ou mainImage",
            "ouvrez un autre fichier, ou écrivez void main() {{ … }}",
        ),
    ),
    "type": Row(
        ('input {name} has the type "{found}"', "{known}", "{hint}"),
        ("l'entrée {name} est du type « {found} »", "{known}", "{hint}"),
    ),
    "name": Row(
        ('a name is "{found}"', "letters, digits and _ only", "rename it here and in the code"),
        ("un nom est « {found} »", "des lettres, des chiffres et _ seulement", "renommez-le ici et dans le code"),
    ),
    "twice": Row(
        ("the input {name} is declared twice", "each name once", "rename or remove one of them"),
        ("l'entrée {name} est déclarée deux fois", "chaque nom une seule fois", "renommez ou retirez l'une des deux"),
    ),
    "shape": Row(
        ("{key} is {found}, and is passed over", "{expected}", "write it in that shape"),
        ("{key} vaut {found} ; c'est ignoré", "{expected}", "écrivez-le sous cette forme"),
    ),
    "outside": Row(
        ("DEFAULT is {found}, outside MIN and MAX; {used} is taken", "{low} to {high}", "move one of the three"),
        ("DEFAULT vaut {found}, hors de MIN et MAX ; {used} est pris", "de {low} à {high}", "déplacez l'un des trois"),
    ),
    "sampling": Row(
        ("{key} is {found}, and is passed over", "one of {known}", "write one of them, or remove it"),
        ("{key} vaut {found} ; c'est ignoré", "au choix : {known}", "écrivez l'une d'elles, ou retirez-la"),
    ),
    "no import": Row(
        (
            'the picture "{found}" of {name} is not there, and is black',
            "a file in the shader's folder or below it",
            "put it there, or correct PATH",
        ),
        (
            "l'image « {found} » de {name} est introuvable : elle sera noire",
            "un fichier dans le dossier du shader ou plus bas",
            "placez-la là, ou corrigez PATH",
        ),
    ),
    "no text": Row(
        (
            'the file "{found}" is not there; {name} is black',
            "a file in the shader's folder or below it",
            "put it there, or correct the line",
        ),
        (
            "le fichier « {found} » est introuvable ; {name} sera noir",
            "un fichier dans le dossier du shader ou plus bas",
            "placez-le là, ou corrigez la ligne",
        ),
    ),
    "generator": Row(
        ('the generator {name} is of the kind "{found}", and stays at 0', "one of {known}", "choose one of them"),
        ("le générateur {name} est du genre « {found} » ; il reste à 0", "au choix : {known}", "choisissez-en un"),
    ),
    "no texture": Row(
        ("{key} is given to {name}, which is no texture", "an image or a target", "remove it"),
        ("la clé {key} est donnée à {name}, qui n'est pas une texture", "une image ou une cible", "retirez-la"),
    ),
    "key": Row(
        ('"{found}" is no key of ISF, and is passed over', "{known}", "{hint}"),
        ("« {found} » n'est pas une clé ISF ; elle est ignorée", "{known}", "{hint}"),
    ),
}
CHOOSE = Two("choose one of them", "choisissez-en un")
KEEP = Two("remove it, or keep it as a note", "retirez-la, ou gardez-la pour mémoire")


class Log(NamedTuple):
    """Where problems gather while one header is read."""

    file: str
    faults: list[Problem]
    warnings: list[Problem]

    def fault(self, row: str, line: int, **words: Any) -> None:
        self.faults.append(Problem(self.file, line, ROWS[row], words))

    def warn(self, row: str, line: int, **words: Any) -> None:
        self.warnings.append(Problem(self.file, line, ROWS[row], words))


def known(table: dict[str, Node], keys: Iterable[str], log: Log) -> None:
    """Warns of each key that ISF does not have."""
    for key, node in table.items():
        if key not in keys:
            log.warn("key", node.line, found=key, known=one_of(keys), hint=hint(key, keys, KEEP))


def items(table: dict[str, Node], key: str) -> list[Node]:
    """The array under `key`; none, null or another shape count as empty, as in every ISF host."""
    node = table.get(key)
    return node.value if node is not None and isinstance(node.value, list) else []


def items_plain(table: dict[str, Node], key: str) -> list[Any]:
    """The same without lines."""
    return [node.plain() for node in items(table, key)]


def text(table: dict[str, Node], key: str) -> str:
    """What stands under `key` as a text; "" for none, and for what is neither text nor number."""
    node = table.get(key)
    return str(node.value) if node is not None and isinstance(node.value, str | int | float) else ""


def flag(table: dict[str, Node], key: str) -> bool:
    """A flag as written in the wild: true, 1, "true", "YES"."""
    value = table[key].value if key in table else False
    if isinstance(value, str):
        return value.strip().lower() in ("true", "yes", "1")
    return isinstance(value, int | float) and value > 0


def sampling(table: dict[str, Node], log: Log) -> tuple[str, str]:
    """WRAP and FILTER of a texture."""
    found = {key: text(table, key).strip().lower() for key in SAMPLING}
    for key, allowed in SAMPLING.items():
        if found[key] and found[key] not in allowed:
            log.warn("sampling", table[key].line, key=key, found=repr(found[key]), known=", ".join(allowed))
            found[key] = ""
    return found["WRAP"], found["FILTER"]
