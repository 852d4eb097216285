"""An ocean: the line between two cities as its file says it, with its script. Text in, an `Ocean` out.

"There" is from the one who dials to the one who listens, "back" the other way: a pair in the file, `[there, back]`, or
one number for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from installation.score.problem import Fault, Problem, Row, hint, one_of
from installation.score.table import WORDS, Choice, Either, ListOf, Number, Shape, Sheet, Table, Text, checked, words

Pair = tuple[float, float]
KILO = 1000.0
PLAIN = ("hole", "reset", "drop", "mend")
"""`hole`: bytes vanish; `reset`: connections are reset, new ones too; `drop`: reset once; `mend`: the line is open."""
WHAT = (*PLAIN, "stall", "profile", "set")
LASTING = ("hole", "reset", "stall", "profile", "set")
"""What may have an end, `for` seconds later."""


def each_way(low: float, high: float) -> Shape:
    """One number for both ways, or `[there, back]`."""
    return Either((Number(low, high), ListOf(Number(low, high), 2)))


EVENT = Table({"at": Number(0, 1e6), "what": Text(), "for": Number(0.001, 1e6)}, required=("at", "what"))
OCEAN = Table(
    {
        "title": WORDS,
        "rtt": Number(0, 60),
        "one_way": each_way(0, 30),
        "jitter": each_way(0, 30),
        "spread": Choice(("uniform", "long")),
        "bandwidth": each_way(0.1, 1e6),
        "queue": each_way(1, 1e6),
        "loss": each_way(0, 0.5),
        "stall": Table({"every": Number(0.01, 1e6), "length": Number(0.001, 1e4)}, required=("every", "length")),
        "reset_every": Number(0.1, 1e6),
        "event": ListOf(EVENT),
        "loop": Number(0.1, 1e6),
    }
)
SET = tuple(name for name in OCEAN.keys if name not in ("title", "event", "loop"))
"""What `set` may change while the line runs."""

NO_WORD = Row(
    en=('an ocean knows no "{found}"', "{known}", "{hint}"),
    fr=("un océan ne connaît pas « {found} »", "{known}", "{hint}"),
)
NO_PROFILE = Row(
    en=('no ocean "{found}"', "{known}", "{hint}"),
    fr=("océan « {found} » inconnu", "{known}", "{hint}"),
)
TWO_DELAYS = Row(
    en=("both `rtt` and `one_way` are given", "one of the two", "keep `one_way` when there and back differ"),
    fr=("`rtt` et `one_way` sont donnés tous deux", "l'un des deux", "gardez `one_way` si aller et retour diffèrent"),
)
NO_END = Row(
    en=('`for` has no meaning with "{found}"', "`for` with {known}", "take it out"),
    fr=("`for` n'a pas de sens avec « {found} »", "`for` avec {known}", "retirez-le"),
)
NEEDS_END = Row(
    en=("a stall has no `for`", "its length in seconds", "add `for = 0.5`"),
    fr=("un blocage (stall) sans `for`", "sa durée en secondes", "ajoutez `for = 0.5`"),
)
SHORT_LOOP = Row(
    en=("the script is longer than its `loop`, {found} s", "{end:g} s or more", "make `loop` longer"),
    fr=("le scénario dure plus que son `loop`, {found} s", "au moins {end:g} s", "allongez `loop`"),
)
NOT_SET = Row(
    en=("`set` has no value", "`set jitter 0.05`, `set one_way [0.1, 0.05]`", "write the value behind the name"),
    fr=("`set` sans valeur", "`set jitter 0.05`, `set one_way [0.1, 0.05]`", "écrivez la valeur après le nom"),
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What a byte meets, each way. Seconds; bytes a second and bytes (0: no limit); loss of each packet, 0 to 0.5.

    `jitter` is added to each piece: uniform from 0 to it, or long-tailed (`spread`) of the same mean. `stall_every` and
    `reset_every` are mean times between, 0 for never.
    """

    one_way: Pair = (0.0, 0.0)
    jitter: Pair = (0.0, 0.0)
    spread: str = "uniform"
    bandwidth: Pair = (0.0, 0.0)
    queue: Pair = (256 * KILO, 256 * KILO)
    loss: Pair = (0.0, 0.0)
    stall_every: float = 0.0
    stall: float = 0.0
    reset_every: float = 0.0

    @property
    def rtt(self) -> float:
        """Seconds there and back, without jitter."""
        return sum(self.one_way)


class Order(NamedTuple):
    """One thing to do to the line: a word of WHAT and what stands behind it."""

    verb: str
    rest: str = ""


class Event(NamedTuple):
    """One line of the script: seconds from its start, what happens, and for how long (0: until something else)."""

    at: float
    order: Order
    length: float = 0.0


