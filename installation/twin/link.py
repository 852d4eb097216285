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
from typing import Any, NamedTuple

import zmq
import zmq.utils.z85

from installation.clock import Clock
from installation.score.problem import Fault, Problem, Row
from installation.twin import greetings, problems, ways, wire
from installation.twin.keys import Pair
from installation.twin.offset import SharedTime
from installation.twin.ways import Called, Dialled, Door, Knock, Wake, Way
from installation.twin.wire import Arrived, Garbled

BEAT_EVERY, SILENCE, FULL = 0.2, 1.0, 1.5
PING_FAST, PING_SLOW, FAST_FOR = 0.25, 1.0, 5.0
RETRY_FIRST, RETRY_SOON, RETRY_LATE, PATIENCE = 0.1, 0.25, 1.0, 60.0
FAILURES = 8
"""Handshakes in a row that end without a word: the other site has another key than we think."""
ATTEMPT, ATTEMPTS = 3.0, 16
QUEUE_FRAMES, QUEUE_BYTES = 4096, 8 << 20
_TURN = 256
STEER_EVERY = 4.0
"""Seconds between two looks at the host's own date."""
LATE = 0.1
"""A tick that has not come for so many seconds is stood in for."""
_CALLERS = 64
SOFTWARE = "jumelage 0.1"


class Peer(NamedTuple):
    """Another site: its public key (Z85), and where it is dialled unless it calls."""

    site: str
    key: str
    dial: str | None = None


class _Line:
    """What the link knows of one peer."""

    def __init__(self, peer: Peer, now: float) -> None:
        self.peer = peer
        self.way: Way | None = None
        self.attempts: list[Dialled] = []
        self.state = "silent"
        self.since, self.epoch, self.greeted = now, 0, False
        self.retry_at, self.retry, self.down_at = now, RETRY_FIRST, now
        self.beat_at = self.ping_at = self.fast_until = now
        self.sent_bytes = self.received_bytes = self.dropped = self.garbled = self.drops = 0
        self.told: set[str] = set()
        self.software = ""
        self.rival_at, self.failures, self.slow = 0.0, 0, False

    def turn(self, state: str, now: float) -> None:
        if state != self.state:
            self.state, self.since = state, now


