"""What is written on the page of a week: days, times, states and hours, in two languages."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from installation.control.week import Week
from installation.score.layout import COMPANY
from installation.score.problem import Say
from installation.score.rig import Rig
from installation.score.scene import Scene
from installation.stage.week import Bar, Cell, Day, Page, Row

NAMES = Say(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday", "lundi mardi mercredi jeudi vendredi samedi dimanche"
)
MONTHS = Say(
    "January February March April May June July August September October November December",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
)
STATES = {
    "together": Say("together", "ensemble"),
    "alone": Say("alone", "seule"),
    "asleep": Say("they sleep", "ils dorment"),
    "cut": Say("line cut", "ligne coupée"),
}
SUBTITLE = Say("A week of {cities}, from {first} to {last}", "Une semaine de {cities}, du {first} au {last}")
LEGEND = Say("{state} · {hours:.0f} h of {city}'s {all:.0f} h", "{state} · {hours:.0f} h des {all:.0f} h de {city}")
FOOT = Say(
    "Dimmed: the house is closed. Each row has its own city's clock. Both are open for {both:.1f} h. "
    "Visitors are made up.",
    "Assombri : le lieu est fermé. Chaque ligne est à l'heure de sa ville. Ouvertes ensemble {both:.1f} h. "
    "Visiteurs imaginés.",
)  # fmt: skip
CLOCKS = Say("the clocks of {city} change: {hours:+d} h", "{city} change d'heure : {hours:+d} h")


def page(scene: Scene, rigs: list[Rig], lived: Week, folder: str, spoken: str) -> Page:
    """The page of the week; the pictures lie in `folder` as CITY-NUMBER.png."""
    title = scene.title.get(spoken) or scene.name
    cities = (" & " if spoken == "en" else " et ").join(rig.city for rig in rigs)
    first, last = (_date(day, spoken) for day in (lived.days[0], lived.days[-1]))
    here = rigs[0]
    opened = lived.hours(here.name, True)
    legend = tuple(
        (
            state,
            LEGEND.told(
                spoken,
                state=STATES[state].told(spoken),
                hours=opened[state],
                city=here.city,
                all=sum(opened.values()),
            ),
        )
        for state in COMPANY
        if opened[state] > 0 or state != "cut"
    )
    return Page(
        title,
        SUBTITLE.told(spoken, cities=cities, first=first, last=last),
        legend,
        FOOT.told(spoken, both=lived.both_open),
        tuple(_days(rigs, lived, folder, spoken)),
    )


def _days(rigs: list[Rig], lived: Week, folder: str, spoken: str) -> Iterator[Day]:
    each = (len(lived.columns) - 1) // len(lived.days)
    for n, day in enumerate(lived.days):
        edges = lived.columns[n * each : (n + 1) * each + 1]
        rows = []
        for rig in rigs:
            moments = [one for one in lived.moments if one.site == rig.name][n * each : (n + 1) * each]
            cells = tuple(
                Cell(
                    Path(folder, f"{rig.name}-{n * each + k}.png"),
                    _clock(one.utc, rig),
                    rig.calendar.open_at(one.utc),
                )
                for k, one in enumerate(moments)
            )
            bars = tuple(
                Bar(
                    stay.state,
                    STATES[stay.state].told(spoken),
                    _part(stay.start, edges),
                    _part(stay.end, edges),
                    stay.open,
                )
                for stay in lived.stays[rig.name]
                if stay.end > edges[0] and stay.start < edges[-1]
            )
            rows.append(Row(rig.city, cells, bars))
        yield Day(_date(day, spoken, True), _changes(rigs, edges, spoken), tuple(rows))


def _part(at: float, edges: tuple[float, ...]) -> float:
    """Where an instant lies across the columns, which are of one width whatever the clocks do."""
    return float(np.interp(at, edges, np.linspace(0.0, 1.0, len(edges))))


def _clock(utc: float, rig: Rig) -> str:
    local = datetime.datetime.fromtimestamp(utc, zoneinfo.ZoneInfo(rig.calendar.zone))
    return f"{local:%H:%M}"


def _changes(rigs: list[Rig], edges: tuple[float, ...], spoken: str) -> str:
    """Which clocks change in the hours between the edges."""
    found = []
    for rig in rigs:
        zone = zoneinfo.ZoneInfo(rig.calendar.zone)
        before, after = (datetime.datetime.fromtimestamp(at, zone).utcoffset() for at in (edges[0], edges[-1]))
        if before is not None and after is not None and before != after:
            hours = round((after - before).total_seconds() / 3600)
            found.append(CLOCKS.told(spoken, city=rig.city, hours=hours))
    return " · ".join(found)


def _date(day: datetime.date, spoken: str, weekday: bool = False) -> str:
    months, names = MONTHS.told(spoken).split(), NAMES.told(spoken).split()
    number = "1er" if spoken == "fr" and day.day == 1 else str(day.day)
    said = f"{number} {months[day.month - 1]} {day.year}"
    name = names[day.weekday()]
    return f"{name[0].upper()}{name[1:]} {said}" if weekday else said
