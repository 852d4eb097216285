"""One venue: its site, devices, outputs, windows and peers, as its rig file says. Text in, a `Rig` out."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from installation.score.calendar import Calendar, of_table
from installation.score.hours import CLOSED, HOURS, OPEN, Zone
from installation.score.letter import LETTERS, Post
from installation.score.lines import Path
from installation.score.patch import PATCH
from installation.score.problem import LANGUAGES, Fault, Problem, Row
from installation.score.sun import Place
from installation.score.table import (
    VALUE,
    WORDS,
    Choice,
    Either,
    Flag,
    ListOf,
    Number,
    Shape,
    Sheet,
    Table,
    TableOf,
    Text,
    checked,
    numbers,
    words,
)

_OPTION = Either((Number(), Flag(), Text(), ListOf(Either((Number(), Text())))))
"""What an option of a driver may be, before its constructor is asked; `fitting` asks it."""
_DEVICE = Table({"driver": Text(), "address": Text(), "senses": WORDS}, required=("driver",), free=_OPTION)
_OUTPUT = Table(
    {"driver": Text(), "send": ListOf(Text()), "rate": Number(1, 100)}, required=("driver", "send"), free=_OPTION
)
WINDOW: dict[str, Shape] = {
    "size": ListOf(Number(16, 16384, whole=True), 2),
    "position": ListOf(Number(-32768, 32768, whole=True), 2),
    "fit": Choice(("fit", "fill")),
    "full_screen": Flag(),
    "monitor": Number(0, 15, whole=True),
    "rate": Number(1, 240),
    "title": Text(),
    "flash_guard": Flag(),
}
RIG = Table(
    {
        "site": Table(
            {
                "name": Text(),
                "city": Text(),
                "time_zone": Zone(),
                "latitude": Number(-90, 90),
                "longitude": Number(-180, 180),
                "languages": ListOf(Choice(LANGUAGES)),
                "contact": Text(),
                "hours": HOURS,
                "closed": CLOSED,
                "open": OPEN,
            },
            required=("name",),
        ),
        "show": Table({"scene": Text(), "file": Text()}),
        "values": TableOf(VALUE),
        "device": TableOf(_DEVICE),
        "output": TableOf(_OUTPUT),
        "window": TableOf(Table(WINDOW)),
        "peer": TableOf(
            Table(
                {
                    "dial": Text(),
                    "listen": Text(),
                    "relay": Text(),
                    "key": Text(),
                    "budget": Number(0, 1e6),
                    "city": Text(),
                    "latitude": Number(-90, 90),
                    "longitude": Number(-180, 180),
                    "time_zone": Zone(),
                    "hours": HOURS,
                    "closed": CLOSED,
                    "open": OPEN,
                },
            )
        ),
        "patch": ListOf(PATCH),
        "letters": LETTERS,
    },
    required=("site",),
)
_OURS = ("driver", "address", "senses", "send", "rate")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TCP = re.compile(r"tcp://(\*|[^:/\s]+|\[[0-9a-fA-F:]+\]):\d{1,5}")
_WINDOW = re.compile(r"(?!(?:control|ocean)\Z)[A-Za-z0-9_-]{1,32}")
_PEER = re.compile(r"[a-z0-9_-]{1,64}")
_KEY = re.compile(r"[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]*")
KEY_LENGTH = 40
PORTS = 65535
WAYS = ("dial", "listen", "relay")
"""How a peer is reached: it is called, it calls, or both meet at a relay."""

SITE_NAME = Row(
    en=('"{found}" cannot name a site', "lower-case letters, digits and _, a letter first", "rename it"),
    fr=("« {found} » ne peut pas nommer un site", "des minuscules, chiffres et _, une lettre d'abord", "renommez-le"),
)
ONE_WAY = Row(
    en=(
        "[peer.{name}] has none of `dial`, `listen` and `relay`, or several",
        "one of the three",
        "one site listens and the other dials; where neither can be called, both name a `relay`",
    ),
    fr=(
        "[peer.{name}] n'a ni `dial`, ni `listen`, ni `relay`, ou plusieurs",
        "l'un des trois",
        "un site écoute et l'autre appelle ; si aucun ne peut être appelé, tous deux nomment un `relay`",
    ),
)
NOT_TCP = Row(
    en=('"{found}" is no address of a line', "tcp://HOST:PORT, or tcp://*:PORT to listen", "correct it"),
    fr=("« {found} » n'est pas une adresse réseau", "tcp://HÔTE:PORT, ou tcp://*:PORT pour écouter", "corrigez-la"),
)
NOT_A_KEY = Row(
    en=(
        "the key of [peer.{name}] has {found} characters",
        "the {length} characters of a public key",
        "ask there for `jumelage keys show`",
    ),
    fr=(
        "la clé de [peer.{name}] a {found} caractères",
        "les {length} caractères d'une clé publique",
        "demandez là-bas `jumelage keys show`",
    ),
)
WINDOW_NAME = Row(
    en=('"{found}" cannot name a window', "letters, digits, - and _, 32 at most; not control, not ocean", "rename it"),
    fr=(
        "« {found} » ne peut nommer une fenêtre",
        "lettres sans accent, chiffres, - et _, 32 au plus ; ni control, ni ocean",
        "renommez-la",
    ),
)
ODD_KEY = Row(
    en=(
        "the key of [peer.{name}] has a character that no key has",
        "the {length} characters of a public key",
        "copy the key again, whole, in single quotes",
    ),
    fr=(
        "la clé de [peer.{name}] contient un caractère qu'aucune clé n'a",
        "les {length} caractères d'une clé publique",
        "recopiez la clé, entière, entre apostrophes",
    ),
)
TWO_LISTEN = Row(
    en=('[peer.{name}] listens on "{found}", another on "{first}"', "one address for all", 'write "{first}" here too'),
    fr=(
        "[peer.{name}] écoute sur « {found} », un autre sur « {first} »",
        "une seule adresse pour tous",
        "écrivez ici aussi « {first} »",
    ),
)
OWN_PEER = Row(
    en=("[peer.{name}] is this very site", "the name of another site", "rename one of them"),
    fr=("[peer.{name}] désigne ce site lui-même", "le nom d'un autre site", "renommez l'un des deux"),
)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One table of the rig: a driver's name and the options for its constructor. `senses` is what the house says that
    it senses of people, by language, where its driver cannot know."""

    name: str
    driver: str
    address: str
    options: dict[str, Any]
    line: int
    senses: dict[str, str] = {}
    send: tuple[str, ...] = ()
    rate: float = 50.0


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """One window: size in pixels, `fit` shows all of the picture and `fill` fills all of the window.

    `flash_guard` keeps it to three flashes in any second."""

    name: str
    size: tuple[int, int] = (1280, 720)
    position: tuple[int, int] | None = None
    fit: str = "fill"
    full_screen: bool = False
    monitor: int = 0
    rate: float = 60.0
    title: str = ""
    flash_guard: bool = True


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """Another site: its line, its public key ("" where `keys trust` keeps it), its hours as this house knows them.

    `zone` is "" and `place` None where the rig does not say them. `budget`: kB/s to it at most, 0 for enough.
    """

    name: str
    city: str = ""
    place: Place | None = None
    zone: str = ""
    key: str = ""
    dial: str = ""
    listen: str = ""
    relay: str = ""
    budget: float = 0.0
    calendar: Calendar | None = None


