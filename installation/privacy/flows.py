"""Every flow of one configuration: what is sensed, what crosses the sea, what goes out, what never does.

It is read from the rig, the scenes, the show and the drivers themselves; nothing is declared here a second time.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import hardware
import hardware.osc_pattern
from hardware import driver
from installation.control.letters import HANDS, WRITE
from installation.control.values import keys
from installation.privacy import words
from installation.score.company import STEPS
from installation.score.fitting import house_lines
from installation.score.layout import PRESENCE, TEMPO
from installation.score.parameter import Parameter
from installation.score.patch import Patch
from installation.score.problem import Say
from installation.score.rig import Device, Peer, Rig
from installation.score.scene import Scene
from installation.score.show import Show
from installation.score.text import TEXT
from installation.twin.budget import LEAST, USUAL
from installation.twin.half import STEPS as RANGE_STEPS
from installation.twin.half import carried_as
from installation.twin.keys import fingerprint
from installation.twin.sending import RATE
from installation.twin.wire import BYTE, COUNT, FLOAT32, RANGE16

CARRIED = {RANGE16: words.IN_STEPS, BYTE: words.WHOLE, FLOAT32: words.FLOAT, COUNT: words.RISES}


class Sense(NamedTuple):
    """One input: its device, where its events go, and what it senses of people, None for nobody."""

    device: Device
    address: str
    senses: Say | None


class Crossing(NamedTuple):
    """One parameter that leaves the house: of which scenes, and which devices move it."""

    parameter: Parameter
    scenes: tuple[str, ...]
    moved_by: tuple[str, ...]


class Configuration(NamedTuple):
    """What is told of: a rig, the scenes that it may play, its show, and the peers' keys as far as they are known."""

    rig: Rig
    scenes: tuple[Scene, ...]
    show: Show | None
    keys: dict[str, str]


def senses(rig: Rig) -> Iterator[Sense]:
    """The devices, in the rig's order."""
    for device in rig.devices:
        cls = hardware.load(hardware.DRIVERS[device.driver])
        address = _prefix(device, cls)
        said = driver.senses(cls, address or "/")
        if device.senses:
            said = device.senses["en"], device.senses["fr"]
        yield Sense(device, address, Say(*said) if said else None)


def _prefix(device: Device, cls: type[Any]) -> str:
    """What its events' addresses begin with; "" where they are the sender's own."""
    default = getattr(inspect.signature(cls).parameters.get("address"), "default", "")
    return (device.address or (f"/{device.name}" if default is inspect.Parameter.empty else str(default))).rstrip("/")


def crossings(found: Configuration) -> list[Crossing]:
    """The parameters of the scenes that any city shares, texts too; those of one address and rule told once."""
    rows: dict[tuple[str, str], Crossing] = {}
    inputs = list(senses(found.rig))
    for scene in found.scenes:
        lines = patched(found.rig, scene)
        for parameter in (*scene.parameters, *scene.texts):
            if parameter.share:
                before = rows.get((parameter.address, parameter.share))
                moved = tuple(mover for mover in _movers(parameter, lines, inputs))
                rows[parameter.address, parameter.share] = Crossing(
                    parameter,
                    (*(before.scenes if before else ()), scene.name),
                    tuple(dict.fromkeys((*(before.moved_by if before else ()), *moved))),
                )
    return list(rows.values())


def patched(rig: Rig, scene: Scene) -> tuple[Patch, ...]:
    """The scene's patches and the house's own, as the tick has them."""
    known = (*scene.parameters, *scene.texts, *HANDS, PRESENCE, TEMPO)
    return (*scene.patches, *house_lines(rig, scene.name, known)[0])


def _movers(parameter: Parameter, lines: Iterable[Patch], inputs: list[Sense]) -> Iterator[str]:
    sources = [one.source for one in lines if one.target == parameter.address]
    for one in inputs:
        if not one.address or any(under(source, one.address) for source in sources):
            yield one.device.name


def under(source: str, prefix: str) -> bool:
    """Whether a patch's source, wildcards allowed, may be an address of the device with this prefix."""
    head = "/".join(source.split("/")[: prefix.count("/") + 1])
    return bool(source == prefix or hardware.osc_pattern.matches(head, (prefix,)))


def points(found: Configuration) -> bool:
    """Whether a place (two numbers or three) is among what crosses."""
    return any(one.parameter.kind in ("point2D", "point3D") for one in crossings(found))


def echoes(found: Configuration) -> bool:
    """Whether what the other city did is kept here, to be played while it sleeps."""
    return bool(found.rig.peers) and any(state.echoes for scene in found.scenes for state in scene.company.values())


def writes_letters(found: Configuration) -> bool:
    """Whether letters are a part of this house: its rig speaks of them, or a scene shows them."""
    if not found.rig.peers:
        return False
    return "letters" in found.rig.sheet.data or any(shows_letters(scene) for scene in found.scenes)


