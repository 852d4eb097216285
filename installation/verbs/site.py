"""Verbs that start a site or speak to one that runs."""

from __future__ import annotations

import argparse
import math
import threading
from typing import Any

import zmq

import hardware
from installation import assembly, home, library
from installation.control import line
from installation.feed import Desk
from installation.score.fitting import drivers_fit
from installation.score.problem import TOLD, Fault, Say
from installation.score.rig import Rig
from installation.speech import Misuse, seconds, show_json, size, tell, until_told

NONE_RUNS = Say(
    "no site runs on this machine; `jumelage run RIG` or `jumelage demo` starts one",
    "aucun site ne tourne ici ; `jumelage run RÉGIE` ou `jumelage demo` en lance un",
)
WHICH = Say(
    "several sites run here: {names}; say which with --site",
    "plusieurs sites tournent ici : {names} ; précisez lequel avec --site",
)
NOT_RUNNING = Say(
    'no site "{name}" runs here; those that do: {names}',
    "aucun site « {name} » ne tourne ici ; ceux qui tournent : {names}",
)
SILENT = Say(
    "{name} does not answer; its control may be restarting: `jumelage status` in a moment, then its log in {folder}",
    "{name} ne répond pas ; il redémarre peut-être : refaites `jumelage status`, ou voyez son journal dans {folder}",
)
RUNS_ALREADY = Say(
    "{name} already runs on this machine (process {pid}); end that one first",
    "{name} tourne déjà sur cette machine (processus {pid}) ; arrêtez-le d'abord",
)
STARTED = Say("{city}: running; Ctrl-C ends it", "{city} : en marche ; Ctrl-C l'arrête")
STARTED_WITHOUT = Say(
    "{city}: running without a window; Ctrl-C ends it", "{city} : en marche sans fenêtre ; Ctrl-C l'arrête"
)
HELD = Say(
    "{address} is held; this comes through when it is released (`set {address} --release`)",
    "{address} est tenu ; la valeur prendra effet au relâchement (`set {address} --release`)",
)
STOPPED = Say("stopped at {time:g} s", "arrêté à {time:g} s")
PLAYS = Say("plays, at {time:g} s", "en marche, à {time:g} s")
NO_INSTANT = Say(
    '"{found}" is neither pause nor play nor a number of seconds from 0 to 86400',
    "« {found} » n'est ni pause, ni play, ni un nombre de secondes de 0 à 86400",
)
ALL_LAYERS = Say("all layers", "toutes les couches")
BEYOND = Say("{address} goes from {low:g} to {high:g}", "{address} va de {low:g} à {high:g}")


def checked(lib: library.Library, name: str) -> Rig:
    """A rig whose drivers know all its options. Raises Fault with every problem."""
    from installation.control.devices import drivers

    rig = lib.rig(name)
    problems = drivers_fit(rig, "device", drivers(hardware.DRIVERS))
    problems += drivers_fit(rig, "output", drivers(hardware.OUTPUTS))
    if problems:
        raise Fault(problems)
    return rig


def run(given: argparse.Namespace) -> int:
    """Runs one site until its time is over or it is told to stop."""
    seconds("--seconds", given.seconds)
    lib = library.library(given.project)
    rig = checked(lib, given.rig)
    if given.scene or rig.scene:
        lib.scene(given.scene or rig.scene)
    if given.show or rig.show:
        lib.show(given.show or rig.show)
    line.known(rig, home.keys_folder())
    running = home.running().get(rig.name)
    if running:
        raise Misuse(RUNS_ALREADY, name=rig.name, pid=running["pid"])
    headless = given.headless or not assembly.has_display()
    plan = assembly.Plan(
        rig,
        scene=given.scene or "",
        show=given.show or "",
        project=given.project or "",
        headless=headless,
        size=size(given.size, rig.windows[0].size) if given.size else None,
    )
    site = assembly.Running([plan], log=lambda notice: tell(notice.told(given.lang)))
    site.start()
    tell((STARTED_WITHOUT if headless else STARTED).told(given.lang, city=rig.city))
    try:
        wait(given.seconds)
        final = summary(rig.name, site.restarts(plan)) if given.json else None
    finally:
        site.stop()
    if final is not None:
        show_json(final)
    return 0


def wait(longest: float | None) -> bool:
    """Waits for the end: Ctrl-C, SIGTERM, or `longest` seconds. True when it was the time."""
    ended = threading.Event()
    until_told(ended.set)
    return not ended.wait(longest)


def summary(name: str, restarts: int) -> dict[str, Any]:
    """What `run` says at its end: the last status, less what only matters while it runs."""
    found = ask(name, "status")
    if found is None:
        return {"sites": {name: {"restarts": restarts}}, "link": {}}
    found["sites"][name]["restarts"] = restarts
    return {key: found[key] for key in ("sites", "link", "diverged", "journal", "company", "scene") if key in found}


def ask(name: str, do: str, **body: Any) -> dict[str, Any] | None:
    """One request to a running site's desk; None when it does not answer."""
    said = home.running().get(name)
    if said is None:
        return None
    context = zmq.Context()
    desk = Desk(context, said["desk"])
    try:
        return desk.ask(do, **body)
    except TimeoutError:
        return None
    finally:
        desk.close()
        context.term()