class Rig(msgspec.Struct, frozen=True, kw_only=True):
    """A venue. `values` are this house's own starting values for parameters, by name; `place` is where it stands."""

    file: str
    name: str
    city: str
    place: Place | None = None
    calendar: Calendar
    languages: tuple[str, ...]
    scene: str
    show: str
    values: dict[str, tuple[float, ...]]
    devices: tuple[Device, ...]
    outputs: tuple[Device, ...]
    windows: tuple[Window, ...]
    peers: tuple[Peer, ...]
    sheet: Any
    letters: Post = Post()
    contact: str = ""


def rig(text: str, file: str) -> Rig:
    """A rig file. Raises Fault with every problem that can be seen without the drivers."""
    sheet = checked(text, file, RIG)
    site = sheet.data["site"]
    problems: list[Problem] = []
    if not _NAME.fullmatch(site["name"]):
        problems.append(sheet.problem(("site", "name"), SITE_NAME, found=site["name"]))
    for name, table in sheet.data.get("peer", {}).items():
        problems += _peer_problems(sheet, name, table, site["name"])
    problems += _listens_problems(sheet)
    for name in sheet.data.get("window", {}):
        if not _WINDOW.fullmatch(name):
            problems.append(sheet.problem(("window", name), WINDOW_NAME, found=name))
    if problems:
        raise Fault(problems)
    show = sheet.data.get("show", {})
    windows = tuple(_window(name, table) for name, table in sheet.data.get("window", {}).items())
    return Rig(
        file=file,
        name=site["name"],
        city=site.get("city", site["name"]),
        place=_place(site),
        calendar=of_table(site),
        languages=tuple(site.get("languages", ("fr", "en"))),
        scene=show.get("scene", ""),
        show=show.get("file", ""),
        values={name: numbers(value) for name, value in sheet.data.get("values", {}).items()},
        devices=_devices(sheet, "device"),
        outputs=_devices(sheet, "output"),
        windows=windows or (Window(name="main"),),
        peers=tuple(_peer(name, table) for name, table in sheet.data.get("peer", {}).items()),
        sheet=sheet,
        letters=msgspec.convert(sheet.data.get("letters", {}), Post),
        contact=site.get("contact", ""),
    )


