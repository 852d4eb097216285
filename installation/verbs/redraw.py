"""From a take to the rows that the stage draws: the take is played on its own clock, for one scene."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from hardware import take
from hardware.driver import Trouble
from installation.control.echo_take import shipped
from installation.control.replay import PERIOD, Played, Replay
from installation.score.problem import Fault, Problem, Row
from installation.score.scene import Scene
from installation.stage.again import Rows

TRIFLE = 1e-6
"""Seconds by which a scene's time may be off its run."""
SHORT, LONG = 0.001, 0.1
"""Seconds of a tick at least and at most, as the stage takes them."""

OTHER_SCENE = Row(
    en=("a take of the scene {found}", "{scene}", "what both have moves; the rest stays at its defaults"),
    fr=("une prise de la scène {found}", "{scene}", "ce que les deux ont bouge ; le reste garde ses valeurs"),
)
OTHER_VERSION = Row(
    en=(
        "a take of another version of {scene} ({found:.8})",
        "the version of now ({hash:.8})",
        "what both have moves; the rest stays at its defaults",
    ),
    fr=(
        "une prise d'une autre version de {scene} ({found:.8})",
        "la version actuelle ({hash:.8})",
        "ce que les deux ont bouge ; le reste garde ses valeurs",
    ),
)
CUT = Row(
    en=(
        "cut short after {seconds:.2f} s",
        "a take that was ended",
        "drawn to there; what was kept is whole",
    ),
    fr=(
        "coupée après {seconds:.2f} s",
        "une prise menée à sa fin",
        "dessinée jusque-là ; ce qui fut gardé est entier",
    ),
)
ENDED = Row(
    en=("a take of {seconds:.2f} s", "{wanted:g} s", "after its end nothing comes; values rest"),
    fr=("une prise de {seconds:.2f} s", "{wanted:g} s", "après sa fin rien ne vient ; les valeurs restent"),
)


def read(path: str) -> tuple[take.Head, take.Ticks]:
    """A take's head and ticks. Raises Fault when it is none."""
    try:
        return take.read(Path(path))
    except Trouble as trouble:
        raise Fault([Problem("", 0, Row(trouble.en, trouble.fr), {})]) from None


def rows(path: str, scene: Scene, seconds: float) -> tuple[Rows, list[Problem]]:
    """The first `seconds` of the take at `path`, as this scene's rows; what should be known of it.

    Raises Fault when it is no take.
    """
    head, ticks = read(path)
    replay = Replay(head, ticks, scene)
    found = _rows(replay, replay.play(seconds), head.started)
    ticks.close()
    notes = [_other(path, head, scene)]
    if replay.ended is not None and replay.ended < seconds - PERIOD:
        words = {"seconds": replay.ended, "wanted": seconds}
        notes.append(Problem(path, 0, CUT if ticks.cut else ENDED, words))
    return found, [note for note in notes if note is not None]


def echoed(scene: Scene, company: str, seconds: float) -> dict[str, str]:
    """What a state echoes of the other city at a time, out of the take that the scene ships, as texts of --set."""
    table = scene.company.get(company)
    names = {one.address: one for one in scene.parameters}
    own = {address: f"/scene/{address.removeprefix('/twin/*/')}" for address in (table.echoes if table else ())}
    keys = tuple((name, names[name].kind, names[name].width) for name in own.values() if names[name].kind != "event")
    rows = shipped(scene, keys) if keys else None
    if rows is None:
        return {}
    row = rows.values[max(0, int(np.searchsorted(rows.times, seconds % float(rows.times[-1]), "right")) - 1)]
    found, at = {}, 0
    for name, _, width in keys:
        numbers, at = row[at : at + width], at + width
        found[f"/twin/twin/{name.removeprefix('/scene/')}"] = ",".join(f"{number:g}" for number in numbers)
    return found


def _other(path: str, head: take.Head, scene: Scene) -> Problem | None:
    """What is to be told of a take of something else."""
    words = {"scene": scene.name, "hash": scene.digest}
    if head.hash == scene.digest or not (head.hash or head.scene):
        return None
    if head.scene and Path(head.scene).stem != Path(scene.name).stem:
        return Problem(path, 0, OTHER_SCENE, {**words, "found": head.scene})
    return Problem(path, 0, OTHER_VERSION, {**words, "found": head.hash}) if head.hash else None


def _rows(replay: Replay, played: Iterable[Played], started: float) -> Rows:
    """The ticks as arrays; those that say what the one before them said, and would go on saying, are left out."""
    kept: list[Played] = []
    periods: list[float] = []
    last: Played | None = None
    for one in played:
        period = (one.time - last.time) if last is not None else PERIOD
        last = one
        if kept and _same(kept[-1], one):
            continue
        kept.append(one)
        periods.append(min(max(period, SHORT), LONG))
    values = [one.values for one in kept]
    return Rows(
        times=np.array([one.time for one in kept]),
        periods=np.array(periods),
        columns=np.array([one.columns for one in values]),
        slopes=np.array([one.slopes for one in values]),
        scene_times=np.array([one.words.get("time", at.scene_time) for one, at in zip(values, kept, strict=True)]),
        rates=np.array([0.0 if "time" in one.words else one.rate for one in values]),
        solos=tuple(str(one.words.get("solo", "")) for one in values),
        peers=replay.peers,
        date=started,
        texts=tuple(one.words.get("texts", (0, b""))[1] for one in values),
    )


def _same(before: Played, now: Played) -> bool:
    """Whether the tick before, run on, is this one."""
    a, b = before.values, now.values
    alike = a.words == b.words and (a.rate, a.start) == (b.rate, b.start)
    meant = before.scene_time + (now.time - before.time) * a.rate
    alike &= "time" in a.words or abs(meant - now.scene_time) < TRIFLE
    still = not a.slopes.any() and not b.slopes.any()
    return alike and still and bool((a.columns == b.columns).all())
