"""What a configuration does that its notice must not hide: each with its file and line, and what to do about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

import hardware
from hardware import driver
from installation.control.letters import WRITE
from installation.privacy.flows import Configuration, crossings, end, patched, senses, writes_letters
from installation.privacy.places import reach
from installation.score.code import Text
from installation.score.company import EXACT
from installation.score.problem import Problem, Row
from installation.score.scene import Scene
from installation.score.text import TEXT

FAULT, WARNING = "fault", "warning"
STRINGS = ("str", "format", "join", "repr")

OPEN_DOOR = Row(
    (
        "[device.{name}] hears every network that reaches this machine ({host}:{port}), and anybody may move the work",
        "this machine alone, or one address of the house's own network",
        'write `host = "192.168.…"`, this machine\'s address there; without `host` it hears this machine alone',
    ),
    (
        "[device.{name}] entend tous les réseaux qui atteignent cette machine ({host}:{port}) : chacun peut agir",
        "cette machine seule, ou une adresse du réseau de la maison",
        "écrivez `host = \"192.168.…\"`, l'adresse de cette machine ; sans `host`, elle n'entend qu'elle-même",
    ),
)
OUT_IN_THE_CLEAR = Row(
    (
        "[output.{name}] sends values to {host} in the clear",
        "a device of the house's own network",
        "send to an address of the house; what goes further is the twin's line, which is encrypted",
    ),
    (
        "[output.{name}] envoie des valeurs en clair vers {host}",
        "un appareil du réseau de la maison",
        "envoyez à une adresse de la maison ; au-delà, c'est la ligne du jumeau, chiffrée",
    ),
)
UNREAD_LETTERS = Row(
    (
        '[letters] has `moderation = "{found}"`: a letter is shown before anybody here has read it',
        "a steward's word first",
        'write `moderation = "before"`, or tell the visitors',
    ),
    (
        '[letters] a `moderation = "{found}"` : une lettre est montrée avant que quiconque l\'ait lue ici',
        "l'accord d'un responsable d'abord",
        'écrivez `moderation = "before"`, ou dites-le aux visiteurs',
    ),
)
EXACT_COUNT = Row(
    (
        "the patch takes the count {source} exactly across the sea, as {name}",
        "a count that is coarse before it leaves: /presence",
        'lead it to "/presence", end its `in` at {most}, or take `share` from {name}',
    ),
    (
        "le patch fait passer la mer au compte exact {source}, par {name}",
        "un compte arrondi avant de sortir : /presence",
        "menez-le à « /presence », arrêtez `in` à {most}, ou retirez `share` de {name}",
    ),
)
TELLS_WORDS = Row(
    (
        "the scene tells words to {address}",
        "numbers: what a scene tells is an event like any other, and may be shared, sent and recorded",
        "tell a number, or write the words in a text layer",
    ),
    (
        "la scène dit des mots à {address}",
        "des nombres : ce qu'une scène dit peut être partagé, envoyé, enregistré",
        "dites un nombre, ou mettez les mots dans une couche de texte",
    ),
)
SHARED_WORDS = Row(
    (
        "the words of {name} cross the sea as they are set, and nobody reads them first",
        "letters, where visitors write",
        "let only the house set them; or take `share` from {name}",
    ),
    (
        "les mots de {name} passent la mer tels quels, sans que personne les lise d'abord",
        "des lettres, si des visiteurs écrivent",
        "que la maison seule les écrive ; ou retirez `share` de {name}",
    ),
)
NOBODY_TO_ASK = Row(
    (
        "the notice names nobody whom visitors may ask",
        "`contact` in [site]: a name, a telephone, an address",
        'write `contact = "…"`',
    ),
    (
        "l'avis ne nomme personne à qui s'adresser",
        "`contact` dans [site] : un nom, un téléphone, une adresse",
        'écrivez `contact = "…"`',
    ),
)


class Finding(NamedTuple):
    """One thing found: FAULT where the notice alone would hide it, WARNING where it is told but may be better."""

    name: str
    state: str
    problem: Problem

    def told(self, spoken: str) -> dict[str, object]:
        """As `doctor` tells it, with the place."""
        said = self.problem.told(spoken)
        return {
            "name": self.name, "state": self.state, "detail": said.found, "action": said.remedy,
            "file": said.file, "line": said.line, "expected": said.expected,
        }  # fmt: skip


def findings(found: Configuration) -> list[Finding]:
    """All of them, the rig's before the scenes'; each once."""
    made = [*_doors(found), *_outputs(found), *_letters(found), *_counts(found), *_words(found), *_contact(found)]
    made += [one for scene in found.scenes for one in _told_words(scene)]
    return list({str(one.problem.told()): one for one in made}.values())


def _doors(found: Configuration) -> Iterator[Finding]:
    for one in senses(found.rig):
        cls = hardware.load(hardware.DRIVERS[one.device.driver])
        if not driver.door(cls):
            continue
        _, host, port = end(one.device, cls)
        if reach(host) not in ("machine", "network"):
            path = ("device", one.device.name, "host")
            words = {"name": one.device.name, "host": host, "port": port}
            yield Finding("doors", FAULT, found.rig.sheet.problem(path, OPEN_DOOR, **words))


def _outputs(found: Configuration) -> Iterator[Finding]:
    for one in found.rig.outputs:
        cls = hardware.load(hardware.OUTPUTS[one.driver])
        far = reach(end(one, cls)[1]) if driver.door(cls) else "machine"
        if far in ("world", "name"):
            path = ("output", one.name, "host")
            words = {"name": one.name, "host": end(one, cls)[1]}
            state = FAULT if far == "world" else WARNING
            yield Finding("outputs", state, found.rig.sheet.problem(path, OUT_IN_THE_CLEAR, **words))


def _letters(found: Configuration) -> Iterator[Finding]:
    way = found.rig.letters.moderation
    if writes_letters(found) and way != "before":
        problem = found.rig.sheet.problem(("letters", "moderation"), UNREAD_LETTERS, found=way)
        yield Finding("letters", FAULT, problem)


def _counts(found: Configuration) -> Iterator[Finding]:
    """Patches of a count to what is shared, unless they end where `/presence` is no longer exact."""
    for scene in found.scenes:
        shared = {one.address for one in scene.parameters if one.share}
        own = len(scene.patches)
        for number, patch in enumerate(patched(found.rig, scene)):
            coarse = patch.ranged and max(patch.low, patch.high) <= EXACT
            if patch.target in shared and patch.source.endswith("/count") and not coarse:
                file = scene.files[0] if number < own and scene.files else found.rig.file
                words = {"source": patch.source, "most": EXACT, "name": patch.target.removeprefix("/scene/")}
                yield Finding("counts", FAULT, Problem(file, patch.line, EXACT_COUNT, words))


def _words(found: Configuration) -> Iterator[Finding]:
    for one in crossings(found):
        parameter = one.parameter
        if parameter.kind == TEXT:
            problem = Problem(parameter.file, parameter.line, SHARED_WORDS, {"name": parameter.name})
            yield Finding("words", WARNING, problem)


def _contact(found: Configuration) -> Iterator[Finding]:
    if not found.rig.contact:
        yield Finding("contact", WARNING, found.rig.sheet.problem(("site",), NOBODY_TO_ASK))


def _told_words(scene: Scene) -> Iterator[Finding]:
    """The lines of a Python scene, and of those within it, that tell words."""
    code = scene.code
    for text in (code.main, *code.beside.values()) if code else ():
        for line, address in told_words(text):
            yield Finding("scenes", FAULT, Problem(text.file, line, TELLS_WORDS, {"address": address}))
    for layer in scene.layers:
        if layer.scene:
            yield from _told_words(layer.scene)


def told_words(text: Text) -> Iterator[tuple[int, str]]:
    """The line and address of each `tell(…)` whose value is plainly a text, or that writes a letter."""
    for node in ast.walk(ast.parse(text.text)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "tell" and node.args:
            where = node.args[0]
            address = str(where.value) if isinstance(where, ast.Constant) else ast.unparse(where)
            given = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "value")]
            if address in WRITE or any(_is_text(part) for one in given for part in ast.walk(one)):
                yield node.lineno, address


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return True
    called = node.func if isinstance(node, ast.Call) else None
    return (getattr(called, "attr", "") or getattr(called, "id", "")) in STRINGS