class Link:
    """Starts its thread at once; `close` ends it. `shared` is the clock that the pings keep.

    `listen` is an address such as `tcp://*:7700`; a site without one only dials. Raises Fault when a key or an address
    is wrong. `wake` is a file number, readable when `received` may have something.
    """

    def __init__(
        self, site: str, epoch: int, pair: Pair, peers: list[Peer], clock: Clock, listen: str | None = None,
        shared: SharedTime | None = None, software: str = SOFTWARE, version: int = wire.WIRE,
    ) -> None:  # fmt: skip
        self.site, self.epoch, self.shared = site, epoch, shared or SharedTime(clock.now(), clock.wall())
        self._pair, self._clock = pair, clock
        self._hello = greetings.hello(epoch, site, software, version)
        self._sites = _sites(site, pair, peers)
        self._lines = {peer.site: _Line(peer, clock.now()) for peer in peers}
        self._lock = threading.RLock()
        self._in: list[Arrived] = []
        self._in_bytes, self._tended, self._steer_at = 0, -math.inf, -math.inf
        self._problems: queue.SimpleQueue[Problem] = queue.SimpleQueue()
        self._callers: dict[bytes, Called] = {}
        self._knocks: set[str] = set()
        self.defects, self.defect = 0, ""
        self._random = random.Random(f"{site} {epoch}")
        self._rung, self._wake, self._closing = Wake(), Wake(), False
        self._context: zmq.Context[Any] = zmq.Context(1)
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

    def received(self) -> list[Arrived]:
        """What has come since the last call, in order. Never waits."""
        with self._lock:
            self._wake.clear()
            self._tended = self._clock.now()
            self._read_all()
            found, self._in, self._in_bytes = self._in, [], 0
        return found

    def send(self, frames: dict[str, list[bytes]]) -> None:
        """Frames by site, as `Mirror.delta` gives them. Never waits; for a site that is down they are let go."""
        if not frames or self._closing:
            return
        with self._lock:
            now = self._clock.now()
            for site, bodies in frames.items():
                line = self._lines.get(site)
                if line and line.way:
                    self._send(line, line.way, bodies, now)

    def full(self) -> frozenset[str]:
        """The sites for which nothing should be made now: they are down, or have not answered for 1.5 s."""
        with self._lock:
            now = self._clock.now()
            return frozenset(s for s, li in self._lines.items() if li.way is None or li.way.age(now) > FULL)

    def problems(self) -> list[Problem]:
        """What has gone wrong since the last call, each told once until it is right again."""
        found: list[Problem] = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._problems.get_nowait())
        return found

    def status(self) -> dict[str, dict[str, Any]]:
        """By site: connected, state (up, silent, refused, version), since (monotonic), rtt_ms, clock_bound_ms, …"""
        now = self._clock.now()
        return {site: self._status(line, now) for site, line in self._lines.items()}

    def _status(self, line: _Line, now: float) -> dict[str, Any]:
        site = line.peer.site
        return {
            "connected": line.state == "up",
            "software": line.software,
            "state": line.state,
            "since": line.since,
            "rtt_ms": round(self.shared.rtt(site) * 1e3, 3),
            "clock_bound_ms": round(self.shared.bound_to(site, now) * 1e3, 3),
            "sent_bytes": line.sent_bytes,
            "received_bytes": line.received_bytes,
            "dropped": line.dropped,
            "garbled": line.garbled,
            "losses": line.drops,
        }

    def close(self) -> None:
        """Ends the thread and every socket; at most a second."""
        if self._closing:
            return
        self._closing = True
        self._rung.ring()
        self._thread.join(1.0)
        self._context.destroy(0)
        for end in (self._sources, self._ears, self._rung, self._wake):
            end.close()

    # The line, in either thread and behind the lock.

    def _open(self, listen: str | None) -> Door | None:
        if listen is None:
            return None
        try:
            door = Door(self._context, self._pair, self._sites, listen)
        except zmq.ZMQError as fault:
            words = {"address": listen, "reason": str(fault)}
            raise Fault([Problem("", 0, problems.PORT, words)]) from None
        self._watch(door.zap, self._answer_zap)
        self._watch(door.socket, self._at_the_door)
        return door

    def _watch(self, source: zmq.Socket[Any], reader: Callable[[], None]) -> None:
        file = self._files[source] = int(source.get(zmq.FD))
        self._sources.register(file, selectors.EVENT_READ)
        self._readers[file] = reader
        self._left(source)

    def _forget(self, source: zmq.Socket[Any]) -> None:
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
            late = self._clock.now() - self._tended > LATE
            (alone if late else beside).poll(math.ceil(self._until(late) * 1e3))
            with self._lock:
                if late:
                    self._read_all()
                    if self._in:
                        self._wake.ring()
                self._keep_all()
        with self._lock:
            for line in self._lines.values():
                self._give_up(line)

    def _read_all(self) -> None:
        """What the sockets' file numbers tell of, and what was left unread, of which they do not tell again."""
        files = {key.fd for key, _ in self._sources.select(0)} | self._unread
        self._unread.clear()
        for file in files:
            reader = self._readers.get(file)
            if reader:
                self._guarded(reader)

    def _left(self, source: zmq.Socket[Any]) -> None:
        """To be asked after each use of a socket: what came meanwhile wakes nobody."""
        file = self._files.get(source, -1)
        if file >= 0 and file not in self._unread and ways.waiting(source):
            self._unread.add(file)
            self._wake.ring()

    def _keep_all(self) -> None:
        now = self._clock.now()
        if now >= self._steer_at:
            self._steer_at = now + STEER_EVERY
            self.shared.steer(now, self._clock.wall(), self._clock.kept(), self._clock.suspended())
        for line in self._lines.values():
            self._keep(line, now)

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
        now = self._clock.now()
        due = [now + 0.2 if late else now + LATE]
        for line in self._lines.values():
            due += [line.beat_at, line.ping_at] if line.way else [line.retry_at] if line.peer.dial else []
        return max(0.0, min(due) - now)

    def _keep(self, line: _Line, now: float) -> None:
        """What time alone brings about: beats, pings, silence, a new attempt."""
        way = line.way
        if way is not None and now - way.heard > SILENCE:
            self._down(line, now)
        elif way is not None:
            if now >= line.beat_at:
                line.beat_at = now + BEAT_EVERY
                self._put(line, way, greetings.beat(way.received), now)
            if now >= line.ping_at:
                line.ping_at = now + (PING_FAST if now < line.fast_until else PING_SLOW)
                self._put(line, way, greetings.ping(self._clock.now()), now)
        if line.way is None and line.peer.dial and now >= line.retry_at:
            self._dial(line, line.peer.dial, now)

    def _dial(self, line: _Line, address: str, now: float) -> None:
        """A new attempt beside those that wait: on a line that is back, the newest is heard first."""
        for old in [a for a in line.attempts if now - a.born > ATTEMPT][:ATTEMPTS] + line.attempts[: 1 - ATTEMPTS]:
            self._drop(line, old)
        ceiling = RETRY_SOON if now - line.down_at < PATIENCE else RETRY_LATE
        if line.slow:
            ceiling = line.retry = RETRY_LATE
        line.retry = min(ceiling, line.retry * 1.5)
        line.retry_at = now + line.retry * self._random.uniform(0.8, 1.0)
        try:
            way = Dialled(self._context, self._pair, address, line.peer.key, now)
        except zmq.ZMQError as fault:
            line.retry_at = now + RETRY_LATE
            self._tell(line, "address", problems.ADDRESS, address=address, reason=str(fault))
            return
        line.attempts.append(way)
        way.put(self._hello, now)
        line.sent_bytes += len(self._hello)
        self._watch(way.socket, lambda: self._on_dialled(line, way))
        self._watch(way.monitor, lambda: self._on_event(line, way))

    def _drop(self, line: _Line, way: Dialled) -> None:
        self._forget(way.socket)
        self._forget(way.monitor)
        if way in line.attempts:
            line.attempts.remove(way)
        way.close()

    def _on_event(self, line: _Line, way: Dialled) -> None:
        event, now = way.event(), self._clock.now()
        self._left(way.monitor)
        if event == "joined":
            if line.way is None:
                self._up(line, way, now)
        elif event:
            self._drop(line, way)
            line.failures = line.failures + 1 if event == "failed" else 0
            line.slow = event == "refused"
            if line.slow or line.failures >= FAILURES:
                line.turn("refused", now)
                self._tell(line, "key", problems.KEY_REFUSED)
            if line.way is way:
                self._down(line, now)

    def _up(self, line: _Line, way: Way, now: float) -> None:
        line.way, line.greeted = way, False
        way.heard = now
        line.retry, line.fast_until = RETRY_FIRST, now + FAST_FOR
        line.beat_at = line.ping_at = now
        for old in [a for a in line.attempts if a is not way]:
            self._drop(line, old)
        self._hand_over(line, b"", now)

    def _down(self, line: _Line, now: float) -> None:
        if line.greeted:
            line.drops += 1
            line.down_at = now
            line.turn("silent", now)
        self._give_up(line)
        line.retry, line.retry_at = RETRY_FIRST, now

    def _give_up(self, line: _Line) -> None:
        line.way, line.greeted = None, False
        for way in list(line.attempts):
            self._drop(line, way)

    def _put(self, line: _Line, way: Way, body: bytes, now: float) -> bool:
        if not way.put(body, now):
            line.dropped += 1
            return False
        line.sent_bytes += len(body)
        self._left(way.socket)
        return True

    def _send(self, line: _Line, way: Way, frames: list[bytes], now: float) -> None:
        """All of them, or the mirror is told that the line has come up anew, which makes good what was let go."""
        if not all([self._put(line, way, frame, now) for frame in frames]):
            self._hand_over(line, b"", now)

    def _answer_zap(self) -> None:
        assert self._door
        knock = self._door.answer()
        self._left(self._door.zap)
        if knock and knock.fingerprint not in self._knocks and len(self._knocks) < _CALLERS:
            self._knocks.add(knock.fingerprint)
            self._problems.put(_unknown(knock))

    def _at_the_door(self) -> None:
        assert self._door
        for identity, site, frame in self._door.frames(_TURN):
            line, now = self._lines.get(site), self._clock.now()
            if line is None:
                continue
            caller = self._callers.get(identity)
            if caller is None:
                self._callers = {i: c for i, c in self._callers.items() if now - c.heard < 10.0}
                if len(self._callers) >= _CALLERS:
                    continue
                caller = self._callers[identity] = Called(self._door.socket, identity, now)
            self._on_frame(line, caller, frame, now)
        self._left(self._door.socket)

    def _on_dialled(self, line: _Line, way: Dialled) -> None:
        for frame in way.frames(_TURN):
            self._on_frame(line, way, frame, self._clock.now())
        self._left(way.socket)

    def _on_frame(self, line: _Line, way: Way, frame: bytes, now: float) -> None:
        way.heard, way.received = now, way.received + 1
        line.received_bytes += len(frame)
        try:
            self._read(line, way, frame, now)
        except Garbled:
            line.garbled += 1

    def _read(self, line: _Line, way: Way, frame: bytes, now: float) -> None:
        kind = frame[0] if frame else 0
        if kind == wire.HELLO:
            self._greet(line, way, greetings.read_hello(frame), now)
        elif kind == wire.REFUSE:
            self._refused(line, way, *greetings.read_refusal(frame), now)
        elif way is not line.way or not line.greeted:
            return
        elif kind == wire.PING:
            answer = self._clock.now()
            self._put(line, way, greetings.pong(greetings.read_ping(frame), now, answer, self.shared.line), now)
        elif kind == wire.PONG:
            sent, received, answered, told = greetings.read_pong(frame)
            self.shared.hear(line.peer.site, (sent, received, answered, now), told)
        elif kind == wire.BEAT:
            way.acknowledge(greetings.read_beat(frame))
        elif kind == wire.NOTICE:
            self._tell(line, "runs", problems.TWO_RUNS, site=self.site)
        elif kind >= wire.NAMES:
            self._hand_over(line, frame, now)
        else:
            line.garbled += 1

    def _hand_over(self, line: _Line, body: bytes, now: float) -> None:
        """To the tick; a flood, or a tick that sleeps, loses frames here rather than grow the queue: a digest heals."""
        if body and (len(self._in) >= QUEUE_FRAMES or self._in_bytes > QUEUE_BYTES):
            line.dropped += 1
            return
        self._in_bytes += len(body)
        self._in.append(Arrived(line.peer.site, body, now))

    def _greet(self, line: _Line, way: Way, hello: greetings.Hello, now: float) -> None:
        reason = self._objection(line, way, hello, now)
        if reason:
            self._put(line, way, greetings.refusal(reason), now)
            if reason == greetings.VERSION and line.way is None:
                line.turn("version", now)
            return
        if isinstance(way, Called):
            self._put(line, way, self._hello, now)
        if line.way is not way:
            self._up(line, way, now)
        line.epoch, line.software, line.greeted = hello.epoch, hello.software, True
        line.told.clear()
        line.rival_at, line.failures, line.slow = 0.0, 0, False
        line.turn("up", now)

    def _objection(self, line: _Line, way: Way, hello: greetings.Hello, now: float) -> int:
        """Why this hello is not welcome; 0 when it is."""
        site = line.peer.site
        if hello.wire != self._hello[1]:
            self._tell(line, "version", problems.VERSION, theirs=hello.wire, ours=self._hello[1])
            return greetings.VERSION
        if hello.site != site:
            self._tell(line, "name", problems.NAME, theirs=hello.site)
            return greetings.NAME
        other = line.way
        if other is None or other is way or not line.greeted or now - other.heard > SILENCE:
            return 0
        if hello.epoch != line.epoch:
            return self._rival(line, other, now)
        return greetings.DOUBLE if isinstance(other, Dialled) and self.site < site else 0

    def _rival(self, line: _Line, other: Way, now: float) -> int:
        """A second run of a site; a first one that was killed a moment ago looks alike, until its silence tells."""
        if not self._put(line, other, greetings.beat(other.received), now):
            return 0
        line.rival_at = line.rival_at or now
        if other.heard - line.rival_at > SILENCE:
            self._put(line, other, greetings.notice(), now)
            self._tell(line, "runs", problems.TWO_RUNS)
        return greetings.EPOCH

    def _refused(self, line: _Line, way: Way, version: int, reason: int, now: float) -> None:
        if reason == greetings.VERSION:
            self._tell(line, "version", problems.VERSION, theirs=version, ours=self._hello[1])
        elif reason == greetings.EPOCH:
            line.rival_at = line.rival_at or now
            if now - line.rival_at > 2 * SILENCE:
                self._tell(line, "runs", problems.TWO_RUNS, site=self.site)
        elif reason == greetings.NAME:
            self._tell(line, "name", problems.NAME, theirs=self.site)
        if isinstance(way, Dialled):
            self._drop(line, way)
        if line.way is way or line.way is None:
            line.way, line.greeted = None, False
            line.slow = reason != greetings.DOUBLE
            if line.slow:
                line.turn("version" if reason == greetings.VERSION else "refused", now)
            line.retry_at = now + RETRY_SOON

    def _tell(self, line: _Line, what: str, row: Row, **words: Any) -> None:
        if what not in line.told:
            line.told.add(what)
            self._problems.put(Problem("", 0, row, {"site": line.peer.site, **words}))


def _unknown(knock: Knock) -> Problem:
    return Problem("", 0, problems.KEY_UNKNOWN, knock._asdict())


def _sites(site: str, pair: Pair, peers: list[Peer]) -> dict[bytes, str]:
    """Raw public key to site. Raises Fault for a key that is none, or stands for two sites."""
    found: dict[str, str] = {pair.public: site}
    wrong: list[Problem] = []
    for peer in peers:
        try:
            zmq.utils.z85.decode(peer.key)
            sound = len(peer.key) == 40
        except (ValueError, KeyError):
            sound = False
        if not sound:
            wrong.append(Problem("", 0, problems.NO_KEY, {"key": peer.key[:60]}))
        elif peer.key in found:
            wrong.append(Problem("", 0, problems.KEY_SHARED, {"one": found[peer.key], "other": peer.site}))
        else:
            found[peer.key] = peer.site
    if wrong:
        raise Fault(wrong)
    return {zmq.utils.z85.decode(peer.key): peer.site for peer in peers}
