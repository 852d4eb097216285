"""What may be asked of a running site: one table of requests, each a small function of control."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

from installation.control.easel import reset
from installation.control.house import SWITCHES
from installation.control.letter_desk import letter
from installation.control.letters import WRITE
from installation.control.recording import head
from installation.control.tick import Control
from installation.score.hours import DAYS
from installation.score.instant_words import said
from installation.score.layout import builtins
from installation.score.patch import Touch, taken
from installation.score.preset import no_preset
from installation.score.problem import LANGUAGES, Fault, Problem, Row, Two, hint, nearest, one_of, sent
from installation.score.show import Cue, no_cue
from installation.score.tempo import following
from installation.score.text import LONGEST, TEXT
from installation.score.text import plain as plain_words
from installation.score.text import words_of as in_words

Answer = dict[str, Any]

NO_ADDRESS = Row(
    en=('no address "{found}"', "{known}", "{hint}"),
    fr=("adresse « {found} » inconnue", "{known}", "{hint}"),
)
LIST = Two("`jumelage list parameters` shows them", "`jumelage list parameters` les montre")
NOT_SETTABLE = Row(
    en=('"{found}" can be read but not set', "a parameter of the scene", "`jumelage list parameters` shows them"),
    fr=("« {found} » se lit mais ne se règle pas", "un paramètre de la scène", "`jumelage list parameters` les montre"),
)
NOT_ITS_VALUE = Row(
    en=('"{address}" does not take {found}', "{width} numbers", "a {kind} takes {width} from {low} to {high}"),
    fr=("« {address} » ne prend pas {found}", "{width} nombres", "un {kind} en prend {width}, de {low} à {high}"),
)
NOT_WORDS = Row(
    en=('"{address}" is a text and does not take {found}', "a text", "write the words after the address"),
    fr=("« {address} » est un texte et ne prend pas {found}", "un texte", "écrivez les mots après l'adresse"),
)
TOO_LONG = Row(
    en=("{found} characters for {address}", "at most {most}", "write less"),
    fr=("{found} caractères pour {address}", "au plus {most}", "écrivez moins"),
)
NO_LAYER = Row(
    en=('the scene {scene} has no layer "{found}"', "{known}", "{hint}"),
    fr=("la scène {scene} n'a pas de couche « {found} »", "{known}", "{hint}"),
)
RECORDS = Row(
    en=("a take is being written to {path}", "one at a time", "end that one first"),
    fr=("une prise s'écrit déjà dans {path}", "une à la fois", "arrêtez d'abord celle-là"),
)
NO_REQUEST = Row(
    en=('the desk does not know "{found}"', "{known}", "is the command older or newer than the site?"),
    fr=("le pupitre ne connaît pas « {found} »", "{known}", "la commande et le site sont-ils de la même version ?"),
)


def told(problem: Problem) -> Answer:
    """A problem as the desk answers it: in both languages, so that the asker may choose."""
    return {"problem": sent(problem)}


def answer(control: Control, request: dict[str, Any]) -> Answer:
    """The answer to one request. Never raises: what is wrong with a request is its answer."""
    do = REQUESTS.get(str(request.get("do")))
    if do is None:
        return told(Problem("", 0, NO_REQUEST, {"found": request.get("do"), "known": one_of(REQUESTS)}))
    try:
        found = do(control, request)
        control.take.asked(control.clock.now(), request)
        return found
    except (KeyError, TypeError, ValueError) as error:
        return told(Problem("", 0, NO_REQUEST, {"found": f"{request.get('do')} ({error})", "known": one_of(REQUESTS)}))


def _address(control: Control, request: dict[str, Any]) -> tuple[str, Problem | None]:
    """The full address that was meant: `level` is `/scene/level`."""
    given = str(request["address"])
    for address in (given, f"/scene/{given}", f"/{given}", control.meant(given)):
        if address in control.layout.slots or address in control.bay.parameters or address in control.said.addresses:
            return address, None
    names = list(dict.fromkeys((*control.layout.slots, *control.bay.parameters, *control.said.addresses)))
    stems = {name.rsplit("/", 1)[-1]: name for name in reversed(names)}
    close = stems.get(nearest(given.rsplit("/", 1)[-1], stems), given)
    words = {"found": given, "known": one_of(names[:12]), "hint": hint(close, names, LIST)}
    return "", Problem("", 0, NO_ADDRESS, words)


def set_value(control: Control, request: dict[str, Any]) -> Answer:
    """A hand on a parameter; with `hold`, one that no other hand moves."""
    address, problem = _address(control, request)
    if problem:
        return told(problem)
    parameter = control.bay.parameters.get(address)
    if parameter is None:
        return told(Problem("", 0, NOT_SETTABLE, {"found": address}))
    given = list(request.get("value", ()))
    if parameter.kind == TEXT:
        return say(control, address, request.get("words", given))
    numbers = taken(parameter, given)
    if numbers is None and parameter.kind != "event":
        words = {"address": address, "found": given, "width": parameter.width, "kind": parameter.kind}
        return told(Problem("", 0, NOT_ITS_VALUE, {**words, "low": parameter.low[0], "high": parameter.high[0]}))
    shared = control.link.shared.shared(control.clock.now())
    if address not in control.mirror.schema.places:
        if numbers is not None:
            control.touch(Touch(address, numbers), shared, firm=True)
        return {"address": address, "value": list(numbers or ())}
    if request.get("hold") and numbers is not None:
        numbers = control.outward(address, numbers)
        control.mirror.hold(address, numbers, shared)
    elif numbers is not None:
        control.touch(Touch(address, numbers), shared, firm=True)
    control.kept.once()
    found: Answer = {"address": address, "value": list(numbers or ())}
    if not request.get("hold") and control.mirror.schema.places[address].offset in control.mirror.held:
        found["held"] = True
    if numbers is not None and parameter.kind == "float" and given and float(given[0]) != numbers[0]:
        found["range"] = [parameter.low[0], parameter.high[0]]
    return found


def say(control: Control, address: str, given: list[Any]) -> Answer:
    """Words for a text parameter: one text for all languages, or { fr, en }."""
    words = in_words(given[0] if len(given) == 1 else " ".join(map(str, given)))
    if words is None:
        return told(Problem("", 0, NOT_WORDS, {"address": address, "found": given}))
    longest = max(map(len, map(str, given)), default=0)
    if longest > LONGEST:
        return told(Problem("", 0, TOO_LONG, {"address": address, "found": longest, "most": LONGEST}))
    control.touch(Touch(address, (), words=words), control.link.shared.shared(control.clock.now()))
    return {"address": address, "value": plain_words(words)}


def release(control: Control, request: dict[str, Any]) -> Answer:
    """Lets a held parameter go."""
    address, problem = _address(control, request)
    if problem:
        return told(problem)
    released = control.mirror.release(address, control.link.shared.shared(control.clock.now()))
    control.kept.once()
    return {"address": address, "released": released}


def get_value(control: Control, request: dict[str, Any]) -> Answer:
    """What an address holds now."""
    address, problem = _address(control, request)
    if problem:
        return told(problem)
    if address == "/company":
        return {"address": address, "value": control.company.state}
    if address in WRITE:
        return {"address": address, "value": ""}
    if address in control.said.addresses:
        return {"address": address, "value": plain_words(control.said.value(address))}
    return {"address": address, "value": plain(held(control, address))}


def held(control: Control, address: str) -> tuple[float, ...]:
    """The numbers at any address: of the row, of the house's switches, of the easel."""
    if address in control.layout.slots:
        return control.row.value(address)
    if address in SWITCHES:
        return (float(SWITCHES[address].name in control.house.on),)
    return control.easel.value(address, control.scene_time(control.link.shared.shared(control.clock.now())))


