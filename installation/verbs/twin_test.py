"""`twin-test`: a scene's sharing through partition, loss and restart; says *converges*, or what is lost.

First minutes of it on a held clock, in this process; then a short real run, processes and CURVE over the same ocean.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from installation import library, speech
from installation.control.values import keys
from installation.library import Library
from installation.score.ocean import Ocean
from installation.score.parameter import Parameter
from installation.score.problem import Problem, Row, Say
from installation.score.scene import Scene
from installation.speech import Misuse, show_json
from installation.twin.rehearsal import LONGEST, Rehearsal, Told
from installation.verbs import shores
from installation.verbs.demo import known_ocean

HELD = 0.4
"""The part of the time that goes to the held clock; the rest is the real run's, which takes what it needs."""
SITES = (2, len(shores.NAMES))

HOW_MANY = Say("--sites takes {low} to {high}, not {found}", "--sites prend de {low} à {high}, pas {found}")
UNLIKE = Row(
    en=(
        "{name} is {here} here, and {there} in {file}:{line}",
        "one kind, width and rule in every city",
        "give all cities the same version of the scene",
    ),
    fr=(
        "{name} est {here} ici, et {there} dans {file}:{line}",
        "un seul genre, une seule largeur, une seule règle dans toutes les villes",
        "donnez à toutes la même version de la scène",
    ),
)
NEVER = Row(
    en=("{name} does not converge", "the same in every city {longest:g} s after the line's return", "{hint}"),
    fr=("{name} ne converge pas", "la même valeur partout {longest:g} s après le retour de la ligne", "{hint}"),
)
RISES = Row(
    en=("{name}: of {given} rises {lost} were lost and {doubled} doubled", "each seen once in every city", "{hint}"),
    fr=("{name} : sur {given} coups, {lost} perdus et {doubled} doublés", "chacun vu une fois partout", "{hint}"),
)
LETTERS = Row(
    en=("the journal lost {lost} of {written} entries and doubled {doubled}", "each applied once everywhere", "{hint}"),
    fr=("journal : {lost} entrées perdues sur {written}, {doubled} doublées", "chacune appliquée une fois", "{hint}"),
)
NOT_LINKED = Row(
    en=("the cities did not find each other over this ocean", "a link within {longest:g} s", "{hint}"),
    fr=("les villes ne se sont pas trouvées par cet océan", "un lien en {longest:g} s", "{hint}"),
)
OURS = "a defect of Jumelage: send us the seed, {seed}"
OURS_FR = "un défaut de Jumelage : envoyez-nous la graine, {seed}"

HEAD = Say(
    "{title} · {sites} cities · {ocean}\n"
    "{seconds:.0f} s on a held clock: {cuts} cuts, {restarts} restarts, of {frames} frames {lost} lost, "
    "{doubled} doubled, {late} overtaken",
    "{title} · {sites} villes · {ocean}\n"
    "{seconds:.0f} s d'horloge tenue : {cuts} coupures, {restarts} redémarrages ; sur {frames} trames, {lost} perdues, "
    "{doubled} doublées, {late} dépassées",
)
COLUMNS = (
    Say("parameter", "paramètre"),
    Say("share", "partage"),
    Say("agrees after", "accord après"),
    Say("rises", "coups"),
)
AFTER = Say("{agreed:.2f} s", "{agreed:.2f} s")
NOT_YET = Say("never", "jamais")
COUNTED = Say("{given}, {lost} lost, {doubled} doubled", "{given}, {lost} perdus, {doubled} doublés")
HOME = Say("stays at home: {names}", "reste à la maison : {names}")
APART = Say("only in some cities: {names}", "dans certaines villes seulement : {names}")
FALLS = Say("falls back when not renewed: {names}", "retombe faute d'être renouvelé : {names}")
JOURNAL = Say(
    "journal: {written} entries, {lost} lost, {doubled} doubled",
    "journal : {written} entrées, {lost} perdues, {doubled} doublées",
)
LINE = Say(
    "real run: {sites} processes, CURVE, {hole:g} s without a line; all agree {agreed:.2f} s after its return",
    "pour de vrai : {sites} processus, CURVE, {hole:g} s sans ligne ; accord {agreed:.2f} s après son retour",
)
CONVERGES = Say("converges", "converge")
DOES_NOT = Say("does not converge", "ne converge pas")
NOTHING = Say("shares nothing: each city plays for itself", "ne partage rien : chaque ville joue pour elle-même")


