"""What a person sees of a running site in the terminal: one panel a site, the same for `status` and `demo`."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from installation.score.problem import Say

WORDS = {
    "picture": Say("picture", "image"),
    "frames": Say(
        "{fps:.1f} fps · {p50:.1f} ms, p99 {p99:.1f} · {late} late",
        "{fps:.1f} i/s · {p50:.1f} ms, p99 {p99:.1f} · {late} tardives",
    ),
    "tick": Say("control", "pilotage"),
    "ticks": Say("{rate:.0f} ticks/s · p99 {p99:.2f} ms late", "{rate:.0f} cycles/s · p99 {p99:.2f} ms de retard"),
    "inputs": Say("inputs", "entrées"),
    "events": Say("{events} events", "{events} événements"),
    "link": Say("link", "lien"),
    "up": Say(
        "{peer} · {rtt:.0f} ms ⇄ · shown {lag:.0f} ms late · ↑{sent} ↓{received}",
        "{peer} · {rtt:.0f} ms ⇄ · vu {lag:.0f} ms après · ↑{sent} ↓{received}",
    ),
    "down": Say("{peer} · no line ({state})", "{peer} · pas de ligne ({state})"),
    "clock": Say("clock", "horloge"),
    "bound": Say("shared, within ± {bound:.1f} ms", "commune, à ± {bound:.1f} ms près"),
    "company": Say("company", "compagnie"),
    "hours": Say("hours", "horaires"),
    "together": Say("together", "ensemble"),
    "alone": Say("alone", "seul"),
    "asleep": Say("asleep over there", "là-bas, on dort"),
    "cut": Say("cut", "coupé"),
    "scene": Say("scene", "scène"),
    "next": Say("next", "à venir"),
    "bench": Say("bench", "atelier"),
    "paused": Say("time stopped at {time:.2f} s", "temps arrêté à {time:.2f} s"),
    "solo": Say("{layer} alone", "{layer} seul"),
    "guard": Say("flashes", "éclats"),
    "softened": Say("{windows} softened: more than three a second", "{windows} adouci : plus de trois par seconde"),
    "unguarded": Say("{windows} not guarded (flash_guard = false)", "{windows} sans garde (flash_guard = false)"),
    "restarts": Say("{count} restarts", "{count} redémarrages"),
    "alive": Say("alive", "vivante"),
    "silent": Say("silent", "muette"),
    "flooding": Say("flooding", "saturée"),
    "lost": Say("lost", "perdue"),
    "waiting": Say("waking", "s'éveille"),
}  # fmt: skip
WIDTH = 64
SHADES = {"together": "bold bright_yellow", "alone": "cyan", "asleep": "blue", "cut": "bold red"}


def site_panel(found: dict[str, Any], spoken: str) -> RenderableType:
    """One site's status as a panel."""
    if not found:
        return Panel(Text(WORDS["waiting"].told(spoken), style="dim"), width=WIDTH)
    name, site = next(iter(found["sites"].items()))
    company = found.get("company", "")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", min_width=9)
    grid.add_column(no_wrap=True)
    for label, text in _rows(found, site, spoken):
        grid.add_row(WORDS[label].told(spoken), text)
    title = f"[bold]{site.get('city', name)}[/bold]"
    parts: list[RenderableType] = [grid]
    for problem in found.get("problems", [])[-3:]:
        told = problem.get(spoken) or problem.get("en") or {}
        parts.append(Text(f"{told.get('file', '')}:{told.get('line', '')}: {told.get('found', '')}", style="yellow"))
    return Panel(
        Group(*parts), title=title, border_style=SHADES.get(company, "white").replace("bold ", ""), width=WIDTH
    )


def _rows(found: dict[str, Any], site: dict[str, Any], spoken: str) -> list[tuple[str, Text]]:
    def say(key: str, **words: Any) -> str:
        return WORDS[key].told(spoken, **words)

    frame, tick = site["frame_ms"], site.get("tick_late_ms", {"p99": 0.0})
    rate = site.get("ticks", 0) / max(site.get("seconds", 1.0), 0.1)
    company = found.get("company", "")
    inputs = " · ".join(
        f"{name} {say(one['state']) if one['state'] in WORDS else one['state']}"
        for name, one in found.get("inputs", {}).items()
    )
    rows = [
        ("company", Text(say(company) if company in WORDS else company, style=SHADES.get(company, ""))),
        ("scene", Text(f"{found.get('scene', '')}{' · ' + found['override'] if found.get('override') else ''}")),
        (
            "picture",
            Text(say("frames", fps=site["fps"], late=site["late_frames"], **{k: frame[k] for k in ("p50", "p99")})),
        ),
        ("tick", Text(say("ticks", rate=rate, p99=tick["p99"]))),
        ("inputs", Text(f"{say('events', events=site['events'])} · {inputs}")),
    ]
    bench = [say("paused", time=found["time"])] if found.get("time") is not None else []
    bench += [say("solo", layer=found["solo"])] if found.get("solo") else []
    if bench:
        rows.append(("bench", Text(" · ".join(bench), style="yellow")))
    if found.get("next"):
        coming = found["next"]
        rows.append(("next", Text(f"{coming['cue']} · {coming['when'].get(spoken, '')}")))
    stages = found.get("stages", {})
    for key, said in (("softens", "softened"), ("unguarded", "unguarded")):
        names = ", ".join(name for name, one in stages.items() if one.get(key))
        if names:
            rows.append(("guard", Text(say(said, windows=names), style="yellow")))
    rows += [("hours", Text(told.get(spoken, ""))) for told in found.get("hours", {}).values()]
    for peer, line in found.get("link", {}).items():
        if line["connected"]:
            text = say(
                "up",
                peer=peer,
                rtt=line["rtt_ms"],
                lag=line.get("lag_ms", 0.0),
                sent=_bytes(line["sent_bytes"]),
                received=_bytes(line["received_bytes"]),
            )
            rows.append(("link", Text(text)))
            rows.append(("clock", Text(say("bound", bound=line["clock_bound_ms"]))))
        else:
            rows.append(("link", Text(say("down", peer=peer, state=line.get("state", "")), style="red")))
    return rows


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.0f} TB"
