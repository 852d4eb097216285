"""The mirrored texts: each site's words by address, a hybrid stamp on each. The numbers' mirror knows nothing of them.

Pure: no socket, thread, file or clock; `now` is always the shared time in seconds, handed in. A register is taken when
its stamp is above the one that is here, so losing, doubling and reordering do no harm. Nothing that arrives raises.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from installation.score.text import Words, plain, words_of
from installation.twin import wire
from installation.twin.own import stamp_at
from installation.twin.wire import Arrived, Garbled, Head

MOST = 64
"""Texts of one site that are sent and taken; those of scenes gone by are let go first, the oldest before the newer."""
LONGEST_ADDRESS = 255
FRAME = 24 << 10
"""Bytes of texts in one frame; what is more waits for the next, so that numbers are never behind a book."""
HAVE_EVERY, SOON, AGAIN, EVERY = 5.0, 0.25, 1.0, 0.05
"""Seconds: what a site has is told at rest, and after news; what was not acknowledged is sent again; between frames."""
PEERS = 64


class Text(NamedTuple):
    """A text parameter as the mirror knows it. `rule` is each or latest; "" is the site's own and never sent."""

    address: str
    rule: str
    default: Words


class Register(NamedTuple):
    """What a site said, when, and at which version of its texts. What is `home` never leaves the house."""

    stamp: int
    words: Words
    version: int = 0
    home: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[str, int, str | dict[str, str]]]).decode


_Saved = dict[str, tuple[int, list[tuple[str, int, str | dict[str, str], bool]]]]


class _Half:
    """The texts of one site."""

    def __init__(self, epoch: int = 0) -> None:
        self.epoch, self.version = epoch, 0
        self.registers: dict[str, Register] = {}
        self.stale: set[str] = set()
        self.former: set[str] = set()
        self.lost = 0

    def begin(self, epoch: int) -> None:
        """A later run of the site: what it says replaces what an earlier one said, though that had a clock ahead."""
        self.epoch, self.version, self.former = epoch, 0, set(self.registers)

    def put(self, address: str, register: Register) -> bool:
        """Takes a register that is newer than what is here."""
        found = self.registers.get(address)
        if found is not None and found.stamp >= register.stamp and address not in self.former:
            return False
        self.former.discard(address)
        self.registers[address] = register
        return True

    def bound(self, keep: Iterable[str]) -> None:
        """Lets the oldest go beyond the bound, those that the scene on air does not have before those it has."""
        keep = frozenset(keep)
        while len(self.registers) > MOST:
            oldest = min(self.registers, key=lambda one: (one in keep, self.registers[one].stamp))
            del self.registers[oldest]
            self.lost += 1

    def digest(self) -> bytes:
        """16 bytes that differ when any shared text does."""
        rows = [(a, r.stamp, plain(r.words)) for a, r in sorted(self.registers.items()) if not r.home]
        return hashlib.blake2b(_encode(rows), digest_size=16).digest()


class _Peer:
    """How far another site is with our texts, and what we owe it."""

    def __init__(self) -> None:
        self.up = self.asks = self.tell = self.whole = False
        self.acked, self.sent = 0, 0
        self.sent_at = self.have_at = -1e9