def shows_letters(scene: Scene) -> bool:
    """Whether a scene has a place for a letter that came, or a patch by which one is written."""
    for layer in scene.shaders:
        pictures = [*layer.pictures.values(), *([layer.mask] if layer.mask else [])]
        if any(one.kind == "strokes" or one.said.startswith("letter:") for one in pictures):
            return True
        if any(one.name == "letter_shown" for one in layer.shader.parameters):
            return True
    inner = any(shows_letters(layer.scene) for layer in scene.layers if layer.scene)
    return inner or any(patch.target in WRITE for patch in scene.patches)


def told(found: Configuration, spoken: str) -> dict[str, Any]:
    """The flows as `--json` has them, in `spoken`."""
    return {
        "senses": [_sense(one, spoken) for one in senses(found.rig)]
        + [{"device": "window", "driver": "", "address": "/window", "senses": words.WINDOW.told(spoken)}],
        "sea": _sea(found, spoken),
        "outputs": [_output(one) for one in found.rig.outputs],
        "never": [one.told(spoken) for one in never(found)],
    }


def _sense(one: Sense, spoken: str) -> dict[str, Any]:
    said = one.senses or words.MADE_UP
    return {
        "device": one.device.name, "driver": one.device.driver, "address": one.address or "/",
        "senses": said.told(spoken), "line": one.device.line,
    }  # fmt: skip


def _sea(found: Configuration, spoken: str) -> dict[str, Any]:
    if not found.rig.peers:
        return {"peers": [], "parameters": [], "presence": [], "journal": []}
    return {
        "peers": [_peer(one, found.keys) for one in found.rig.peers],
        "parameters": [*_numbers(found, spoken), *_texts(found, spoken)],
        "presence": list(STEPS),
        "journal": [one.told(spoken, **_post(found)) for one in _journal(found)],
        "clock": words.CLOCK.told(spoken),
    }


def _peer(peer: Peer, keys: dict[str, str]) -> dict[str, Any]:
    key, budget = keys.get(peer.name, peer.key), peer.budget * 1000.0
    way = next(name for name in ("dial", "listen", "relay") if getattr(peer, name))
    return {
        "name": peer.name, "city": peer.city, "way": way, "at": getattr(peer, way), "encrypted": "CURVE",
        "key": fingerprint(key) if key else "", "most_bytes_per_second": max(budget, LEAST) if budget else USUAL,
    }  # fmt: skip


def _numbers(found: Configuration, spoken: str) -> Iterator[dict[str, Any]]:
    """The registers of the mirror that other cities may read, of all scenes: the very keys by which it is made."""
    moved = {one.parameter.address: one for one in crossings(found)}
    music = found.show.music if found.show else None
    every = (key for scene in found.scenes for key in keys(scene, found.rig.values, music))
    for key in {(key.address, key.rule): key for key in every if key.rule}.values():
        one, carried = moved.get(key.address), CARRIED[carried_as(key, key.low[0], key.high[0])]
        yield {
            "address": key.address, "kind": key.kind, "rule": key.rule, "per_second": RATE, "ttl": key.ttl,
            "carried": carried.told(spoken, steps=RANGE_STEPS),
            "scenes": list(one.scenes if one else ()), "moved_by": list(one.moved_by if one else ()),
        }  # fmt: skip


def _texts(found: Configuration, spoken: str) -> Iterator[dict[str, Any]]:
    for one in crossings(found):
        if one.parameter.kind == TEXT:
            yield {
                "address": one.parameter.address, "kind": TEXT, "rule": one.parameter.share, "per_second": RATE,
                "ttl": 0.0, "carried": words.AS_WORDS.told(spoken), "scenes": list(one.scenes),
                "moved_by": list(one.moved_by),
            }  # fmt: skip


def _journal(found: Configuration) -> list[Say]:
    return [words.CUES, *([words.LETTERS] if writes_letters(found) else [words.NO_LETTERS])]


def _post(found: Configuration) -> dict[str, Any]:
    post = found.rig.letters
    return {"moderation": post.moderation, "days": f"{post.days:g}", "album": post.album}


def _output(one: Device) -> dict[str, Any]:
    cls = hardware.load(hardware.OUTPUTS[one.driver])
    return {
        "output": one.name, "driver": one.driver, "send": list(one.send), "rate": one.rate, "line": one.line,
        "to": " ".join(map(str, end(one, cls))) if driver.door(cls) else "",
    }  # fmt: skip


def end(one: Device, cls: type[Any]) -> tuple[str, str, int]:
    """The way, host and port of a device or an output whose driver opens a network."""
    known = driver.options(cls)
    host = one.options.get("host", known["host"].default)
    return driver.door(cls), str(host), int(one.options.get("port", known["port"].default or 0))


def never(found: Configuration) -> list[Say]:
    """What never leaves the house, whatever the scene."""
    texts = any(one.parameter.kind == TEXT for one in crossings(found))
    return [*words.NEVER, *([] if texts or writes_letters(found) else [words.NO_WORDS]), words.AT_HOME]
