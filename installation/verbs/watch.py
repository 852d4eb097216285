"""`watch`: events as they come, from a site that runs or from the devices of one that does not."""

from __future__ import annotations

import argparse
import threading
from typing import Any

import msgspec
import zmq

from installation import home, library
from installation.clock import RealClock
from installation.score.problem import Say
from installation.score.rig import Rig
from installation.speech import seconds, show_json, tell, until_told
from installation.verbs.site import ask, checked, shown

WATCHING = Say("events of {name}; Ctrl-C ends", "événements de {name} ; Ctrl-C pour finir")  # fmt: skip


def watch(given: argparse.Namespace) -> int:
    """Events as they come: through the running site's tap, or, when it does not run, from the rig's own devices."""
    seconds("--seconds", given.seconds)
    running = home.running()
    name = given.rig if given.rig in running else ""
    if not name:
        rig = checked(library.library(given.project), given.rig)
        name = rig.name if rig.name in running else ""
        if not name:
            tell(WATCHING.told(given.lang, name=rig.name))
            return _watch_devices(given, rig)
    tell(WATCHING.told(given.lang, name=name))
    return _watch_site(given, name, running[name]["tap"])


def _print(given: argparse.Namespace, address: str, value: Any) -> None:
    if given.json:
        show_json({"address": address, "value": list(value)})
    else:
        print(f"{address}  {shown(list(value))}", flush=True)


def _watch_site(given: argparse.Namespace, name: str, tap: str) -> int:
    context = zmq.Context()
    socket = context.socket(zmq.SUB)
    socket.set(zmq.LINGER, 0)
    socket.connect(tap)
    socket.subscribe(b"")
    ended, left = threading.Event(), given.seconds
    until_told(ended.set)
    clock = RealClock()
    end, again = (clock.now() + left if left else float("inf")), 0.0
    while not ended.is_set() and clock.now() < end:
        if clock.now() >= again:
            if ask(name, "tap", seconds=5.0) is None:
                break
            again = clock.now() + 2.0
        if socket.poll(100):
            for _, address, value in msgspec.json.decode(socket.recv())["events"]:
                _print(given, address, value)
    socket.close()
    context.term()
    return 0


def _watch_devices(given: argparse.Namespace, rig: Rig) -> int:
    from installation.control.devices import Devices

    clock, ended = RealClock(), threading.Event()
    until_told(ended.set)
    devices = Devices(rig, clock, lambda problem: tell(problem.told(given.lang)))
    end = clock.now() + given.seconds if given.seconds else float("inf")
    while not ended.wait(0.02) and clock.now() < end:
        for event in devices.poll(clock.now()):
            _print(given, event.address, event.value)
    devices.close()
    return 0