class Texts:
    """All sites' texts as this one knows them. `saved` is what `saved()` gave in an earlier run, whole or damaged."""

    def __init__(self, site: str, epoch: int, saved: bytes = b"") -> None:
        self.site, self.revision = site, 0
        self.counted: Counter[str] = Counter()
        self.keys: dict[str, Text] = {}
        self._halves: dict[str, _Half] = {site: _Half(epoch)}
        self._peers: dict[str, _Peer] = {}
        self._restore(saved)

    @property
    def epoch(self) -> int:
        """The number of this run."""
        return self._own.epoch

    @property
    def _own(self) -> _Half:
        return self._halves[self.site]

    def declare(self, keys: Iterable[Text]) -> None:
        """The scene has these texts now. What was said is kept by address, also that of scenes gone by."""
        self.keys = {key.address: key for key in keys}
        self.revision += 1
        own = self._own
        for address, register in own.registers.items():
            key = self.keys.get(address)
            if key is not None and register.home != (not key.rule):
                own.version += 1
                own.registers[address] = register._replace(home=not key.rule, version=own.version)

    def write(self, address: str, words: Words, now: float, exact: bool = False) -> bool:
        """Somebody says something here. With `exact` the stamp is that of `now` whatever was said since: a cue's, which
        is given at every site alike and takes nothing back. False when nothing came of it."""
        key, words = self.keys.get(address), words_of(words) or {}
        if key is None or not words:
            self.counted["refused"] += 1
            return False
        stamp = stamp_at(now)
        if not exact:
            seen = [half.registers[address].stamp for half in self._halves.values() if address in half.registers]
            stamp = min(max([stamp, *(one + 1 for one in seen)]), wire.LATEST_STAMP - 1)
        half = self._own
        known = half.registers.get(address)
        if not exact and known is not None and known.words == words and self.read(address) == words:
            return False
        if not half.put(address, Register(stamp, words, half.version + 1, not key.rule)):
            return False
        half.version += 1
        half.bound(self.keys)
        self.revision += 1
        return True

    def read(self, address: str) -> Words:
        """What an address says, merged by its rule. Raises KeyError for one that is not there."""
        key = self.keys[address]
        if key.rule != "latest":
            found = self._own.registers.get(address)
            return found.words if found else key.default
        said = ((h.registers[address], site) for site, h in self._halves.items() if address in h.registers)
        return max(((r.stamp, site, r.words) for r, site in said), default=(0, "", key.default), key=lambda o: o[:2])[2]

    def of(self, site: str, address: str) -> Words:
        """What a site said itself; the default until it is heard."""
        half = self._halves.get(site)
        found = half.registers.get(address) if half else None
        return found.words if found else self.keys[address].default

    # What crosses the sea.

    def delta(self, now: float, without: Iterable[str] = ()) -> dict[str, list[bytes]]:
        """Frames by site: what it has not acknowledged, and what we have of its own."""
        found: dict[str, list[bytes]] = {}
        for site, peer in self._peers.items():
            if peer.up and site not in without:
                frames = self._have(site, peer, now) + self._news(peer, now)
                if frames:
                    found[site] = frames
        return found

    def _have(self, site: str, peer: _Peer, now: float) -> list[bytes]:
        if 0 <= now - peer.have_at < (SOON if peer.tell else HAVE_EVERY):
            return []
        half = self._halves.get(site, _Half())
        peer.tell, peer.have_at = False, now
        head = wire.head(wire.TEXTS_HAVE, 0, self._own.epoch, self._own.version)
        return [head + wire.known(half.epoch, half.version, 0, False) + half.digest()]

    def _news(self, peer: _Peer, now: float) -> list[bytes]:
        if peer.sent > peer.acked and not 0 <= now - peer.sent_at < AGAIN:
            peer.sent = peer.acked
        own = self._own
        if not peer.asks or (peer.sent >= own.version and not peer.whole) or 0 <= now - peer.sent_at < EVERY:
            return []
        base = 0 if peer.whole else peer.sent
        rows, version = self._after(base)
        peer.whole, peer.sent, peer.sent_at = False, version, now
        head = wire.head(wire.TEXTS, int(version == own.version), own.epoch, version)
        return [head + base.to_bytes(4, "little") + _encode(rows)]

    def _after(self, base: int) -> tuple[list[Any], int]:
        """The registers that were written after a version, in that order, as many as one frame holds."""
        due = sorted((r.version, a) for a, r in self._own.registers.items() if r.version > base and not r.home)
        rows: list[Any] = []
        room, sent = FRAME, base
        for version, address in due:
            register = self._own.registers[address]
            row = (address, register.stamp, plain(register.words))
            room -= len(_encode(row))
            if room < 0 and rows:
                return rows, sent
            rows.append(row)
            sent = version
        return rows, self._own.version

    def merge(self, arrived: Iterable[Arrived]) -> bool:
        """Takes in what the link has received; frames of others are left to those. True when a text is another now."""
        before = self.revision
        for frame in arrived:
            if frame.site == self.site or (frame.site not in self._peers and len(self._peers) >= PEERS):
                continue
            if not frame.body:
                self._up(frame.site)
            elif frame.body[0] in wire.OF_THE_TEXTS:
                try:
                    self._take(frame.site, wire.headed(frame.body), wire.body(frame.body))
                except Garbled:
                    self.counted["garbled"] += 1
        return self.revision != before

    def _up(self, site: str) -> None:
        peer = self._peers.setdefault(site, _Peer())
        peer.up, peer.tell, peer.have_at, peer.sent_at = True, True, -1e9, -1e9
        peer.asks = False

    def _take(self, site: str, head: Head, body: memoryview) -> None:
        peer = self._peers.setdefault(site, _Peer())
        peer.up = True
        if head.kind == wire.TEXTS_HAVE:
            self._take_have(peer, body)
            return
        half = self._halves.setdefault(site, _Half(head.epoch))
        if head.epoch < half.epoch:
            self.counted["old"] += 1
            return
        if head.epoch > half.epoch:
            half.begin(head.epoch)
        self._take_texts(half, head, int.from_bytes(body[:4], "little"), dict(_registers(body[4:])))
        peer.tell = True

    def _take_texts(self, half: _Half, head: Head, base: int, found: dict[str, Register]) -> None:
        """`schema` is 1 in the last frame of what there is; what was not in all of it is not said there any more."""
        if not base:
            half.stale = set(half.registers)
        for address, register in found.items():
            self.revision += half.put(address, register)
            half.stale.discard(address)
        if base <= half.version:
            half.version = max(half.version, head.version)
            if head.schema:
                self.revision += bool(half.stale)
                for address in half.stale:
                    half.registers.pop(address, None)
                half.stale = set()
        half.bound(self.keys)

    def _take_have(self, peer: _Peer, body: memoryview) -> None:
        if len(body) != wire.KNOWN + 16:
            raise Garbled("have")
        epoch, version, *_ = wire.read_known(body[: wire.KNOWN])
        own, peer.asks = self._own, True
        if own.epoch < epoch < 1 << 62:  # it knows a later run than this one, of a clock that was ahead
            own.epoch = epoch + 1
            self.counted["epochs"] += 1
        if epoch != own.epoch or version > own.version:
            peer.acked = peer.sent = 0
            peer.whole = not own.version  # nothing yet, in this run: that, too, is news to who knows an earlier one
            return
        peer.acked = max(peer.acked, version)
        peer.sent = max(peer.sent, peer.acked)
        if version == own.version and bytes(body[wire.KNOWN :]) != own.digest():
            self.counted["diverged"] += 1
            peer.whole = True

    # What survives a kill.

    def saved(self) -> bytes:
        """All sites' texts, as bytes for the disk."""
        return _encode(
            {
                site: (half.epoch, [(a, r.stamp, plain(r.words), r.home) for a, r in half.registers.items()])
                for site, half in self._halves.items()
            }
        )

    def _restore(self, saved: bytes) -> None:
        if not saved:
            return
        try:
            found = msgspec.msgpack.decode(saved, type=_Saved)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.counted["damaged"] += 1
            return
        for site, (epoch, rows) in found.items():
            half = self._halves.setdefault(site, _Half(epoch))
            home = {row[0] for row in rows if row[3]}
            for number, (address, register) in enumerate(_checked(row[:3] for row in rows), 1):
                own = site == self.site
                half.registers[address] = register._replace(version=number * own, home=own and address in home)
            if site == self.site:
                half.epoch, half.version = max(half.epoch, epoch + 1), len(half.registers)

    def told(self) -> Mapping[str, int]:
        """What was refused, garbled, old, healed or let go, for `status`."""
        return {**self.counted, "lost": sum(half.lost for half in self._halves.values())}


def _registers(body: memoryview) -> Iterator[tuple[str, Register]]:
    try:
        return _checked(_decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Garbled("texts") from fault


def _checked(rows: Iterable[tuple[str, int, Any]]) -> Iterator[tuple[str, Register]]:
    """Rows of any sender: an address, a stamp within bounds, words that are cleaned here once more."""
    for address, stamp, text in islice(rows, MOST):
        words = words_of(text)
        if address.startswith("/") and len(address) <= LONGEST_ADDRESS and 0 < stamp < wire.LATEST_STAMP and words:
            yield address, Register(stamp, words)
