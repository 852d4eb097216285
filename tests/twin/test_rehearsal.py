"""A rehearsal finds what converges, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.library import Library
from installation.twin.mirror import Key, Mirror
from installation.twin.rehearsal import Rehearsal, Told
from tests.twin.network import KEYS, key
from tests.twin.site import ROOT

OCEANS = Library([ROOT])
CITIES = ("paris", "sf", "kyoto")


def rehearsed(folder: Path, cycles: int = 4, ocean: str = "atlantic", **other: list[Key]) -> Told:
    keys = {city: other.get(city, list(KEYS)) for city in CITIES}
    made = Rehearsal(keys, OCEANS.ocean(ocean), OCEANS.ocean, 1, folder)
    for _ in range(cycles):
        made.cycle()
    made.close()
    return made.told()


@pytest.mark.parametrize("ocean", ["atlantic", "storm"])
def test_all_that_is_shared_converges_and_no_entry_or_rise_is_lost_or_doubled(tmp_path: Path, ocean: str) -> None:
    told = rehearsed(tmp_path, ocean=ocean)
    assert [fate.address for fate in told.fates.values() if fate.agreed is None] == []
    assert told.journal[0] > 0 and told.journal[1:] == (0, 0)
    assert told.fates["/scene/bang"].given > 0 and told.fates["/scene/bang"][3:] == (0, 0)
    assert told.counted["cuts"] and told.counted["restarts"] and told.counted["lost"] and told.counted["doubled"]


def test_a_rehearsal_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert rehearsed(tmp_path / "one", 2).counted == rehearsed(tmp_path / "two", 2).counted


def test_what_the_cities_declare_differently_takes_no_part(tmp_path: Path) -> None:
    told = rehearsed(tmp_path, 1, sf=[key("latest", "mean"), key("other")])
    assert set(told.fates) == {"/scene/other"}


class Deaf(Mirror):
    """A mirror that takes nothing after its first snapshot."""

    def merge(self, arrived) -> None:  # type: ignore[no-untyped-def]
        super().merge([frame for frame in arrived if not frame.body or frame.body[0] != 18][:1])


def test_a_mirror_that_is_broken_on_purpose_is_found(tmp_path: Path) -> None:
    keys = {city: list(KEYS) for city in CITIES}
    made = Rehearsal(keys, OCEANS.ocean("lan"), OCEANS.ocean, 1, tmp_path, kind=Deaf)
    made.cycle()
    made.close()
    assert any(fate.agreed is None for fate in made.told().fates.values())