def go(control: Control, request: dict[str, Any]) -> Answer:
    """Gives a cue: to the journal, so that every city carries it out at one instant."""
    name = str(request["cue"])
    cue = control.parts.show.cues.get(name)
    if name.startswith("scene:"):
        cue = Cue(name=name, scene=name.removeprefix("scene:"))
    if name.startswith("preset:"):
        preset = name.removeprefix("preset:")
        if preset not in {one.name for one in control.scene.presets}:
            return told(no_preset(control.name, preset, control.scene.presets))
        cue = Cue(name=name, preset=preset, fade=-1.0)
    if cue is not None and cue.scene:
        try:
            control.parts.reader.library.scene_file(cue.scene)
        except Fault as fault:
            return told(fault.problems[0])
    if cue is None:
        return told(no_cue(name, tuple(control.parts.show.cues)))
    now = control.link.shared.shared(control.clock.now())
    due = now if cue.here else now + control.lead
    on = str(request.get("on") or cue.on)
    if on in ("bar", "beat"):
        due = following(due, control.beat.tempo, on)
    number = control.given(cue, due, "", now)
    return {"cue": name, "due": due, "number": number, "when": words_of(control, due, now)}


def words_of(control: Control, due: float, now: float, first: str = "") -> dict[str, str]:
    """An instant in words, in each language."""
    return {language: said(due, control.schedule.houses, now, language, first) for language in LANGUAGES}


