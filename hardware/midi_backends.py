"""Which library can carry MIDI on this machine, found out by trying, with the reason for each that cannot.

All stand behind mido's own backend interface, so a driver sees one kind of port. Names are mido's: `MODULE/API`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from hardware.driver import Trouble

RTMIDI, LIBREMIDI, PYGAME = "mido.backends.rtmidi", "hardware.midi_libremidi", "mido.backends.pygame"
PACKAGES = {RTMIDI: "python-rtmidi", LIBREMIDI: "pylibremidi", PYGAME: "pygame-ce"}
SEQUENCER = "/dev/snd/seq"
EXTRA = 'pip install "jumelage[midi]"'


class Found(NamedTuple):
    """One library: its input ports if it works, else why it does not (in its own words)."""

    name: str
    works: bool
    ports: tuple[str, ...]
    fault: str

    def __str__(self) -> str:
        ports = ", ".join(self.ports) or "-"
        return f"{self.name}: {ports}" if self.works else f"{self.name}: {self.fault}"


def candidates() -> Iterator[str]:
    """The libraries in the order of preference; rtmidi once for each system interface that it was built with."""
    try:
        import rtmidi

        names = {getattr(rtmidi, name): name[4:] for name in dir(rtmidi) if name.startswith("API_")}
        yield from (f"{RTMIDI}/{names[api]}" for api in rtmidi.get_compiled_api())
    except ImportError:
        yield RTMIDI
    yield LIBREMIDI
    yield PYGAME


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Keeps the C libraries quiet while they look: JACK and ALSA write lines to stderr at each look that finds nothing,
    and a lost device is looked for every two seconds. What was wrong is in `Found`; other threads are hushed with them,
    for the milliseconds that a look takes.
    """
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # no stderr at all: nothing to hush
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def tried(name: str) -> Found:
    """One library, tried by asking for its input ports."""
    if name.endswith("/LINUX_ALSA") and not os.path.exists(SEQUENCER):
        return Found(name, False, (), f"no ALSA sequencer in this kernel ({SEQUENCER})")
    try:
        with hushed():
            return Found(name, True, tuple(dict.fromkeys(inputs(name))), "")
    except ImportError as fault:
        missing = PACKAGES.get(name.split("/")[0], name)
        return Found(name, False, (), f"{missing} is not installed ({fault})")
    except Exception as fault:  # each library has exceptions of its own
        return Found(name, False, (), str(fault) or repr(fault))


def inputs(name: str) -> list[str]:
    """The input ports of one library, in well under a millisecond from the second time on."""
    if name.split("/")[0] != RTMIDI:
        return list(backend(name).get_input_names())
    lookout = LOOKOUTS.get(name) or Lookout(name)
    LOOKOUTS[name] = lookout
    return lookout.ports()


class Lookout:
    """A client of rtmidi kept for looking: to make one takes 45 ms with JACK, and nothing else runs meanwhile."""

    PATIENCE = 30
    """Looks that find nothing before a new client is made, lest this one belong to a server that died."""

    def __init__(self, name: str) -> None:
        import rtmidi

        self.name, self.empty = name, 0
        self.client = rtmidi.MidiIn(rtapi=getattr(rtmidi, "API_" + (name.partition("/")[2] or "UNSPECIFIED")))

    def ports(self) -> list[str]:
        """What is there now."""
        found: list[str] = self.client.get_ports()
        self.empty = 0 if found else self.empty + 1
        if self.empty > self.PATIENCE:
            LOOKOUTS.pop(self.name, None)
            self.client.delete()
        return found


LOOKOUTS: dict[str, Lookout] = {}


def backend(name: str) -> Any:
    """mido's backend of that name; the environment is made ready for the ones that need it."""
    if name.startswith(PYGAME):
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        if sys.platform == "linux":  # pygame's wheel brings an ALSA that looks for its configuration elsewhere
            os.environ.setdefault("ALSA_CONFIG_PATH", "/usr/share/alsa/alsa.conf")
    import mido

    return mido.Backend(name, load=True, use_environ=False)


def survey() -> list[Found]:
    """All the libraries, for the doctor."""
    return [tried(name) for name in candidates()]


def why() -> str:
    """Which library carries MIDI here, and why not the others: one line each, the chosen one first."""
    found = survey()
    return "\n".join(str(one) for one in sorted(found, key=lambda one: not one.works))


def opened(port: str, virtual: bool, name: str, heard: Callable[[Any], None]) -> tuple[Any, bool, str]:
    """An open mido port, whether it calls `heard` itself (else it is polled), the backend's name. Raises Trouble."""
    try:
        import mido  # noqa: F401
    except ImportError as fault:
        raise no_library([Found("mido", False, (), str(fault))]) from fault
    found: list[Found] = []
    for one in [name] if name else candidates():
        found.append(tried(one))
        full = port if virtual else wanted(port, found[-1].ports)
        if found[-1].works and full is not None and (full or not virtual):
            try:
                return *joined(one, full, virtual, heard), one
            except Exception as fault:
                found[-1] = Found(one, False, (), str(fault) or repr(fault))
    raise no_port(port, found) if any(one.works for one in found) else no_library(found)


def wanted(port: str, ports: tuple[str, ...]) -> str | None:
    """The first port whose name contains `port`, whatever its case; ALSA's loop to itself only if asked for."""
    for full in ports:
        if port.lower() in full.lower() and (port or not full.startswith("Midi Through")):
            return full
    return None


def joined(name: str, port: str, virtual: bool, heard: Callable[[Any], None]) -> tuple[Any, bool]:
    """An open port of a library, and whether it calls `heard` in a thread of its own."""
    library = backend(name)
    if name.split("/")[0] in (PYGAME, LIBREMIDI):
        return library.open_input(port, virtual=virtual), False
    return library.open_input(port, virtual=virtual, callback=heard), True


def no_library(found: list[Found]) -> Trouble:
    """Nothing here carries MIDI."""
    reasons = "; ".join(str(one) for one in found)
    return Trouble(
        (f"MIDI cannot be had ({reasons})", "a MIDI library that works", f"install one: {EXTRA}"),
        (f"pas de MIDI ({reasons})", "une bibliothèque MIDI qui marche", f"installez-en une : {EXTRA}"),
    )


def no_port(port: str, found: list[Found]) -> Trouble:
    """MIDI works, but not that port."""
    ports = ", ".join(f'"{one}"' for library in found for one in library.ports)
    en = f"one of {ports}" if ports else "a MIDI device; none is connected"
    fr = f"au choix : {ports}" if ports else "un appareil MIDI ; aucun n'est branché"
    return Trouble(
        (f'no MIDI port "{port}"' if port else "no MIDI port", en, "connect the device, or change `port`"),
        (f"pas de port MIDI « {port} »" if port else "pas de port MIDI", fr, "branchez l'appareil, ou changez `port`"),
    )
