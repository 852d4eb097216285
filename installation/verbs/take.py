"""`record` and `replay`: a running site's inputs kept, and played again."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from installation.clock import RealClock
from installation.score.problem import TOLD, Say
from installation.speech import Misuse, seconds, show_json, tell, until_told
from installation.verbs.picture import writable
from installation.verbs.redraw import read
from installation.verbs.site import SILENT, ask, meant, run

RECORDING = Say("recording {name} into {out}; Ctrl-C ends it", "enregistrement de {name} dans {out} ; Ctrl-C l'arrête")
ENDED = Say("{out}: {ticks} ticks, {seconds:.1f} s", "{out} : {ticks} ticks, {seconds:.1f} s")
BROKE_OFF = Say("{name} went away; the take ends there: {out}", "{name} n'est plus là ; la prise s'arrête là : {out}")
AGAIN, PATIENCE = 0.5, 5.0
"""Seconds between two looks at how it goes, and for which the end is waited for."""
RIG = """[site]
name = "replay"
city = "Replay"
[show]
scene = {scene}
[device.take]
driver = "take"
file = {file}
loop = {loop}
[window.main]
size = [1280, 720]
title = {title}
"""


def record(given: argparse.Namespace) -> int:
    """Has a running site write its take until it is told to stop, its time is over or its disk fails."""
    seconds("--seconds", given.seconds)
    name, out = meant(given), Path(given.out).absolute()
    writable(out, grows=True)
    asked(given, name, out=str(out))
    tell(RECORDING.told(given.lang, name=name, out=given.out))
    ended, clock = threading.Event(), RealClock()
    until_told(ended.set)
    begun = clock.now()
    last = begun + given.seconds if given.seconds else float("inf")
    while not ended.wait(max(0.0, min(AGAIN, last - clock.now()))) and clock.now() < last:
        if (found := ask(name, "record")) is None:
            break
        told(given, found)
        if found["record"]["state"] != "recording":
            break
    length = clock.now() - begun
    found = closed(given, name)
    if found is None:
        tell(BROKE_OFF.told(given.lang, name=name, out=given.out))
        return 1
    if given.json:
        show_json({"take": str(out), "ticks": found["ticks"], "seconds": round(length, 3), "site": name})
    else:
        print(ENDED.told(given.lang, out=given.out, ticks=found["ticks"], seconds=length))
    return 0


def closed(given: argparse.Namespace, name: str) -> dict[str, Any] | None:
    """Ends the take and waits until it is on the disk; None when the site does not answer."""
    clock = RealClock()
    late = clock.now() + PATIENCE
    found = ask(name, "record", end=True)
    while found is not None and told(given, found)["record"]["state"] != "ended" and clock.now() < late:
        clock.sleep(0.02)
        found = ask(name, "record")
    return found["record"] if found else None


def asked(given: argparse.Namespace, name: str, **body: Any) -> dict[str, Any]:
    """The site's answer. Raises Misuse when it is silent; a problem it tells ends in 1."""
    found = ask(name, "record", **body)
    if found is None:
        from installation import home

        raise Misuse(SILENT, name=name, folder=home.doors(name).folder)
    return told(given, found)


def told(given: argparse.Namespace, found: dict[str, Any]) -> dict[str, Any]:
    """The answer, unless it is a problem: then it is told, and the verb ends in 1."""
    if "problem" in found:
        tell(TOLD[given.lang](**found["problem"][given.lang]))
        raise SystemExit(1)
    return found


def replay(given: argparse.Namespace) -> int:
    """A site of its own whose one device is the take: what came from devices and windows comes again."""
    first, ticks = read(given.take)
    ticks.close()
    with tempfile.TemporaryDirectory() as folder:
        rig = Path(folder) / "replay.toml"
        words = {"scene": given.scene or first.scene, "file": os.path.abspath(given.take), "title": given.take}
        filled = {key: json.dumps(word, ensure_ascii=False) for key, word in words.items()}
        rig.write_text(RIG.format(loop="true" if given.loop else "false", **filled), encoding="utf-8")
        given.rig, given.show = str(rig), None
        return run(given)