def twin_test(given: argparse.Namespace) -> int:
    """Rehearses; 0 when it converges, 1 when something does not."""
    if not SITES[0] <= given.sites <= SITES[1]:
        raise Misuse(HOW_MANY, low=SITES[0], high=SITES[1], found=given.sites)
    seconds = speech.seconds("--seconds", given.seconds, 3600.0) or 5.0
    lib = library.library(given.project)
    ocean = known_ocean(lib, given.ocean)
    names = list(shores.NAMES[: given.sites])
    as_named = dict.fromkeys(names, given.scene)
    if given.against:
        as_named[names[-1]] = given.against
    scenes = {name: lib.scene(scene) for name, scene in as_named.items()}
    first = scenes[names[0]]
    if not first.shared:
        return _nothing(given, first)
    with tempfile.TemporaryDirectory(prefix="jumelage-twin-") as folder:
        told = _held(lib, scenes, ocean, Path(folder), given.seed, seconds * HELD)
        shown = shores.real(lib, names, scenes, as_named, ocean, Path(folder), given.project or "")
    report = _Report(given, scenes, ocean, told, shown)
    if given.json:
        show_json(report.json())
    else:
        report.print(given.lang)
    return 1 if report.problems else 0


def _nothing(given: argparse.Namespace, scene: Scene) -> int:
    if given.json:
        show_json({"scene": scene.name, "parameters": [], "problems": [], "converges": True})
    else:
        print(NOTHING.told(given.lang))
    return 0


def _held(lib: Library, scenes: dict[str, Scene], ocean: Ocean, folder: Path, seed: int, seconds: float) -> Told:
    """Cycles on the held clock for so many real seconds, one at least."""
    (folder / "journals").mkdir()
    rehearsal = Rehearsal(
        {name: keys(scene, {}) for name, scene in scenes.items()}, ocean, lib.ocean, seed, folder / "journals"
    )
    ends = time.monotonic() + seconds
    try:
        rehearsal.cycle()
        while time.monotonic() < ends:
            rehearsal.cycle()
    finally:
        rehearsal.close()
    return rehearsal.told()


