"""One lane to one peer: dialled or called, greeted, beaten, lost, and dialled again for ever.

Everything here stands behind the link's lock. A lane knows nothing of the others, so none waits for another; only what
is of the peer (which run of it, whether it floods, what was told) is in `Line`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import zmq
import zmq.utils.z85

from installation.score.problem import Problem, Row
from installation.twin import greetings, lanes, problems, wire
from installation.twin.inbox import Inbox
from installation.twin.keys import fingerprint
from installation.twin.lanes import BULK, JOURNAL, LANES, PRESENCE, STATE
from installation.twin.limits import Limits
from installation.twin.ways import Called, Dialled, Way
from installation.twin.wire import Garbled

if TYPE_CHECKING:
    from installation.twin.link import Link

BEAT_EVERY, SILENCE = (0.2, 0.5, 0.5, 0.5), (1.0, 3.0, 3.0, 3.0)
"""By lane. The state's is short: it decides how soon a line that is back is noticed."""
FULL, STUCK, STALE = 1.5, 10.0, 0.5
"""Seconds without an answer: nothing is added; the way is given up; presence waits."""
PING_FAST, PING_SLOW, FAST_FOR = 0.25, 1.0, 5.0
RETRY_FIRST, RETRY_SOON, RETRY_LATE, PATIENCE = 0.1, 0.25, 1.0, 60.0
FAILURES = 8
"""Handshakes in a row that end without a word: the other site has another key than we think."""
ATTEMPT, ATTEMPTS = 3.0, 16
UNRESOLVED = 0.05


class Peer(NamedTuple):
    """Another site: its public key (Z85, "" when there is none), where it is dialled unless it calls, its next key."""

    site: str
    key: str
    dial: str | None = None
    also: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key in (self.key, self.also) if key)


class Line:
    """What the link knows of one peer, whichever lane it is on."""

    def __init__(self, link: Link, peer: Peer, now: float) -> None:
        self.link, self.peer, self.limits = link, peer, Limits()
        self.state, self.since, self.epoch, self.software = "silent" if peer.keys else "untrusted", now, 0, ""
        self.wire, self.layouts, self.key = link.wire, link.layouts, ""
        self.sent_bytes = self.received_bytes = self.dropped = self.garbled = self.unshared = self.drops = 0
        self.told: set[str] = set()
        self.rival_at = 0.0
        self.accepted, self.announced = b"", b""
        self.callers = 0
        self.inbox = Inbox()
        self.presence, self.outgoing, self.incoming = lanes.Newest(), lanes.Outgoing(), lanes.Incoming()
        self.lanes = [Lane(link, self, lane, now) for lane in range(len(LANES))]

    def turn(self, state: str, now: float) -> None:
        if state != self.state:
            self.state, self.since = state, now

    def shares(self, lane: int) -> bool:
        """Whether both sites mean the same by the frames of this lane."""
        ours, theirs = self.link.layouts, self.layouts
        return lane < min(len(theirs), len(ours)) and theirs[lane] == ours[lane]

    def status(self, now: float) -> dict[str, Any]:
        """As `Link.status` gives it."""
        site, shared = self.peer.site, self.link.shared
        return {
            "connected": self.state == "up",
            "software": self.software,
            "wire": self.wire,
            "state": self.state,
            "since": self.since,
            "rtt_ms": round(shared.rtt(site) * 1e3, 3),
            "clock_bound_ms": round(shared.bound_to(site, now) * 1e3, 3),
            "sent_bytes": self.sent_bytes,
            "received_bytes": self.received_bytes,
            "dropped": self.dropped + self.presence.dropped + self.outgoing.dropped,
            "garbled": self.garbled,
            "unshared": self.unshared,
            "losses": self.drops,
            "lanes": {LANES[lane.number]: self._lane(lane) for lane in self.lanes},
            "key": fingerprint(self.key) if self.key else "",
            "has_next_key": self.peer.site in self.link.accepted(),
        }

    def _lane(self, lane: Lane) -> str:
        if not self.shares(lane.number) and self.state == "up":
            return "unlike"
        return "up" if lane.greeted else "down" if lane.wanted else "idle"

    def tell(self, what: str, row: Row, **words: Any) -> None:
        if what not in self.told:
            self.told.add(what)
            self.link.tell(Problem("", 0, row, {"site": self.peer.site, **words}))