def _window(name: str, table: dict[str, Any]) -> Window:
    return msgspec.convert({"name": name, **table}, Window)


def _devices(sheet: Sheet, kind: str) -> tuple[Device, ...]:
    return tuple(
        Device(
            name=name,
            driver=table["driver"],
            address=table.get("address", ""),
            options={key: value for key, value in table.items() if key not in _OURS},
            line=sheet.lines.get((kind, name), 0),
            senses=words(table.get("senses"), "") if "senses" in table else {},
            send=tuple(table.get("send", ())),
            rate=float(table.get("rate", 50.0)),
        )
        for name, table in sheet.data.get(kind, {}).items()
    )


def _peer(name: str, table: dict[str, Any]) -> Peer:
    hours = of_table(table) if table.keys() & {"hours", "closed", "open"} else None
    return Peer(
        name=name,
        city=table.get("city", name.replace("_", " ").title()),
        place=_place(table),
        zone=table.get("time_zone", ""),
        key=table.get("key", ""),
        dial=table.get("dial", ""),
        listen=table.get("listen", ""),
        relay=table.get("relay", ""),
        budget=float(table.get("budget", 0.0)),
        calendar=hours,
    )


def _place(table: dict[str, Any]) -> Place | None:
    """Where a house stands, when its table says both."""
    if "latitude" not in table or "longitude" not in table:
        return None
    return Place(float(table["latitude"]), float(table["longitude"]))


def _peer_problems(sheet: Sheet, name: str, table: dict[str, Any], site: str) -> list[Problem]:
    path: Path = ("peer", name)
    found = []
    if not _PEER.fullmatch(name):
        found.append(sheet.problem(path, SITE_NAME, found=name))
    if name == site:
        found.append(sheet.problem(path, OWN_PEER, name=name))
    if sum(way in table for way in WAYS) != 1:
        found.append(sheet.problem(path, ONE_WAY, name=name))
    for way in WAYS:
        if way in table and not (_TCP.fullmatch(table[way]) and 0 < int(table[way].rpartition(":")[2]) <= PORTS):
            found.append(sheet.problem((*path, way), NOT_TCP, found=table[way]))
    key = table.get("key", "")
    if key and len(key) != KEY_LENGTH:
        found.append(sheet.problem((*path, "key"), NOT_A_KEY, name=name, found=len(key), length=KEY_LENGTH))
    elif not _KEY.fullmatch(key):
        found.append(sheet.problem((*path, "key"), ODD_KEY, name=name, length=KEY_LENGTH))
    return found


def _listens_problems(sheet: Sheet) -> list[Problem]:
    """A site has one ear: peers that call it call one address."""
    listens = {name: table["listen"] for name, table in sheet.data.get("peer", {}).items() if "listen" in table}
    first = next(iter(listens.values()), "")
    return [
        sheet.problem(("peer", name, "listen"), TWO_LISTEN, name=name, found=listen, first=first)
        for name, listen in listens.items()
        if listen != first
    ]