class _Report:
    """What was found, as problems, as JSON and on the terminal."""

    def __init__(
        self, given: argparse.Namespace, scenes: dict[str, Scene], ocean: Ocean, told: Told, shown: shores.Shown
    ) -> None:
        self.scenes, self.ocean, self.told, self.shown, self.seed = scenes, ocean, told, shown, given.seed
        self.scene, self.last = next(iter(scenes.values())), list(scenes.values())[-1]
        self.shared = [p for p in self.scene.parameters if p.share]
        self.there = {p.address: p for p in self.last.parameters}
        self.problems = [*self._unlike(), *self._lost(), *self._real()]

    def _problem(self, parameter: Parameter | None, row: Row, **words: Any) -> Problem:
        from installation.score.problem import Two

        fill = {"hint": Two(OURS.format(seed=self.seed), OURS_FR.format(seed=self.seed)), **words}
        file, line = (parameter.file, parameter.line) if parameter else ("", 0)
        return Problem(file, line, row, fill)

    def _unlike(self) -> list[Problem]:
        """What the cities declare differently cannot cross."""
        found = []
        for one in self.shared:
            other = self.there.get(one.address)
            if other is not None and _kind(one) != _kind(other):
                words = {"here": _kind(one), "there": _kind(other), "file": other.file, "line": other.line}
                found.append(self._problem(one, UNLIKE, name=one.name, **words))
        return found

    def _lost(self) -> list[Problem]:
        by_address, found = {p.address: p for p in self.shared}, []
        for address, fate in self.told.fates.items():
            one, name = by_address.get(address), address.removeprefix("/scene/")
            if fate.agreed is None:
                found.append(self._problem(one, NEVER, name=name, longest=LONGEST))
            if fate.lost or fate.doubled:
                words = {"given": fate.given, "lost": fate.lost, "doubled": fate.doubled}
                found.append(self._problem(one, RISES, name=name, **words))
        written, lost, doubled = self.told.journal
        if lost or doubled:
            found.append(self._problem(None, LETTERS, written=written, lost=lost, doubled=doubled))
        return found

    def _real(self) -> list[Problem]:
        if not self.shown.linked:
            return [self._problem(None, NOT_LINKED, longest=shores.START)]
        by_address = {p.address: p for p in self.shared}
        return [
            self._problem(by_address.get(address), NEVER, name=address.removeprefix("/scene/"), longest=shores.LONGEST)
            for address in self.shown.apart
        ]

    def _names(self, parameters: list[Parameter]) -> str:
        return ", ".join(p.address.removeprefix("/scene/") for p in parameters)

    @property
    def home(self) -> list[Parameter]:
        return [p for p in self.scene.parameters if not p.share]

    @property
    def partial(self) -> list[Parameter]:
        """Shared here, and not there at all."""
        return [p for p in self.shared if p.address not in self.there]

    @property
    def falls(self) -> dict[str, float]:
        """What is let go when it is not renewed, and after how many seconds."""
        found = {p.address: float(getattr(p, "ttl", 0.0) or 0.0) for p in self.shared}
        return {address: seconds for address, seconds in found.items() if seconds}

    def json(self) -> dict[str, Any]:
        """Everything, for a program."""
        rows = []
        for one in self.shared:
            fate = self.told.fates.get(one.address)
            row = {"address": one.address, "share": one.share, "kind": one.kind, "file": one.file, "line": one.line}
            rows.append(row | (fate._asdict() if fate else {"agreed": None}))
        written, lost, doubled = self.told.journal
        return {
            "scene": self.scene.name, "ocean": self.ocean.name, "sites": list(self.scenes), "seed": self.seed,
            "held": {"cycles": self.told.cycles, "seconds": round(self.told.seconds, 1), **self.told.counted},
            "parameters": rows, "home": [p.address for p in self.home], "ttl": self.falls,
            "journal": {"written": written, "lost": lost, "doubled": doubled},
            "real": self.shown._asdict(),
            "problems": [problem.told()._asdict() for problem in self.problems], "converges": not self.problems,
        }  # fmt: skip

    def print(self, spoken: str) -> None:
        """For a person; the problems one a line, the verdict last."""
        from rich.console import Console

        out = Console(highlight=False, soft_wrap=True)
        words = {"title": self.scene.title.get(spoken, self.scene.name), "sites": len(self.scenes)}
        words |= {"ocean": self.ocean.title.get(spoken, self.ocean.name), "seconds": self.told.seconds}
        head, _, detail = HEAD.told(spoken, **words, **self.told.counted).partition("\n")
        out.print(head, style="bold")
        out.print(detail, style="dim")
        out.print(self._table(spoken))
        for line in self._lines(spoken):
            out.print(line, style="dim")
        for problem in self.problems:
            print(problem.told(spoken), flush=True)
        if self.problems:
            out.print(f"✗ {DOES_NOT.told(spoken)}", style="bold red")
        else:
            out.print(f"✓ {CONVERGES.told(spoken)}", style="bold green")

    def _table(self, spoken: str) -> Any:
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for said in COLUMNS:
            table.add_column(said.told(spoken))
        for one in self.shared:
            fate = self.told.fates.get(one.address)
            agreed = fate.agreed if fate else None
            after = NOT_YET.told(spoken) if agreed is None else AFTER.told(spoken, agreed=agreed)
            rises = COUNTED.told(spoken, **fate._asdict()) if fate and one.kind == "event" else ""
            name = one.address.removeprefix("/scene/")
            quiet = rises or one.address in self.falls
            table.add_row(name, one.share, "" if quiet else after, rises, style="red" if agreed is None else "")
        return table

    def _lines(self, spoken: str) -> list[str]:
        written, lost, doubled = self.told.journal
        found = [JOURNAL.told(spoken, written=written, lost=lost, doubled=doubled)]
        if self.shown.agreed is not None:
            words = {"sites": len(self.scenes), "hole": shores.HOLE, "agreed": self.shown.agreed}
            found.append(LINE.told(spoken, **words))
        if self.falls:
            names = ", ".join(f"{a.removeprefix('/scene/')} {s:g} s" for a, s in self.falls.items())
            found.append(FALLS.told(spoken, names=names))
        if self.partial:
            found.append(APART.told(spoken, names=self._names(self.partial)))
        if self.home:
            found.append(HOME.told(spoken, names=self._names(self.home)))
        return found


def _kind(parameter: Parameter) -> str:
    return f"{parameter.kind} ({parameter.share or 'each alone'})"
