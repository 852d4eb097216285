"""One venue: its site, devices, outputs, windows and peers, as its rig file says. Text in, a `Rig` out."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, get_origin

import msgspec

from installation.score.calendar import HOURS, Calendar, Zone, calendar
from installation.score.lines import Path
from installation.score.problem import Fault, Problem, Row, Two, nearest
from installation.score.table import (
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
    heading,
)

_VALUE = Either((Number(), Flag(), Text(), ListOf(Either((Number(), Text())))))
_PATCH = Table(
    {
        "from": Text(),
        "to": Text(),
        "in": ListOf(Number(), 2),
        "out": ListOf(Number(), 2),
        "curve": Choice(("linear", "exp", "log", "smooth")),
    },
    required=("from", "to"),
)
_DEVICE = Table({"driver": Text(), "address": Text()}, required=("driver",), free=_VALUE)
_OUTPUT = Table(
    {"driver": Text(), "send": ListOf(Text()), "rate": Number(1, 100)}, required=("driver", "send"), free=_VALUE
)
WINDOW: dict[str, Shape] = {
    "size": ListOf(Number(16, 16384, whole=True), 2),
    "position": ListOf(Number(-32768, 32768, whole=True), 2),
    "fit": Choice(("fit", "fill")),
    "full_screen": Flag(),
    "monitor": Number(0, 15, whole=True),
    "rate": Number(1, 240),
    "title": Text(),
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
                "languages": ListOf(Choice(("fr", "en"))),
                "hours": HOURS,
            },
            required=("name",),
        ),
        "show": Table({"scene": Text(), "file": Text()}),
        "values": TableOf(Either((Number(), Flag(), ListOf(Number())))),
        "device": TableOf(_DEVICE),
        "output": TableOf(_OUTPUT),
        "window": TableOf(Table(WINDOW)),
        "peer": TableOf(
            Table(
                {"dial": Text(), "listen": Text(), "key": Text(), "time_zone": Zone(), "hours": HOURS},
            )
        ),
        "patch": ListOf(_PATCH),
    },
    required=("site",),
)
_OURS = ("driver", "address", "send", "rate")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TCP = re.compile(r"tcp://(\*|[^:/\s]+|\[[0-9a-fA-F:]+\]):\d{1,5}")
_WINDOW = re.compile(r"(?!(?:control|ocean)\Z)[A-Za-z0-9_-]{1,32}")
_PEER = re.compile(r"[a-z0-9_-]{1,64}")
_KEY = re.compile(r"[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]*")
KEY_LENGTH = 40
PORTS = 65535

SITE_NAME = Row(
    en=('"{found}" cannot name a site', "lower-case letters, digits and _, a letter first", "rename it"),
    fr=("« {found} » ne peut nommer un site", "des minuscules, chiffres et _, une lettre d'abord", "renommez-le"),
)
NO_DRIVER = Row(
    en=('[{table}.{name}] has no driver "{found}"', "one of {known}", "{hint}"),
    fr=("[{table}.{name}] n'a pas de pilote « {found} »", "l'un de {known}", "{hint}"),
)
NO_OPTION = Row(
    en=('[{table}.{name}] has no option "{found}"', "one of {known}", "{hint}"),
    fr=("[{table}.{name}] n'a pas d'option « {found} »", "l'une de {known}", "{hint}"),
)
NEEDS_OPTION = Row(
    en=('[{table}.{name}] has no "{found}"', "an option that the driver needs", "add `{found} = …`"),
    fr=("[{table}.{name}] n'a pas de « {found} »", "une option nécessaire au pilote", "ajoutez `{found} = …`"),
)
WRONG_OPTION = Row(
    en=("[{table}.{name}] has `{option}` = {found}", "{expected}", "change it"),
    fr=("[{table}.{name}] a `{option}` = {found}", "{expected}", "corrigez la valeur"),
)
ONE_WAY = Row(
    en=(
        "[peer.{name}] has neither `dial` nor `listen`, or both",
        "one of the two",
        "one site listens, the other dials",
    ),
    fr=("[peer.{name}] n'a ni `dial` ni `listen`, ou les deux", "l'un des deux", "un site écoute, l'autre appelle"),
)
NOT_TCP = Row(
    en=('"{found}" is no address of a line', "tcp://HOST:PORT, or tcp://*:PORT to listen", "correct it"),
    fr=("« {found} » n'est pas une adresse de ligne", "tcp://HÔTE:PORT, ou tcp://*:PORT pour écouter", "corrigez-la"),
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
        "la clé de [peer.{name}] a un caractère qu'aucune clé n'a",
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
    fr=("[peer.{name}] est ce site même", "le nom d'un autre site", "renommez l'un des deux"),
)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One table of the rig: a driver's name and the options for its constructor."""

    name: str
    driver: str
    address: str
    options: dict[str, Any]
    line: int
    send: tuple[str, ...] = ()
    rate: float = 50.0


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """One window: size in pixels, `fit` shows all of the picture and `fill` fills all of the window."""

    name: str
    size: tuple[int, int] = (1280, 720)
    position: tuple[int, int] | None = None
    fit: str = "fill"
    full_screen: bool = False
    monitor: int = 0
    rate: float = 60.0
    title: str = ""


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """Another site: its line, its public key ("" where `keys trust` keeps it), its hours as this house knows them."""

    name: str
    key: str = ""
    dial: str = ""
    listen: str = ""
    calendar: Calendar | None = None


