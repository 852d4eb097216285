"""Whatever the network does, the sites agree once it is calm; and this test would show it if they did not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from installation.twin.mirror import Mirror, Reading
from tests.twin.network import SITES, WIDE, Network, key

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


FIVE = ("kyoto", "lima", "oslo", "paris", "sf")
FEWER = (key("latest"), key("hand", "latest")._replace(ttl=2.0), key("new", "each"), WIDE[8])
NARROW = 1500.0
WHO = st.integers(0, 59)


class Oceans(RuleBasedStateMachine):
    """Any number of sites: lines that part, clocks that step, scenes that change here and there, narrow lines."""

    sites: tuple[str, ...] = FIVE

    def __init__(self) -> None:
        super().__init__()
        self.network = Network(self.sites, WIDE)
        self.saved: dict[str, bytes] = {}

    def site(self, who: int) -> str:
        return self.sites[who % len(self.sites)]

    def now(self, who: int) -> float:
        return self.network.now + self.network.skew[self.site(who)]

    @rule(who=WHO, name=st.sampled_from((*(k.address for k in WIDE[:6]), "/scene/hand", "/scene/lamp")), number=NUMBER)
    def touch(self, who: int, name: str, number: float) -> None:
        self.network.mirrors[self.site(who)].touch(name, (number,), self.now(who))

    @rule(who=WHO, number=NUMBER)
    def sweep(self, who: int, number: float) -> None:
        for n in range(20):
            self.network.mirrors[self.site(who)].touch(f"/scene/each{n}", (number,), self.now(who))

    @rule(who=WHO, numbers=st.tuples(NUMBER, NUMBER, NUMBER, NUMBER))
    def colour(self, who: int, numbers: tuple[float, ...]) -> None:
        self.network.mirrors[self.site(who)].touch("/scene/colour", numbers, self.now(who))

    @rule(who=WHO, name=SHARED, to=NUMBER, length=st.floats(0, 10, width=16))
    def fade(self, who: int, name: str, to: float, length: float) -> None:
        self.network.mirrors[self.site(who)].fade(f"/scene/{name}", None, (to,), self.now(who), length)

    @rule(who=WHO, name=SHARED, number=NUMBER, held=st.booleans())
    def hold(self, who: int, name: str, number: float, held: bool) -> None:
        mirror = self.network.mirrors[self.site(who)]
        if held:
            mirror.hold(f"/scene/{name}", (number,), self.now(who))
        else:
            mirror.release(f"/scene/{name}", self.now(who))

    @rule(who=WHO)
    def rise(self, who: int) -> None:
        self.network.mirrors[self.site(who)].rise("/scene/bang")

    @rule(seconds=st.sampled_from((0.02, 0.3, 2.5, 5.1)))
    def tick(self, seconds: float) -> None:
        self.network.tick(seconds)

    @rule()
    def flow(self) -> None:
        for _ in range(10):
            self.network.tick(0.05)
            self.deliver_all()

    @rule()
    def deliver_all(self) -> None:
        while self.network.under_way:
            self.network.deliver()

    @rule(which=PICK, what=st.sampled_from(("deliver", "lose", "double")))
    def disturb(self, which: int, what: str) -> None:
        way = self.network.under_way
        if way and what == "double":
            way.append(way[which % len(way)])
        elif way:
            self.network.deliver(which % len(way)) if what == "deliver" else way.pop(which % len(way))

    @rule(one=WHO, other=WHO)
    def part(self, one: int, other: int) -> None:
        if self.site(one) != self.site(other):
            self.network.part(self.site(one), self.site(other))

    @rule()
    def mend(self) -> None:
        self.network.mend()

    @rule(who=WHO, seconds=st.sampled_from((-3600.0, -0.2, 0.0, 0.2, 3600.0)))
    def step(self, who: int, seconds: float) -> None:
        self.network.skew[self.site(who)] = seconds

    @rule(who=WHO, fewer=st.booleans())
    def change_scene(self, who: int, fewer: bool) -> None:
        self.network.mirrors[self.site(who)].declare(FEWER if fewer else WIDE)

    @rule(who=WHO, remembers=st.booleans(), narrow=st.booleans())
    def restart(self, who: int, remembers: bool, narrow: bool) -> None:
        site = self.site(who)
        saved = self.saved.get(site)
        self.saved[site] = self.network.mirrors[site].saved()
        self.network.budgets = dict.fromkeys(self.sites, NARROW) if narrow else {}
        self.network.restart(site, saved if remembers else None)

    def teardown(self) -> None:
        for mirror in self.network.mirrors.values():
            mirror.declare(WIDE)
        self.network.skew = dict.fromkeys(self.sites, 0.0)
        self.network.calm(30.0)
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


@pytest.mark.parametrize("count", [2, 3, 5])
def test_any_number_of_sites_agree_after_partitions_clock_steps_scene_changes_and_narrow_lines(count: int) -> None:
    machine = type(f"Oceans{count}", (Oceans,), {"sites": FIVE[-count:]})
    run_state_machine_as_test(
        machine, settings=settings(_USUAL, max_examples=15, stateful_step_count=30, derandomize=True)
    )


@pytest.mark.soak
@pytest.mark.parametrize("count", [2, 3, 5])
def test_any_number_of_sites_agree_after_a_long_storm(count: int) -> None:
    machine = type(f"LongOceans{count}", (Oceans,), {"sites": FIVE[-count:]})
    run_state_machine_as_test(machine, settings=settings(_USUAL, max_examples=150, stateful_step_count=60))


@pytest.mark.soak
def test_three_sites_agree_after_a_long_storm() -> None:
    run_state_machine_as_test(Ocean, settings=settings(_USUAL, max_examples=1500, stateful_step_count=120))


@pytest.mark.parametrize("broken", [Undigested, Stampless])
def test_this_test_finds_a_mirror_that_is_broken_on_purpose(broken: type[Mirror]) -> None:
    seeking = settings(_USUAL, max_examples=200, derandomize=True, phases=(Phase.generate,))
    with pytest.raises(AssertionError):
        run_state_machine_as_test(_machine(broken), settings=seeking)