class Ocean(msgspec.Struct, frozen=True, kw_only=True):
    """A line and its script, which begins anew each `loop` seconds (0: runs once). `data` is what the file says."""

    name: str
    title: dict[str, str]
    file: str
    line: Line
    events: tuple[Event, ...] = ()
    loop: float = 0.0
    data: dict[str, Any] = msgspec.field(default_factory=dict)


def ocean(text: str, file: str, name: str, known: Iterable[str] = ()) -> Ocean:
    """An ocean's file; `known` are the oceans that its script may call. Raises Fault with every problem."""
    sheet = checked(text, file, OCEAN)
    return _made(sheet, name, tuple(known))


def _made(sheet: Sheet, name: str, known: tuple[str, ...]) -> Ocean:
    data = sheet.data
    problems = [sheet.problem(("rtt",), TWO_DELAYS)] if "rtt" in data and "one_way" in data else []
    events = []
    for index, table in enumerate(data.get("event", ())):
        try:
            events.append(_event(sheet, index, table, known))
        except Fault as fault:
            problems += fault.problems
    end = max((one.at + one.length for one in events), default=0.0)
    if "loop" in data and data["loop"] < end:
        problems.append(sheet.problem(("loop",), SHORT_LOOP, found=f"{data['loop']:g}", end=end))
    if problems:
        raise Fault(problems)
    events.sort(key=lambda one: one.at)
    return Ocean(
        name=name, title=words(data.get("title"), name), file=sheet.file, line=_line(data), events=tuple(events),
        loop=float(data.get("loop", 0.0)), data=data,
    )  # fmt: skip


def _line(data: dict[str, Any]) -> Line:
    stall = data.get("stall", {})
    half = data.get("rtt", 0.0) / 2
    scales = {"bandwidth": KILO, "queue": KILO}
    pairs = {
        key: _pair(data[key], scales.get(key, 1.0))
        for key in ("one_way", "jitter", "bandwidth", "queue", "loss")
        if key in data
    }
    return Line(
        spread=data.get("spread", "uniform"),
        stall_every=float(stall.get("every", 0.0)),
        stall=float(stall.get("length", 0.0)),
        reset_every=float(data.get("reset_every", 0.0)),
        **{"one_way": (half, half), **pairs},
    )


def _pair(value: Any, scale: float) -> Pair:
    there, back = value if isinstance(value, list) else (value, value)
    return float(there) * scale, float(back) * scale


def _event(sheet: Sheet, index: int, table: dict[str, Any], known: tuple[str, ...]) -> Event:
    def at_fault(key: str, row: Row, **fill: Any) -> Fault:
        return Fault([sheet.problem(("event", index, key), row, **fill)])

    try:
        order = ordered(table["what"], known)
    except Fault as fault:
        raise Fault(sheet.problem(("event", index, "what"), one.row, **one.words) for one in fault.problems) from None
    if order.verb == "set":
        try:
            changed(Ocean(name="", title={}, file="", line=Line(), data=sheet.data), order.rest)
        except Fault as fault:
            raise Fault(
                sheet.problem(("event", index, "what"), one.row, **one.words) for one in fault.problems
            ) from None
    if "for" in table and order.verb not in LASTING:
        raise at_fault("for", NO_END, found=order.verb, known=one_of(LASTING))
    if "for" not in table and order.verb == "stall":
        raise at_fault("what", NEEDS_END)
    return Event(float(table["at"]), order, float(table.get("for", 0.0)))


def ordered(text: str, known: Iterable[str] = ()) -> Order:
    """A word of control: `hole`, `profile storm`, `set jitter 0.05`. Raises Fault with the nearest that is meant."""
    verb, _, rest = text.strip().partition(" ")
    rest, names = rest.strip(), tuple(known)
    if verb not in WHAT or (rest and verb in PLAIN):
        raise _unknown(NO_WORD, text.strip() if verb in WHAT else verb, WHAT)
    if verb == "profile" and rest not in names:
        raise _unknown(NO_PROFILE, rest, names)
    if verb == "set" and not rest.partition(" ")[2]:
        raise Fault([Problem("", 0, NOT_SET, {})])
    return Order(verb, rest)


def _unknown(row: Row, found: str, known: tuple[str, ...]) -> Fault:
    return Fault([Problem("", 0, row, {"found": found, "known": one_of(known), "hint": hint(found, known)})])


def changed(now: Ocean, setting: str) -> Ocean:
    """The ocean with one value of it set, such as `jitter 0.05` or `one_way [0.1, 0.05]`. Raises Fault."""
    name, _, value = setting.strip().partition(" ")
    if name not in SET:
        raise _unknown(NO_WORD, name, SET)
    fresh = checked(f"{name} = {value}", now.file, OCEAN).data
    other = {"rtt": "one_way", "one_way": "rtt"}.get(name)
    data = {key: kept for key, kept in now.data.items() if key != other} | fresh
    return msgspec.structs.replace(now, line=_line(data), data=data)