def coming(control: Control, request: dict[str, Any]) -> Answer:
    """The show's cues: what each is, and when and where it comes next."""
    now = control.link.shared.shared(control.clock.now())
    found = []
    for cue in control.parts.show.cues.values():
        due = control.schedule.next(cue, now)
        row = {"name": cue.name, "label": cue.label, "at": cue.at.text if cue.at else "", "here": cue.here}
        row |= {"when": cue.when.text if cue.when else "", "days": [DAYS[day] for day in cue.at.days] if cue.at else []}
        words = words_of(control, due, now, cue.at.house) if due is not None and cue.at else {}
        found.append(row | {"due": due, "next": words})
    waiting = sorted(control.cues.waiting(), key=lambda one: one.when)[:64]
    return {
        "cues": sorted(found, key=lambda row: row["due"] or math.inf),
        "waiting": [
            {"name": one.cue.name, "due": one.when, "next": words_of(control, one.when, now)} for one in waiting
        ],
    }


def time_(control: Control, request: dict[str, Any]) -> Answer:
    """Stops the scene's time (`pause`), lets it go on (`play`), or moves it to so many seconds; says where it is."""
    shared = control.link.shared.shared(control.clock.now())
    if "to" in request:
        control.easel.put(control, "/time/at", (float(request["to"]),), shared)
    elif "pause" in request:
        control.easel.pause(control, bool(request["pause"]), shared)
    stopped = control.easel.time
    return {"time": round(control.scene_time(shared) if stopped is None else stopped, 3), "paused": stopped is not None}


def solo(control: Control, request: dict[str, Any]) -> Answer:
    """One layer alone, or "" for all of them."""
    layer = str(request["layer"])
    names = [one.name for one in control.scene.layers]
    if layer and layer not in names:
        words = {"scene": control.name, "found": layer, "known": one_of(names), "hint": hint(layer, names)}
        return told(Problem("", 0, NO_LAYER, words))
    control.easel.solo = layer
    return {"solo": layer}


def reset_(control: Control, request: dict[str, Any]) -> Answer:
    """Brings parameters back to their defaults."""
    names = []
    for given in request.get("names", ()):
        address, problem = _address(control, {"address": given})
        if problem:
            return told(problem)
        names.append(address)
    shared = control.link.shared.shared(control.clock.now())
    found = reset(control, shared, tuple(names))
    places = control.mirror.schema.places
    held = [
        address
        for address in found
        if address in places and control.mirror.schema.places[address].offset in control.mirror.held
    ]
    return {"reset": found, "held": held}


def presets(control: Control, request: dict[str, Any]) -> Answer:
    """The presets of the scene on air."""
    return {"presets": [msgspec.to_builtins(one) for one in control.scene.presets]}