class Rig(msgspec.Struct, frozen=True, kw_only=True):
    """A venue. `values` are this house's own starting values for parameters, by name."""

    file: str
    name: str
    city: str
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


class Option(NamedTuple):
    """One option that a driver's constructor takes."""

    kind: Any
    required: bool


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
        calendar=calendar(site.get("time_zone", "UTC"), site.get("hours", {})),
        languages=tuple(site.get("languages", ("fr", "en"))),
        scene=show.get("scene", ""),
        show=show.get("file", ""),
        values={name: _numbers(value) for name, value in sheet.data.get("values", {}).items()},
        devices=_devices(sheet, "device"),
        outputs=_devices(sheet, "output"),
        windows=windows or (Window(name="main"),),
        peers=tuple(_peer(name, table) for name, table in sheet.data.get("peer", {}).items()),
        sheet=sheet,
    )


def _numbers(value: Any) -> tuple[float, ...]:
    return tuple(float(n) for n in value) if isinstance(value, list) else (float(value),)


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
            send=tuple(table.get("send", ())),
            rate=float(table.get("rate", 50.0)),
        )
        for name, table in sheet.data.get(kind, {}).items()
    )


def _peer(name: str, table: dict[str, Any]) -> Peer:
    hours = calendar(table.get("time_zone", "UTC"), table["hours"]) if "hours" in table else None
    return Peer(
        name=name, key=table.get("key", ""), dial=table.get("dial", ""), listen=table.get("listen", ""), calendar=hours
    )


def _peer_problems(sheet: Sheet, name: str, table: dict[str, Any], site: str) -> list[Problem]:
    path: Path = ("peer", name)
    found = []
    if not _PEER.fullmatch(name):
        found.append(sheet.problem(path, SITE_NAME, found=name))
    if name == site:
        found.append(sheet.problem(path, OWN_PEER, name=name))
    if ("dial" in table) == ("listen" in table):
        found.append(sheet.problem(path, ONE_WAY, name=name))
    for way in ("dial", "listen"):
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


def drivers_fit(found: Rig, kind: str, known: dict[str, dict[str, Option] | None]) -> list[Problem]:
    """Problems of the `[device.*]` or `[output.*]` tables, given each driver's options by name; None is not judged."""
    problems: list[Problem] = []
    for device in found.devices if kind == "device" else found.outputs:
        path: Path = (kind, device.name)
        fill = {"table": kind, "name": device.name}
        if device.driver not in known:
            hint = _hint(device.driver, tuple(known))
            names = ", ".join(known)
            problems.append(
                found.sheet.problem((*path, "driver"), NO_DRIVER, found=device.driver, known=names, hint=hint, **fill)
            )
            continue
        options = known[device.driver]
        if options is not None:
            problems += _options_fit(found.sheet, path, device, options, fill)
    return problems


_TYPES: dict[Any, tuple[tuple[type, ...], Two]] = {
    int: ((int,), Two("a whole number", "un nombre entier")),
    float: ((int, float), Two("a number", "un nombre")),
    str: ((str,), Two("a text in quotes", "un texte entre guillemets")),
    bool: ((bool,), Two("true or false", "true ou false")),
    list: ((list,), Two("a list", "une liste")),
}


def _options_fit(
    sheet: Sheet, path: Path, device: Device, options: dict[str, Option], fill: dict[str, str]
) -> list[Problem]:
    problems = []
    for name, value in device.options.items():
        if name not in options:
            known, hint = ", ".join(options), _hint(name, tuple(options))
            problems.append(sheet.problem((*path, name), NO_OPTION, found=name, known=known, hint=hint, **fill))
            continue
        types, expected = _TYPES.get(get_origin(options[name].kind) or options[name].kind, ((object,), Two("", "")))
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            words: dict[str, Any] = {"option": name, "found": value, "expected": expected, **fill}
            problems.append(sheet.problem((*path, name), WRONG_OPTION, **words))
    for name, option in options.items():
        if option.required and name not in device.options:
            problems.append(sheet.problem(path, NEEDS_OPTION, found=name, **fill))
    return problems


def _hint(name: str, known: tuple[str, ...]) -> Two:
    close = nearest(name, known)
    if close:
        return Two(f'did you mean "{close}"?', f"vouliez-vous dire « {close} » ?")
    return Two("correct the name", "corrigez le nom")


__all__ = ["RIG", "Device", "Option", "Peer", "Rig", "Window", "drivers_fit", "heading", "rig"]