def meant(given: argparse.Namespace) -> str:
    """The site that is spoken to. Raises Misuse when none runs, or several and none was named."""
    running = home.running()
    if not running:
        raise Misuse(NONE_RUNS)
    names = ", ".join(running)
    if given.site:
        name = given.site if given.site in running else _by_rig(given, running)
        if not name:
            raise Misuse(NOT_RUNNING, name=given.site, names=names)
        return name
    if len(running) > 1:
        raise Misuse(WHICH, names=names)
    return next(iter(running))


def _by_rig(given: argparse.Namespace, running: dict[str, Any]) -> str:
    """The running site whose rig `--site` names by its file, "" when there is none."""
    try:
        name = library.library(given.project).rig(given.site).name
    except Fault:
        return ""
    return name if name in running else ""


def request(given: argparse.Namespace, do: str, **body: Any) -> dict[str, Any]:
    """The answer of the site that is meant. Raises Misuse when it is silent; a problem it tells ends in 1."""
    name = meant(given)
    found = ask(name, do, **body)
    if found is None:
        raise Misuse(SILENT, name=name, folder=home.doors(name).folder)
    if "problem" in found:
        tell(TOLD[given.lang](**found["problem"][given.lang]))
        raise SystemExit(1)
    return found


def said(given: argparse.Namespace, found: dict[str, Any], plain: str) -> int:
    """Prints an answer: as JSON, or as one line."""
    if given.json:
        show_json(found)
    else:
        print(plain)
    return 0


def set_value(given: argparse.Namespace) -> int:
    """A hand on a parameter."""
    if given.release:
        found = request(given, "release", address=given.address)
        return said(given, found, found["address"])
    value = [_value(word) for text in given.value for word in text.split(",")]
    found = request(given, "set", address=given.address, value=value, words=given.value, hold=given.hold)
    if found.get("held"):
        tell(HELD.told(given.lang, address=found["address"]))
    if "range" in found:
        tell(BEYOND.told(given.lang, address=found["address"], low=found["range"][0], high=found["range"][1]))
    return said(given, found, f"{found['address']} {shown(found['value'])}")


def _value(word: str) -> Any:
    known = {"true": 1, "on": 1, "vrai": 1, "false": 0, "off": 0, "faux": 0}
    if word.lower() in known:
        return known[word.lower()]
    try:
        number = float(word)
    except ValueError:
        return word
    return number if math.isfinite(number) else word


def shown(value: Any) -> str:
    """A value as a person reads it: its numbers, a space between."""
    return " ".join(
        f"{n:g}" if isinstance(n, (int, float)) else str(n) for n in (value if isinstance(value, list) else [value])
    )


def get_value(given: argparse.Namespace) -> int:
    """A value as it is now."""
    found = request(given, "get", address=given.address)
    return said(given, found, shown(found["value"]))


def go(given: argparse.Namespace) -> int:
    """A cue."""
    found = request(given, "go", cue=given.cue, on=given.on)
    return said(given, found, f"{found['cue']} · {found['when'][given.lang]}")


def _override(given: argparse.Namespace, name: str) -> int:
    state = None if given.state is None else given.state == "on"
    found = request(given, name, state=state)
    return said(given, found, f"{name} {'on' if found[name] else 'off'}")


def veil(given: argparse.Namespace) -> int:
    """The steward's veil."""
    return _override(given, "veil")


def blackout(given: argparse.Namespace) -> int:
    """Black."""
    return _override(given, "blackout")


def pattern(given: argparse.Namespace) -> int:
    """The test pattern."""
    return _override(given, "pattern")


def time(given: argparse.Namespace) -> int:
    """Stops the scene's time, moves it, lets it go on; says where it is."""
    body: dict[str, Any] = {}
    if given.to in ("pause", "play"):
        body = {"pause": given.to == "pause"}
    elif given.to is not None:
        body = {"to": _instant(given.to)}
    found = request(given, "time", **body)
    return said(given, found, (STOPPED if found["paused"] else PLAYS).told(given.lang, time=found["time"]))


def _instant(text: str) -> float:
    """A place in time, in seconds. Raises Misuse."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0.0 <= found <= 86400.0:
        raise Misuse(NO_INSTANT, found=text)
    return found


def solo(given: argparse.Namespace) -> int:
    """One layer alone."""
    found = request(given, "solo", layer="" if given.layer == "off" else given.layer)
    return said(given, found, found["solo"] or ALL_LAYERS.told(given.lang))


def reset(given: argparse.Namespace) -> int:
    """Defaults again."""
    found = request(given, "reset", names=given.names)
    for address in found["held"]:
        tell(HELD.told(given.lang, address=address))
    return said(given, found, "\n".join(found["reset"]))


def status(given: argparse.Namespace) -> int:
    """How a site fares."""
    found = request(given, "status")
    if given.json:
        show_json(found)
        return 0
    from rich.console import Console

    from installation.verbs.panel import site_panel

    Console().print(site_panel(found, given.lang))
    return 0
