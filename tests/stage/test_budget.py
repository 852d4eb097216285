"""What gives way when a frame costs more than there is: with costs that follow the pixels, as a GPU's do."""

from __future__ import annotations

import pytest

from installation.score.problem import Problem
from installation.stage.guard.budget import LONGEST, SCALES, Budget

PERIOD = 1.0 / 60.0


class Machine:
    """A machine on which each layer costs its milliseconds times its pixels, and `fixed` is what no pixel costs."""

    def __init__(self, fixed: float = 0.0, **costs: float) -> None:
        self.told: list[Problem] = []
        self.fixed, self.costs, self.now = fixed, costs, 0.0
        self.budget = Budget(PERIOD, self.told.extend)
        self.budget.begin("a/scene.toml", costs, costs)

    @property
    def cost(self) -> float:
        scaled = (ms * self.budget.scales[name] ** 2 for name, ms in self.costs.items())
        return (self.fixed + sum(scaled)) / 1e3

    def run(self, seconds: float) -> list[float]:
        """Frames for so long; every cost that was had after a change."""
        end, changes = self.now + seconds, []
        while self.now < end:
            cost = self.cost
            self.now += max(PERIOD, cost)
            if self.budget.add(self.now, cost):
                changes.append(self.cost)
        return changes


def test_within_its_budget_nothing_changes() -> None:
    machine = Machine(a=10.0, b=5.0)
    assert not machine.run(60.0) and set(machine.budget.scales.values()) == {1.0} and not machine.told


def test_a_few_dear_frames_change_nothing() -> None:
    machine = Machine(a=10.0)
    for n in range(600):
        machine.budget.add(n * PERIOD, 0.04 if n % 3 == 0 else 0.01)
    assert machine.budget.scales == {"a": 1.0}


def test_the_dearest_layer_shrinks_within_seconds_until_frames_are_in_time() -> None:
    machine = Machine(cheap=4.0, dear=37.0)
    machine.run(5.0)
    assert machine.budget.scales == {"cheap": 1.0, "dear": 0.5} and machine.cost < PERIOD
    en, fr = (machine.told[0].told(language).found for language in ("en", "fr"))
    assert en == "the layer dear is drawn at 50 % of its size: a frame took 41 ms, 17 ms are there"
    assert fr.startswith("la couche dear est dessinée à 50 % de sa taille") and len(machine.told) == 1


def test_it_grows_again_when_there_is_room_and_does_not_swing() -> None:
    machine = Machine(dear=41.0)
    machine.run(10.0)
    small = machine.budget.scales["dear"]
    machine.costs["dear"] = 9.0
    machine.run(60.0)
    assert small == 0.5 and machine.budget.scales["dear"] == 1.0
    machine.costs["dear"] = 20.0  # between two steps: one fits well, the next does not
    assert len(machine.run(600.0)) <= 4


def test_where_pixels_are_not_what_it_costs_all_stay_at_their_size_and_that_is_told() -> None:
    machine = Machine(fixed=30.0, a=0.1, b=0.1)
    machine.run(20.0)
    assert set(machine.budget.scales.values()) == {1.0}
    assert (
        "does not help" in machine.told[-1].told("en").found and "n'y change rien" in machine.told[-1].told("fr").found
    )


@pytest.mark.parametrize("cost", [1e3, 1e4])
def test_however_dear_no_layer_shrinks_below_a_quarter(cost: float) -> None:
    machine = Machine(a=cost)
    machine.run(LONGEST)
    assert machine.budget.scales["a"] == SCALES[-1]
