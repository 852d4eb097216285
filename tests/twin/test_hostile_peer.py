"""A peer that is trusted and does harm cannot slow, grow or crash a site, nor its line to an honest one.

The attackers, the site and the honest peer are processes of their own. What is asserted is life and bounds, no times;
`-s` prints the ticks' times.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from installation.twin import keys
from installation.twin.link import Peer
from tests.twin.attacker import FLOODS
from tests.twin.site import ROOT, Site, until

ATTACKS = [*FLOODS, "never_reads", "many", "strangers"]
PAIRS = {name: keys.made() for name in ("sf", "kyoto", *(f"evil{n}" for n in range(len(ATTACKS))))}
ALWAYS = ("deltas", "names", "wants", "letters", "never_reads", "many")
"""One of each sort; the others come with --soak."""
GROWTH = 200.0
"""Megabytes that all attacks together may cost: queues that are full, each of its bound."""


@pytest.fixture(scope="module")
def cities() -> Iterator[tuple[Site, Site]]:
    """San Francisco, which trusts Kyoto and every attacker; and Kyoto."""
    with contextlib.ExitStack() as ends:
        peers = [Peer(name, pair.public) for name, pair in PAIRS.items() if name != "sf"]
        sf = Site("sf", PAIRS["sf"], peers, keys=200, listen="tcp://127.0.0.1:*", module="tests.twin.busy")
        ends.callback(sf.kill)
        dial = f"tcp://127.0.0.1:{sf.port}"
        kyoto = Site("kyoto", PAIRS["kyoto"], [Peer("sf", PAIRS["sf"].public, dial)], keys=200)
        ends.callback(kyoto.kill)
        until(kyoto.connected)
        yield sf, kyoto


class Attack:
    """One attacker at work; `sent` is what it has managed to send."""

    def __init__(self, do: str, sf: Site) -> None:
        site = f"evil{ATTACKS.index(do)}"
        words: dict[str, Any] = {
            "do": do, "site": site, "pair": list(PAIRS[site]), "endpoint": sf.endpoint, "key": PAIRS["sf"].public,
        }  # fmt: skip
        self.site, self.sent, self.cut = site, 0, 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.twin.attacker", json.dumps(words)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def look(self) -> int:
        assert self.process.stdout
        self.sent, self.cut = json.loads(self.process.stdout.readline())
        return self.sent

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.mark.parametrize("do", [do if do in ALWAYS else pytest.param(do, marks=pytest.mark.soak) for do in ATTACKS])
def test_an_attack_by_a_trusted_peer_leaves_the_site_and_its_honest_peer_alone(
    cities: tuple[Site, Site], do: str
) -> None:
    sf, kyoto = cities
    before = sf.ask("ticks")["rss"]
    attack = Attack(do, sf)
    try:
        until(lambda: attack.look() > 20, 30.0)
        for value in (0.9, 0.1, 0.8):
            kyoto.ask("touch", "/scene/p3", [value])
            until(lambda: abs(sf.ask("read")[3] - value) < 0.01, 30.0)  # noqa: B023
            sf.ask("touch", "/scene/p4", [value])
            until(lambda: abs(kyoto.ask("read")[4] - value) < 0.01, 30.0)  # noqa: B023
        attack.look()
        ticks, line = sf.ask("ticks"), sf.ask("status")
        lost, evil = line["kyoto"]["losses"], line[attack.site]
        print(f"\n{do}: sent {attack.sent}, {evil['state']}, let go {evil['dropped']}, Kyoto lost {lost}, {ticks}")
        until(kyoto.connected, 30.0)
        assert not any("kyoto" in told and "shut out" in told for told in sf.ask("problems"))
        assert ticks["count"] > 0 and ticks["rss"] - before < GROWTH
    finally:
        attack.end()
