"""Whatever the network does, the sites agree once it is calm; and this test would show it if they did not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from installation.twin.mirror import Mirror, Reading
from tests.twin.network import SITES, Network

SITE = st.sampled_from(SITES)
NUMBER = st.floats(0, 1, width=16)
PICK = st.integers(0, 1 << 20)
SHARED = st.sampled_from(("each", "latest", "other", "highest", "sum", "mean", "lamp"))


class Ocean(RuleBasedStateMachine):
    """Three sites whose network loses, doubles and reorders; after a calm they must agree."""

    kind: type[Mirror] = Mirror

    def __init__(self) -> None:
        super().__init__()
        self.network = Network(kind=self.kind)
        self.saved: dict[str, bytes] = {}
        self.calms = 0

    @rule(site=SITE, name=SHARED, number=NUMBER, skew=st.sampled_from((0.0, 0.0, 0.2, -0.2)))
    def touch(self, site: str, name: str, number: float, skew: float) -> None:
        self.network.mirrors[site].touch(f"/scene/{name}", (number,), self.network.now + skew)

    @rule(site=SITE, numbers=st.tuples(NUMBER, NUMBER, NUMBER, NUMBER))
    def colour(self, site: str, numbers: tuple[float, ...]) -> None:
        self.network.mirrors[site].touch("/scene/colour", numbers, self.network.now)

    @rule(site=SITE, name=SHARED, to=NUMBER, length=st.floats(0, 10, width=16))
    def fade(self, site: str, name: str, to: float, length: float) -> None:
        self.network.mirrors[site].fade(f"/scene/{name}", None, (to,), self.network.now, length)

    @rule(site=SITE, name=SHARED, number=NUMBER)
    def hold(self, site: str, name: str, number: float) -> None:
        self.network.mirrors[site].hold(f"/scene/{name}", (number,), self.network.now)

    @rule(site=SITE, name=SHARED)
    def release(self, site: str, name: str) -> None:
        self.network.mirrors[site].release(f"/scene/{name}", self.network.now)

    @rule(site=SITE)
    def rise(self, site: str) -> None:
        self.network.mirrors[site].rise("/scene/bang")

    @rule(seconds=st.sampled_from((0.02, 0.3, 5.1)))
    def tick(self, seconds: float) -> None:
        self.network.tick(seconds)

    @rule(which=PICK)
    def deliver_any(self, which: int) -> None:
        if self.network.under_way:
            self.network.deliver(which % len(self.network.under_way))

    @rule()
    def deliver_all(self) -> None:
        while self.network.under_way:
            self.network.deliver()

    @rule(which=PICK)
    def lose(self, which: int) -> None:
        if self.network.under_way:
            self.network.under_way.pop(which % len(self.network.under_way))

    @rule()
    def lose_all(self) -> None:
        self.network.under_way.clear()

    @rule(which=PICK)
    def double(self, which: int) -> None:
        if self.network.under_way:
            self.network.under_way.append(self.network.under_way[which % len(self.network.under_way)])

    @rule(site=SITE)
    def save(self, site: str) -> None:
        self.saved[site] = self.network.mirrors[site].saved()

    @rule(site=SITE, remembers=st.booleans())
    def restart(self, site: str, remembers: bool) -> None:
        self.network.restart(site, self.saved.get(site) if remembers else None)

    @rule()
    def agree(self) -> None:
        if self.calms < 2:
            self.calms += 1
            self.network.calm()
            assert self.network.diverged() == []

    def teardown(self) -> None:
        self.network.calm()
        assert self.network.diverged() == []


class Undigested(Mirror):
    """A mirror that never sends a digest."""

    def _digests(self, peer: object, now: float) -> list[bytes]:
        return []


class Stampless(Mirror):
    """A mirror in which `latest` is what arrived last, whatever its stamp."""

    def _apply(self, row, parts) -> None:  # type: ignore[no-untyped-def]
        self.last = row
        super()._apply(row, parts)

    def _latest(self, into: Reading) -> None:
        row, ids = getattr(self, "last", self._own), self._by_rule["latest"]
        into.columns[ids] = row.values[ids]


_CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
_USUAL = settings(max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=_CHECKS)


def _machine(mirror: type[Mirror]) -> type[Ocean]:
    return type(f"Ocean{mirror.__name__}", (Ocean,), {"kind": mirror})


def test_three_sites_agree_after_loss_doubling_reordering_and_restarts() -> None:
    run_state_machine_as_test(Ocean, settings=_USUAL)


@pytest.mark.soak
def test_three_sites_agree_after_a_long_storm() -> None:
    run_state_machine_as_test(Ocean, settings=settings(_USUAL, max_examples=1500, stateful_step_count=120))


@pytest.mark.parametrize("broken", [Undigested, Stampless])
def test_this_test_finds_a_mirror_that_is_broken_on_purpose(broken: type[Mirror]) -> None:
    seeking = settings(_USUAL, max_examples=200, derandomize=True, phases=(Phase.generate,))
    with pytest.raises(AssertionError):
        run_state_machine_as_test(_machine(broken), settings=seeking)
