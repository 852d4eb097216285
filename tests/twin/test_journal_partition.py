"""A line that is cut for days: both sides write, and what they wrote is on both sides soon after it is back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.twin import keys
from installation.twin.link import Peer
from tests.twin.sea import Line, free_port
from tests.twin.site import Site, until


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    port = free_port()
    found = Line(port, "atlantic", tmp_path)
    found.to = port  # type: ignore[attr-defined]
    found.say("hole")
    yield found
    found.close()


def rejoined(line: Line, folder: Path, count: int, size: int) -> dict[str, float]:
    """Both write so many entries of so many bytes behind a cut line, then it comes back."""
    pairs = keys.made(), keys.made()
    sf = Site("sf", pairs[0], [Peer("paris", pairs[1].public, None)],
              listen=f"tcp://127.0.0.1:{line.to}", journal=str(folder / "sf.db"))  # type: ignore[attr-defined]  # fmt: skip
    paris = Site("paris", pairs[1], [Peer("sf", pairs[0].public, f"tcp://127.0.0.1:{line.port}")],
                 journal=str(folder / "paris.db"))  # fmt: skip
    try:
        before, after = zip(*(site.ask("fill", count, size) for site in (sf, paris)), strict=True)
        began = time.monotonic()
        line.say("mend")
        most = 0.0

        def done() -> bool:
            nonlocal most
            found = [site.ask("rejoined") for site in (sf, paris)]
            most = max(most, *(one["rss"] for one in found))
            return all(one["came"] == count and not one["waiting"] for one in found)

        until(done, 600.0)
        took = time.monotonic() - began
        assert all(site.ask("rejoined")["right"] for site in (sf, paris)), "lost, doubled or out of order"
        return {"seconds": took, "before": max(before), "filled": max(after), "most": most}
    finally:
        for site in (sf, paris):
            site.kill()


def test_two_thousand_entries_a_side_are_on_both_when_the_line_is_back(line: Line, tmp_path: Path) -> None:
    rejoined(line, tmp_path, 2000, 40)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_a_hundred_thousand_a_side_rejoin_in_ten_seconds_of_an_atlantic_line(line: Line, tmp_path: Path) -> None:
    found = rejoined(line, tmp_path, 100_000, 40)
    print(found)
    assert found["filled"] - found["before"] < 60.0, "what waits is on the disk, not in memory"