def override(name: str) -> Callable[[Control, dict[str, Any]], Answer]:
    """The request that puts one of the house's overrides on or off."""

    def put(control: Control, request: dict[str, Any]) -> Answer:
        state = request.get("state")
        if state is not None and not isinstance(state, bool):
            raise ValueError(state)
        control.kept.once()
        return {name: control.house.put(name, state)}

    return put


def parameters(control: Control, request: dict[str, Any]) -> Answer:
    """Every parameter as it was declared, and what is built in, which can be followed and read."""
    known = control.bay.parameters
    built_in = [one for one in builtins(control.layout.peers) if one.address not in known]
    every = [*known.values(), *built_in]
    return {"parameters": [msgspec.to_builtins(one) | {"address": one.address} for one in every]}


def values(control: Control) -> dict[str, Any]:
    """Every address with what it holds now."""
    found: dict[str, Any] = {address: plain(control.row.value(address)) for address in control.layout.slots}
    found |= {address: plain_words(control.said.value(address)) for address in control.said.addresses}
    return {**found, "/company": control.company.state}


def plain(numbers: tuple[float, ...]) -> float | list[float]:
    """One number alone, several as a list; rounded to what a person reads."""
    rounded = [round(number, 6) for number in numbers]
    return rounded[0] if len(rounded) == 1 else rounded


def status(control: Control, request: dict[str, Any]) -> Answer:
    """How the site fares."""
    return control.parts.health.status(control) | {"next": _next(control), "values": values(control)}


def _next(control: Control) -> dict[str, Any]:
    """The cue that comes next, when and where in words; {} while none is known to come."""
    now = control.link.shared.shared(control.clock.now())
    waiting = [(one.when, one.cue) for one in control.cues.waiting()]
    found = min([*waiting, *control.schedule.coming(now)[:1]], key=lambda one: one[0], default=None)
    if found is None:
        return {}
    due, cue = found
    return {"cue": cue.name, "due": due, "when": words_of(control, due, now, cue.at.house if cue.at else "")}


def halves(control: Control, request: dict[str, Any]) -> Answer:
    """Each site's half of what is shared, exactly as it is known here: before shares, company and smoothing."""
    places = {address: place for address, place in control.mirror.schema.places.items() if place.key.rule}
    found: dict[str, dict[str, list[float]]] = {}
    for site in control.mirror.sites:
        columns, _ = control.mirror.half(site)
        found[site] = {a: columns[p.offset : p.offset + p.width].tolist() for a, p in places.items()}
    return {"halves": found}


def tap(control: Control, request: dict[str, Any]) -> Answer:
    """Shows events to whoever watches, for some seconds more."""
    control.parts.tap.open(control.clock.now() + min(float(request.get("seconds", 5.0)), 60.0))
    return {"seconds": 5.0}


def record(control: Control, request: dict[str, Any]) -> Answer:
    """Begins a take at the absolute path `out`; without one, renews it; with `end`, ends it. Says how it goes."""
    take, now = control.take, control.clock.now()
    if "out" in request:
        if take.state in ("recording", "closing"):
            return told(Problem("", 0, RECORDS, {"path": take.take}))
        take.begin(str(request["out"]), head(control), control.link.shared.line, now)
    elif request.get("end"):
        take.end()
    take.renewed(now)
    if take.problem and take.state == "failed":
        return told(take.problem)
    return {"record": take.told()}


REQUESTS: dict[str, Callable[[Control, dict[str, Any]], Answer]] = {
    "set": set_value,
    "release": release,
    "get": get_value,
    "go": go,
    "cues": coming,
    "time": time_,
    "solo": solo,
    "reset": reset_,
    "presets": presets,
    "veil": override("veil"),
    "blackout": override("blackout"),
    "pattern": override("pattern"),
    "parameters": parameters,
    "status": status,
    "halves": halves,
    "tap": tap,
    "record": record,
    "letter": letter,
}
