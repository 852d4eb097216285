"""The line to the other sites. The tick reads and sends on it directly; a thread of its own keeps the ways open.

The thread beats, pings and dials, and it reads in the tick's place when that has not come for `LATE` seconds, so a tick
that loads a scene neither loses the line nor lets a ping wait. One lock stands before all sockets. It reads no file and
knows nothing of what the frames say. See decisions/0011-the-tick-holds-the-line.md for why it is done so.
"""

from __future__ import annotations

import contextlib
import math
import queue
import random
import select
import selectors
import threading
from collections.abc import Callable
from typing import Any

import zmq
import zmq.utils.z85

from installation.clock import Clock
from installation.score.problem import Fault, Problem
from installation.twin import greetings, lanes, problems, ways, wire
from installation.twin.keys import Pair, sound
from installation.twin.lane import SILENCE, Lane, Line, Peer
from installation.twin.lanes import BULK, JOURNAL, LANES, PRESENCE, STATE
from installation.twin.offset import SharedTime
from installation.twin.resolve import Resolver
from installation.twin.ways import Called, Door, Wake, Way
from installation.twin.wire import Arrived

__all__ = ["SILENCE", "Arrived", "Link", "Peer"]

_TURN = 256
STEER_EVERY = 4.0
"""Seconds between two looks at the host's own date."""
LATE = 0.1
"""A tick that has not come for so many seconds is stood in for."""
CALLERS_EACH, CALLER_SILENT = 12, 10.0
"""Connections under one key at the door at most; seconds after which a silent one is forgotten."""
FAREWELL = 0.1
"""Seconds between the word to one who is shut out and the end of the connection."""
KNOCKS = 64
TIDY = 1.0
SOFTWARE = "jumelage 0.1"