class Lane:
    """One connection to one site, and the attempts at it."""

    def __init__(self, link: Link, line: Line, number: int, now: float) -> None:
        self.link, self.line, self.number = link, line, number
        self.way: Way | None = None
        self.attempts: list[Dialled] = []
        self.greeted, self.wanted = False, number in (STATE, JOURNAL)
        self.retry_at, self.retry, self.down_at = now, RETRY_FIRST, now
        self.beat_at = self.ping_at = self.fast_until = now
        self.failures, self.slow, self.tries = 0, False, 0

    # What time alone brings about.

    def keep(self, now: float) -> None:
        """Beats, pings, silence, a new attempt."""
        way = self.way
        if way is not None and (now - way.heard > self._silence() or way.age(now) > STUCK):
            self.lost(now)
        elif way is not None:
            if now >= self.beat_at:
                self.beat_at = now + BEAT_EVERY[self.number]
                self.put(way, greetings.beat(way.received), now)
            if self.number == STATE and now >= self.ping_at:
                self.ping_at = now + (PING_FAST if now < self.fast_until else PING_SLOW)
                self.put(way, greetings.ping(self.link.clock.now()), now)
            self.pump(now)
        if self.way is None and self._dials() and now >= self.retry_at and not self.line.limits.shut(now):
            self._dial(now)

    def _silence(self) -> float:
        """What is long for a lane while the state's is up is not when that is lost: then the whole line may be."""
        return SILENCE[self.number if self.line.lanes[STATE].greeted else STATE]

    def due(self) -> list[float]:
        """When `keep` has something to do next."""
        if self.way is not None:
            return [self.beat_at, self.ping_at] if self.number == STATE else [self.beat_at]
        return [self.retry_at] if self._dials() else []

    def _dials(self) -> bool:
        peer = self.line.peer
        beside = self.number in (STATE, JOURNAL) or (self.wanted and self.line.lanes[STATE].greeted)
        return bool(peer.dial and peer.keys and beside)

    def _dial(self, now: float) -> None:
        """A new attempt beside those that wait: on a line that is back, the newest is heard first."""
        for old in [a for a in self.attempts if now - a.born > ATTEMPT][:ATTEMPTS] + self.attempts[: 1 - ATTEMPTS]:
            self._drop(old)
        address = self._address(now)
        if not address:
            return
        ceiling = RETRY_SOON if now - self.down_at < PATIENCE else RETRY_LATE
        if self.slow:
            ceiling = self.retry = RETRY_LATE
        self.retry = min(ceiling, self.retry * 1.5)
        self.retry_at = now + self.retry * self.link.random.uniform(0.8, 1.0)
        keys = self.line.peer.keys
        key, self.tries = keys[self.tries % len(keys)], self.tries + 1
        try:
            way = Dialled(self.link.context, self.link.pair, address, key, now)
        except zmq.ZMQError as fault:
            self._undiallable(address, str(fault), now)
            return
        self.attempts.append(way)
        hello = self.link.hello(self.number)
        way.put(hello, now)
        self.line.sent_bytes += len(hello)
        self.link.watch(way.socket, lambda: self._on_dialled(way))
        self.link.watch(way.monitor, lambda: self._on_event(way))

    def _address(self, now: float) -> str:
        """Where to dial now: of several addresses of one name each in turn; "" while the name is being asked for."""
        dial = self.line.peer.dial or ""
        found = self.link.resolver.addresses(dial, now)
        if found:
            return found[(self.tries // len(self.line.peer.keys)) % len(found)]
        if reason := self.link.resolver.reason(dial):
            self._undiallable(dial, reason, now)
        else:
            self.retry_at = now + UNRESOLVED
        return ""

    def _undiallable(self, address: str, reason: str, now: float) -> None:
        self.retry_at = now + RETRY_LATE
        self.line.tell("address", problems.ADDRESS, address=address, reason=reason)

    def _drop(self, way: Dialled) -> None:
        self.link.forget(way.socket)
        self.link.forget(way.monitor)
        if way in self.attempts:
            self.attempts.remove(way)
        way.close()

    # What the connection says.

    def _on_dialled(self, way: Dialled) -> None:
        for frame in way.frames(self.link.turn):
            self.on_frame(way, frame, self.link.clock.now())
            if way.closed:
                return
        self.link.left(way.socket)

    def _on_event(self, way: Dialled) -> None:
        event, now = way.event(), self.link.clock.now()
        self.link.left(way.monitor)
        if event == "joined":
            if self.way is None:
                self._up(way, now)
        elif event:
            self._drop(way)
            self.failures = self.failures + 1 if event == "failed" else 0
            self.slow = event == "refused" and len(self.line.peer.keys) < 2
            if self.number == STATE and (event == "refused" or self.failures >= FAILURES):
                self.line.turn("refused", now)
                self.line.tell("key", problems.KEY_REFUSED)
            if self.way is way:
                self.lost(now)

    def _up(self, way: Way, now: float) -> None:
        before, self.way, self.greeted = self.way, way, False
        if isinstance(before, Called):
            before.cut()
        way.heard = now
        self.retry, self.fast_until = RETRY_FIRST, now + FAST_FOR
        self.beat_at = self.ping_at = now
        for old in [a for a in self.attempts if a is not way]:
            self._drop(old)
        if self.number == BULK:
            self.line.outgoing.anew()
            self.line.incoming.anew()
        self._come_up(now)

    def _come_up(self, now: float) -> None:
        if self.number in (STATE, JOURNAL):
            self.link.hand_over(self.line, b"", self.number, now)

    def lost(self, now: float) -> None:
        """The way is gone; the next attempt begins at once."""
        if self.greeted:
            self.down_at = now
            if self.number == STATE:
                self.line.drops += 1
                self.line.turn("silent", now)
        self.give_up()
        self.retry, self.retry_at = RETRY_FIRST, max(now, self.line.limits.shut_until)

    def give_up(self) -> None:
        if isinstance(self.way, Called) and self.way.cut_at == math.inf:
            self.way.cut()
        self.way, self.greeted = None, False
        for way in list(self.attempts):
            self._drop(way)

    def put(self, way: Way, body: bytes, now: float) -> bool:
        if not way.put(body, now):
            self.line.dropped += 1
            return False
        self.line.sent_bytes += len(body)
        self.link.left(way.socket)
        return True

    def send(self, frames: list[bytes], now: float) -> None:
        """All of them, or the mirror is told that the line has come up anew, which makes good what was let go."""
        way = self.way
        if way is None or not self.line.shares(self.number):
            return
        if not all([self.put(way, frame, now) for frame in frames]):
            self._come_up(now)

    def full(self, now: float) -> bool:
        return self.way is None or self.way.age(now) > FULL or not self.line.shares(self.number)

    def pump(self, now: float) -> None:
        """Presence and bulk that wait, as much as may go."""
        way, line = self.way, self.line
        if way is None or not self.greeted or self.number not in (PRESENCE, BULK) or not line.shares(self.number):
            return
        if self.number == PRESENCE:
            if way.age(now) <= STALE:
                for body in line.presence.take():
                    self.put(way, body, now)
            return
        while (piece := line.outgoing.next(now)) is not None:
            if not self.put(way, piece, now):
                line.outgoing.back(piece)
                return

    def on_frame(self, way: Way, frame: bytes, now: float) -> None:
        line = self.line
        way.heard, way.received = now, way.received + 1
        line.received_bytes += len(frame)
        if not line.limits.allows(self.number, frame, now):
            line.dropped += 1
            if line.limits.exhausted(len(frame), now):
                self.link.shut_out(line, way, now)
            return
        try:
            self._read(way, frame, now)
        except Garbled:
            line.garbled += 1

    def _read(self, way: Way, frame: bytes, now: float) -> None:
        kind, line = frame[0] if frame else 0, self.line
        if kind == wire.HELLO:
            self.greet(way, greetings.read_hello(frame), now)
        elif kind == wire.REFUSE:
            self._refused(way, *greetings.read_refusal(frame), now)
        elif way is not self.way or not self.greeted:
            return
        elif kind >= wire.NAMES:
            self._content(frame, kind, now)
        elif kind == wire.PING:
            answer = self.link.clock.now()
            self.put(way, greetings.pong(greetings.read_ping(frame), now, answer, self.link.shared.line), now)
        elif kind == wire.PONG:
            sent, received, answered, told = greetings.read_pong(frame)
            self.link.shared.hear(line.peer.site, (sent, received, answered, now), told)
        elif kind == wire.BEAT:
            way.acknowledge(greetings.read_beat(frame))
            self.pump(now)
        else:
            self._seldom(frame, kind, now)

    def _seldom(self, frame: bytes, kind: int, now: float) -> None:
        line = self.line
        if kind == wire.NOTICE:
            line.tell("runs", problems.TWO_RUNS, site=self.link.site)
        elif kind == wire.LANE:
            wanted = greetings.read_lane(frame)
            if wanted < len(line.lanes):
                line.lanes[wanted].wanted = True
        elif kind == wire.KEY:
            self.link.offered(line, greetings.read_key(frame))
        elif kind == wire.KEYED:
            line.accepted = greetings.read_key(frame)
        elif kind == wire.CREDIT and self.number == BULK:
            line.outgoing.credit(*greetings.read_credit(frame), now)
            self.pump(now)
        else:
            line.garbled += 1

    def _content(self, frame: bytes, kind: int, now: float) -> None:
        """What is not the link's own: to the tick, when both sites mean the same by it."""
        line = self.line
        if lanes.lane_of(kind) != self.number:
            line.garbled += 1
        elif not line.shares(self.number):
            line.unshared += 1
        elif self.number == BULK and not line.incoming.add(len(frame)):
            line.dropped += 1
        else:
            if line.wire != self.link.wire:
                frame = frame[:1] + bytes((wire.WIRE,)) + frame[2:]
            self.link.hand_over(line, frame, self.number, now)

    # Hello.

    def greet(self, way: Way, hello: greetings.Hello, now: float) -> None:
        line = self.line
        reason = self._objection(way, hello, now)
        if reason:
            self.put(way, greetings.refusal(reason), now)
            return
        if isinstance(way, Called):
            self.put(way, self.link.hello(self.number), now)
        if self.way is not way:
            self._up(way, now)
        self.greeted, self.failures, self.slow = True, 0, False
        if self.number == STATE:
            line.epoch, line.software = hello.epoch, hello.software
            line.wire, line.layouts, line.key = hello.wire, hello.layouts, way.key
            line.told.clear()
            line.rival_at = 0.0
            line.turn("up", now)
            self._other_version()
            self.link.greeted(line, now)
        self.pump(now)

    def _other_version(self) -> None:
        """The staff of both sites hear of it; clock, company and what both know go on."""
        line, link = self.line, self.link
        if line.wire != link.wire or not all(map(line.shares, (STATE, JOURNAL))):
            row = problems.VERSION if line.shares(STATE) and line.shares(JOURNAL) else problems.VERSION_PARTS
            line.tell("version", row, theirs=line.wire, ours=link.wire)

    def _objection(self, way: Way, hello: greetings.Hello, now: float) -> int:
        """Why this hello is not welcome; 0 when it is."""
        line = self.line
        site = line.peer.site
        if hello.site != site:
            line.tell("name", problems.NAME, theirs=hello.site)
            return greetings.NAME
        other = self.way
        if self.number != STATE and line.lanes[STATE].greeted and hello.epoch != line.epoch:
            return greetings.EPOCH
        if other is None or other is way or not self.greeted or now - other.heard > SILENCE[self.number]:
            return 0
        if self.number == STATE and hello.epoch != line.epoch:
            return self._rival(other, now)
        return greetings.DOUBLE if isinstance(other, Dialled) and self.link.site < site else 0

    def _rival(self, other: Way, now: float) -> int:
        """A second run of a site; a first one that was killed a moment ago looks alike, until its silence tells."""
        line = self.line
        if not self.put(other, greetings.beat(other.received), now):
            return 0
        line.rival_at = line.rival_at or now
        if other.heard - line.rival_at > SILENCE[STATE]:
            self.put(other, greetings.notice(), now)
            line.tell("runs", problems.TWO_RUNS)
        return greetings.EPOCH

    def _refused(self, way: Way, version: int, reason: int, now: float) -> None:
        line = self.line
        if self.number == STATE or reason == greetings.FLOOD:
            self._told_why(version, reason, now)
        if isinstance(way, Dialled):
            self._drop(way)
        if self.way is way or self.way is None:
            self.way, self.greeted = None, False
            self.slow = reason != greetings.DOUBLE if self.number == STATE else reason == greetings.FLOOD
            if self.slow and self.number == STATE:
                line.turn("version" if reason == greetings.VERSION else "refused", now)
            self.retry_at = now + RETRY_SOON

    def _told_why(self, version: int, reason: int, now: float) -> None:
        line, ours = self.line, self.link.site
        if reason == greetings.VERSION:
            line.tell("version", problems.VERSION_REFUSED, theirs=version, ours=self.link.wire)
        elif reason == greetings.EPOCH:
            line.rival_at = line.rival_at or now
            if now - line.rival_at > 2 * SILENCE[STATE]:
                line.tell("runs", problems.TWO_RUNS, site=ours)
        elif reason == greetings.NAME:
            line.tell("name", problems.NAME, theirs=ours)
        elif reason == greetings.FLOOD:
            line.tell("flood", problems.FLOODED_BY_US)