class Link:
    """Starts its thread at once; `close` ends it. `shared` is the clock that the pings keep.

    `listen` is an address such as `tcp://*:7700` (IPv6 and IPv4); one without it only dials. Raises Fault when a key
    or an address is wrong. `wake` is a file number, readable when `received` may have something.
    """

    def __init__(
        self, site: str, epoch: int, pair: Pair, peers: list[Peer], clock: Clock, listen: str | None = None,
        shared: SharedTime | None = None, software: str = SOFTWARE, version: int = wire.WIRE,
        layouts: tuple[int, ...] = wire.LAYOUTS,
    ) -> None:  # fmt: skip
        self.site, self.epoch, self.shared = site, epoch, shared or SharedTime(clock.now(), clock.wall())
        self.pair, self.clock, self.wire, self.layouts, self.turn = pair, clock, version, layouts, _TURN
        self._hellos = [greetings.hello(epoch, site, software, version, n, layouts) for n in range(len(LANES))]
        self._sites = _sites(site, pair, peers)
        self._lines = {peer.site: Line(self, peer, clock.now()) for peer in peers}
        self._lock = threading.RLock()
        self._tended, self._steer_at, self._tidied = -math.inf, -math.inf, clock.now()
        self._problems: queue.SimpleQueue[Problem] = queue.SimpleQueue()
        self._callers: dict[bytes, Called] = {}
        self._knocks: set[str] = set()
        self._offers: list[tuple[str, str]] = []
        self._successor = b""
        self.defects, self.defect = 0, ""
        self.random, self.resolver = random.Random(f"{site} {epoch}"), Resolver()
        self._rung, self._wake, self._closing = Wake(), Wake(), False
        self.context: zmq.Context[Any] = zmq.Context(1)
        self._sources, self._ears = selectors.DefaultSelector(), selectors.DefaultSelector()
        for ear in (self._sources.fileno(), self._wake.read):
            self._ears.register(ear, selectors.EVENT_READ)
        self.wake = self._ears.fileno()
        self._readers: dict[int, Callable[[], None]] = {}
        self._files: dict[zmq.Socket[Any], int] = {}
        self._unread: set[int] = set()
        self._door = self._open(listen)
        self.endpoint = self._door.endpoint if self._door else ""
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._thread.start()

    # The tick's side.

    def received(self, lane: str = "state") -> list[Arrived]:
        """What has come since the last call: of state and journal, or of `presence`, or of `bulk`. Never waits."""
        with self._lock:
            if lane == "state":
                self._wake.clear()
                self._tended = self.clock.now()
                self._read_all()
            found: list[Arrived] = []
            for line in self._lines.values():
                if lane == "state":
                    found += line.inbox.state() + line.inbox.journal()
                elif lane == "presence":
                    found += line.inbox.presence()
                else:
                    found += self._taken(line)
        return found

    def send(self, frames: dict[str, list[bytes]]) -> None:
        """Frames by site, as `Mirror.delta` gives them, each on the lane of its kind. Never waits.

        Those of a site that is down are let go; of presence (`lanes.presence`) the newest waits, of bulk (`lanes.bulk`)
        as much as `room` said.
        """
        if not frames or self._closing:
            return
        with self._lock:
            now = self.clock.now()
            for site, bodies in frames.items():
                if line := self._lines.get(site):
                    self._send(line, bodies, now)

    def _send(self, line: Line, bodies: list[bytes], now: float) -> None:
        by_lane: dict[int, list[bytes]] = {}
        for body in bodies:
            by_lane.setdefault(lanes.lane_of(body[0]), []).append(body)
        for number, some in by_lane.items():
            lane = line.lanes[number]
            if number in (PRESENCE, BULK):
                waiting = line.presence if number == PRESENCE else line.outgoing
                for body in some:
                    waiting.add(body)
                self._want(line, lane, now)
                lane.pump(now)
            else:
                lane.send(some, now)

    def _want(self, line: Line, lane: Lane, now: float) -> None:
        """Presence and bulk are laid when there is something for them, by the one who dials."""
        if not lane.wanted:
            state = line.lanes[STATE]
            if line.peer.dial:
                lane.wanted, lane.retry_at = True, now
            elif state.way is not None and state.greeted:
                lane.wanted = state.put(state.way, greetings.lane(lane.number), now)

    def room(self, site: str) -> int:
        """Bytes of bulk that may be handed to `send` for `site` now; what goes beyond is let go."""
        line = self._lines.get(site)
        return line.outgoing.room if line else 0

    def full(self, lane: str = "state") -> frozenset[str]:
        """The sites for which nothing should be made now: the lane is down, silent for 1.5 s, or unlike."""
        with self._lock:
            now, number = self.clock.now(), LANES.index(lane)
            return frozenset(site for site, line in self._lines.items() if line.lanes[number].full(now))

    def charge(self, site: str, seconds: float) -> None:
        """What `site` sent has cost the tick so much time; beyond a twentieth, its frames of state are let go."""
        if line := self._lines.get(site):
            with self._lock:
                line.limits.spent(seconds, self.clock.now())

    def problems(self) -> list[Problem]:
        """What has gone wrong since the last call, each told once until it is right again."""
        found: list[Problem] = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._problems.get_nowait())
        return found

    def status(self) -> dict[str, dict[str, Any]]:
        """By site: connected, state (up, silent, refused, version), since (monotonic), rtt_ms, clock_bound_ms, …"""
        now = self.clock.now()
        return {site: line.status(now) for site, line in self._lines.items()}

    def close(self) -> None:
        """Ends the thread and every socket; at most a second."""
        if self._closing:
            return
        self._closing = True
        self._rung.ring()
        self._thread.join(1.0)
        self.context.destroy(0)
        for end in (self._sources, self._ears, self._rung, self._wake):
            end.close()

    # Keys, while it runs.

    def trust(self, peers: list[Peer]) -> None:
        """The keys that are trusted from now on, of the sites that the link was made with.

        A way under another key is cut at once.
        """
        fresh = _sites(self.site, self.pair, peers)
        with self._lock:
            self._sites, now = fresh, self.clock.now()
            for peer in peers:
                line = self._lines.get(peer.site)
                if line is None or line.peer == peer:
                    continue
                line.peer = peer
                self._cut_untrusted(line, now)
                if line.lanes[STATE].greeted:
                    self.greeted(line, now)

    def _cut_untrusted(self, line: Line, now: float) -> None:
        keys = line.peer.keys
        for caller in [c for c in self._callers.values() if c.site == line.peer.site and c.key not in keys]:
            caller.cut()
        for lane in line.lanes:
            for attempt in [a for a in lane.attempts if a.key not in keys and a is not lane.way]:
                lane._drop(attempt)
            if lane.way is not None and lane.way.key not in keys:
                lane.lost(now)
            lane.slow, lane.retry_at = False, now
        if not keys:
            line.turn("untrusted", now)

    def succeed(self, public: str) -> None:
        """This site's next key: told to every peer within the trusted line, at each greeting. "" takes it back."""
        with self._lock:
            self._successor = zmq.utils.z85.decode(public) if public else b""
            for line in self._lines.values():
                if line.lanes[STATE].greeted:
                    self.greeted(line, self.clock.now())

    def accepted(self) -> frozenset[str]:
        """The sites that trust this site's next key already."""
        with self._lock:
            return frozenset(s for s, li in self._lines.items() if self._successor and li.accepted == self._successor)

    def turned(self) -> list[tuple[str, str]]:
        """Sites whose line stands under the second of their two trusted keys, and that key."""
        with self._lock:
            lines = [line for line in self._lines.values() if line.state == "up" and line.peer.also]
            return [(line.peer.site, line.key) for line in lines if line.key == line.peer.also]

    def offers(self) -> list[tuple[str, str]]:
        """Sites and the next keys that they have told of within the trusted line, since the last call."""
        with self._lock:
            found, self._offers = self._offers, []
        return found

    # What lanes ask of it, behind the lock.

    def hello(self, lane: int) -> bytes:
        return self._hellos[lane]

    def tell(self, problem: Problem) -> None:
        self._problems.put(problem)

    def greeted(self, line: Line, now: float) -> None:
        """What is told at each greeting: the next key, and the lanes that have something waiting."""
        state = line.lanes[STATE]
        if state.way is None:
            return
        if self._successor:
            state.put(state.way, greetings.key(self._successor), now)
        if line.announced and zmq.utils.z85.encode(line.announced).decode() in line.peer.keys:
            state.put(state.way, greetings.keyed(line.announced), now)
        for lane in line.lanes:
            if lane.wanted and lane.number in (PRESENCE, BULK) and lane.way is None and not line.peer.dial:
                state.put(state.way, greetings.lane(lane.number), now)

    def offered(self, line: Line, raw: bytes) -> None:
        """A peer tells of its next key: to whoever keeps the trusted ones, once; answered when it is trusted."""
        line.announced, public = raw, zmq.utils.z85.encode(raw).decode()
        if (
            public not in line.peer.keys
            and (line.peer.site, public) not in self._offers
            and public not in self._all_keys()
        ):
            self._offers.append((line.peer.site, public))
        state = line.lanes[STATE]
        if public in line.peer.keys and state.way is not None:
            state.put(state.way, greetings.keyed(raw), self.clock.now())

    def _all_keys(self) -> set[str]:
        return {self.pair.public, *(zmq.utils.z85.encode(raw).decode() for raw in self._sites)}

    def hand_over(self, line: Line, body: bytes, lane: int, now: float) -> None:
        """To the tick. An empty body says that the lane has come up."""
        line.dropped += not line.inbox.add(lane, Arrived(line.peer.site, body, now))

    def shut_out(self, line: Line, way: Way, now: float) -> None:
        """Too much has come for too long: every connection of that peer ends, and it is not let in for a while."""
        seconds = line.limits.shut_until - now
        line.tell("flood", problems.FLOOD, seconds=f"{seconds:.0f}")
        way.put(greetings.refusal(greetings.FLOOD), now)
        for caller in [c for c in self._callers.values() if c.site == line.peer.site]:
            caller.cut_at = now + FAREWELL
        for lane in line.lanes:
            lane.lost(now)
        line.turn("refused", now)

    def _taken(self, line: Line) -> list[Arrived]:
        """Bulk that the tick takes: it makes room for as much again."""
        found, lane = line.inbox.bulk(), line.lanes[BULK]
        if line.incoming.take(sum(len(frame.body) for frame in found)) and lane.way is not None:
            line.incoming.said = line.incoming.taken
            lane.put(lane.way, greetings.credit(line.incoming.taken, lanes.CREDIT), self.clock.now())
        return found

    # The sockets, in either thread and behind the lock.

    def _open(self, listen: str | None) -> Door | None:
        if listen is None:
            return None
        try:
            door = Door(self.context, self.pair, listen, lambda raw: self._sites.get(raw, ""), self._shut)
        except zmq.ZMQError as fault:
            words = {"address": listen, "reason": str(fault)}
            raise Fault([Problem("", 0, problems.PORT, words)]) from None
        self.watch(door.zap, self._answer_zap)
        self.watch(door.socket, self._at_the_door)
        self.watch(door.monitor, self._on_callers)
        return door

    def _shut(self, site: str) -> bool:
        line = self._lines.get(site)
        return line is None or line.limits.shut(self.clock.now())

    def watch(self, source: zmq.Socket[Any], reader: Callable[[], None]) -> None:
        """Calls `reader` when the socket has something."""
        file = self._files[source] = int(source.get(zmq.FD))
        self._sources.register(file, selectors.EVENT_READ)
        self._readers[file] = reader
        self.left(source)

    def forget(self, source: zmq.Socket[Any]) -> None:
        """No longer."""
        file = self._files.pop(source, -1)
        if self._readers.pop(file, None):
            self._sources.unregister(file)
            self._unread.discard(file)

    def _run(self) -> None:
        """The thread: what time alone brings about, and reading in the tick's place."""
        alone, beside = select.poll(), select.poll()
        for poll, sources in ((beside, [self._rung.read]), (alone, [self._rung.read, self._sources.fileno()])):
            for source in sources:
                poll.register(source, select.POLLIN)
        while not self._closing:
            late = self.clock.now() - self._tended > LATE
            (alone if late else beside).poll(math.ceil(self._until(late) * 1e3))
            with self._lock:
                if late:
                    self._read_all()
                    if any(line.inbox for line in self._lines.values()):
                        self._wake.ring()
                self._keep_all()
        with self._lock:
            for line in self._lines.values():
                for lane in line.lanes:
                    lane.give_up()

    def _read_all(self) -> None:
        """What the sockets' file numbers tell of, and what was left unread, of which they do not tell again."""
        files = {key.fd for key, _ in self._sources.select(0)} | self._unread
        self._unread.clear()
        for file in files:
            reader = self._readers.get(file)
            if reader:
                self._guarded(reader)

    def left(self, source: zmq.Socket[Any]) -> None:
        """To be asked after each use of a socket: what came meanwhile wakes nobody."""
        file = self._files.get(source, -1)
        if file >= 0 and file not in self._unread and ways.waiting(source):
            self._unread.add(file)
            self._wake.ring()

    def _keep_all(self) -> None:
        now = self.clock.now()
        if now >= self._steer_at:
            self._steer_at = now + STEER_EVERY
            self.shared.steer(now, self.clock.wall(), self.clock.kept(), self.clock.suspended())
        for line in self._lines.values():
            for lane in line.lanes:
                lane.keep(now)
        for caller in [c for c in self._callers.values() if now >= c.cut_at]:
            self._dismiss(caller)
        if self._door and now - self._tidied > TIDY:
            self._tidied = now
            self._door.callers.tidy(now)
            for caller in [c for c in self._callers.values() if now - c.heard > CALLER_SILENT]:
                self._dismiss(caller)

    def _guarded(self, reader: Callable[[], None]) -> None:
        """A defect of ours in one frame must not end the line for weeks: it is counted, and kept for the log."""
        try:
            reader()
        except zmq.ZMQError:
            pass
        except Exception as defect:
            self.defects += 1
            self.defect = repr(defect)

    def _until(self, late: bool) -> float:
        now = self.clock.now()
        due = [now + 0.2 if late else now + LATE]
        for line in self._lines.values():
            for lane in line.lanes:
                due += lane.due()
        return max(0.0, min(due) - now)

    # The door.

    def _answer_zap(self) -> None:
        assert self._door
        knock = self._door.answer()
        self.left(self._door.zap)
        if knock and knock.fingerprint not in self._knocks and len(self._knocks) < KNOCKS:
            self._knocks.add(knock.fingerprint)
            self.tell(Problem("", 0, problems.KEY_UNKNOWN, knock._asdict()))

    def _on_callers(self) -> None:
        assert self._door
        self._door.hear(_TURN, self.clock.now())
        self.left(self._door.monitor)

    def _at_the_door(self) -> None:
        assert self._door
        for identity, user, file, frame in self._door.frames(_TURN):
            caller, now = self._callers.get(identity), self.clock.now()
            if caller is None or caller.user != user:
                caller = self._admitted(identity, user, file, now)
            line = self._lines.get(caller.site) if caller else None
            if caller is None or line is None or caller.cut_at < math.inf:
                continue
            if caller.lane < 0 and not self._lane_of(caller, line, frame):
                continue
            line.lanes[caller.lane].on_frame(caller, frame, now)
        self.left(self._door.socket)

    def _admitted(self, identity: bytes, user: str, file: int, now: float) -> Called | None:
        """A connection under a trusted key says its first word. Of too many under one key the oldest idle one goes."""
        assert self._door
        self._door.hear(1 << 16, now)
        caller = Called(self._door, identity, user, file, now)
        line = self._lines.get(caller.site)
        if line is None or caller.key not in line.peer.keys:
            caller.cut()
            return None
        in_use = {id(lane.way) for lane in line.lanes}
        mine = [c for c in self._callers.values() if c.site == caller.site and id(c) not in in_use]
        if len(mine) >= CALLERS_EACH:
            self._dismiss(mine[0])
        if self._shut(caller.site):
            caller.cut_at = now + FAREWELL
        self._callers[identity] = caller
        return caller

    def _lane_of(self, caller: Called, line: Line, frame: bytes) -> bool:
        """The lane that a caller's hello names. Whoever says something else first is not heard."""
        try:
            number = greetings.read_hello(frame).lane if frame[:1] == bytes((wire.HELLO,)) else -1
        except wire.Garbled:
            number = -1
        if not 0 <= number < len(line.lanes):
            line.garbled += 1
            return False
        caller.lane = number
        return True

    def _dismiss(self, caller: Called) -> None:
        self._callers.pop(caller.identity, None)
        caller.cut()


def _sites(site: str, pair: Pair, peers: list[Peer]) -> dict[bytes, str]:
    """Raw public key to site. Raises Fault for a key that is none, or stands for two sites."""
    found: dict[str, str] = {pair.public: site}
    wrong: list[Problem] = []
    for peer in peers:
        for key in peer.keys:
            if not sound(key):
                wrong.append(Problem("", 0, problems.NO_KEY, {"key": key[:60]}))
            elif found.get(key, peer.site) != peer.site:
                wrong.append(Problem("", 0, problems.KEY_SHARED, {"one": found[key], "other": peer.site}))
            else:
                found[key] = peer.site
    if wrong:
        raise Fault(wrong)
    del found[pair.public]
    return {zmq.utils.z85.decode(key): name for key, name in found.items()}


assert JOURNAL == STATE + 1
