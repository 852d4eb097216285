"""The two local doors between control and the stages: the feed (down) and the desk with its reports (up).

The feed carries the whole state each tick as one message, so a reader that slept misses nothing: it takes the
newest. Everything here is local (ipc, or loopback on Windows); what crosses the sea is the twin's affair.
"""

from __future__ import annotations

import contextlib
import struct
from typing import Any, NamedTuple

import msgspec
import numpy as np
import zmq

_HEAD = struct.Struct("<16sQddddII")
_PACK = msgspec.msgpack.Encoder()
_UNPACK = msgspec.msgpack.Decoder()
LARGEST = 256 << 10
"""Bytes of one request or report: ZeroMQ drops whoever sends more, so that control never stops to read it."""
SILENCE = 1.0
"""Seconds without a message after which a stage reports that control is silent; its values hold, its time runs."""


class Values(NamedTuple):
    """The state at one tick.

    `digest` (16 bytes) names the layout that gives `columns` their meaning; `monotonic` and `shared` are the tick's
    time in seconds on the host's monotonic clock and on the clock the sites share; `start` is the scene's agreed
    start in shared seconds; `rate` is shared seconds per monotonic second (1 ± 5e-4). `columns` and `slopes` are
    float64 arrays of one length; slopes are in units per second. `words` holds what is no number: the scene's name,
    the house's override ("" or "veil", "blackout", "pattern"), the company's state, the scenes of the `show`; `time`
    where it is stopped, and the layer that is `solo`.
    """

    digest: bytes
    tick: int
    monotonic: float
    shared: float
    rate: float
    start: float
    columns: np.ndarray
    slopes: np.ndarray
    words: dict[str, Any]


def packed(values: Values) -> bytes:
    """One message: head, columns, slopes, words."""
    words = _PACK.encode(values.words)
    head = _HEAD.pack(
        values.digest, values.tick, values.monotonic, values.shared, values.rate, values.start,
        len(values.columns), len(words),
    )  # fmt: skip
    return b"".join((head, values.columns.tobytes(), values.slopes.tobytes(), words))


def unpacked(message: bytes) -> Values:
    """The values of one message of `packed`. The arrays are read-only views of the message."""
    digest, tick, monotonic, shared, rate, start, count, length = _HEAD.unpack_from(message)
    columns = np.frombuffer(message, np.float64, count, _HEAD.size)
    slopes = np.frombuffer(message, np.float64, count, _HEAD.size + 8 * count)
    tail = _HEAD.size + 16 * count
    return Values(
        digest, tick, monotonic, shared, rate, start, columns, slopes, _UNPACK.decode(message[tail : tail + length])
    )


class FeedWriter:
    """Control's end of the feed: publishes, never waits."""

    def __init__(self, context: zmq.Context[Any], address: str) -> None:
        self._socket = context.socket(zmq.PUB)
        self._socket.set(zmq.SNDHWM, 8)
        self._socket.set(zmq.LINGER, 0)
        self._socket.bind(address)

    def publish(self, values: Values) -> None:
        """Sends the state to every stage that listens; drops it for one that does not keep up."""
        self._socket.send(packed(values), zmq.NOBLOCK)

    def close(self) -> None:
        self._socket.close()


class FeedReader:
    """A stage's end of the feed: always the newest values, never a wait in `newest`.

    One part a message, so CONFLATE is safe and a stage that slept wakes to one message, not to two thousand.
    """

    def __init__(self, context: zmq.Context[Any], address: str) -> None:
        self._socket = context.socket(zmq.SUB)
        self._socket.set(zmq.CONFLATE, 1)
        self._socket.set(zmq.LINGER, 0)
        self._socket.set(zmq.SUBSCRIBE, b"")
        self._socket.connect(address)
        self._values: Values | None = None

    def wait(self, seconds: float) -> bool:
        """Whether a message came within `seconds`; for start-up, not for a frame."""
        return bool(self._socket.poll(int(seconds * 1000)))

    def newest(self) -> Values | None:
        """The last values that arrived; None before the first."""
        with contextlib.suppress(zmq.Again):
            self._values = unpacked(self._socket.recv(zmq.NOBLOCK))
        return self._values

    def close(self) -> None:
        self._socket.close()


class Report:
    """A stage's way up, to control: window events, tells, problems, frame times. Lost rather than waited for."""

    def __init__(self, context: zmq.Context[Any], address: str, window: str) -> None:
        self.window = window
        self._socket = context.socket(zmq.PUSH)
        self._socket.set(zmq.SNDHWM, 256)
        self._socket.set(zmq.LINGER, 0)
        self._socket.connect(address)

    def send(self, kind: str, **body: Any) -> None:
        """`kind` is "event" or "tell" (time, address, value), "frame" (figures), "problem" (en, fr) or "scene"."""
        with contextlib.suppress(zmq.Again):
            self._socket.send(_PACK.encode({"kind": kind, "window": self.window, **body}), zmq.NOBLOCK)

    def close(self) -> None:
        self._socket.close()


class ReportReader:
    """Control's end of the reports."""

    def __init__(self, context: zmq.Context[Any], address: str) -> None:
        self.socket = context.socket(zmq.PULL)
        self.socket.set(zmq.RCVHWM, 1024)
        self.socket.set(zmq.MAXMSGSIZE, LARGEST)
        self.socket.bind(address)

    def received(self, limit: int = 256) -> list[dict[str, Any]]:
        """What has come since the last call, at most `limit`."""
        out: list[dict[str, Any]] = []
        while len(out) < limit:
            try:
                report = _UNPACK.decode(self.socket.recv(zmq.NOBLOCK))
            except zmq.Again:
                break
            except (msgspec.DecodeError, RecursionError):
                continue
            if isinstance(report, dict):
                out.append(report)
        return out

    def close(self) -> None:
        self.socket.close(0)


class DeskServer:
    """Control's end of the desk: one JSON request, one JSON answer."""

    def __init__(self, context: zmq.Context[Any], address: str) -> None:
        self.socket = context.socket(zmq.ROUTER)
        self.socket.set(zmq.LINGER, 0)
        self.socket.set(zmq.MAXMSGSIZE, LARGEST)
        self.socket.bind(address)

    def received(self, limit: int = 32) -> list[tuple[list[bytes], dict[str, Any]]]:
        """Requests that wait, each with the envelope that `answer` needs."""
        out: list[tuple[list[bytes], dict[str, Any]]] = []
        while len(out) < limit:
            try:
                *envelope, body = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                break
            try:
                request = msgspec.json.decode(body)
            except (msgspec.DecodeError, RecursionError):
                request = {}
            out.append((envelope, request if isinstance(request, dict) else {}))
        return out

    def answer(self, envelope: list[bytes], body: dict[str, Any]) -> None:
        """Answers one request; a caller that left is no matter."""
        self.socket.send_multipart([*envelope, msgspec.json.encode(body)], zmq.NOBLOCK)

    def close(self) -> None:
        self.socket.close(0)


class Desk:
    """A caller's end of the desk: the command line's and later the console's."""

    def __init__(self, context: zmq.Context[Any], address: str, seconds: float = 2.0) -> None:
        self._socket = context.socket(zmq.REQ)
        self._socket.set(zmq.LINGER, 0)
        self._socket.set(zmq.RCVTIMEO, int(seconds * 1000))
        self._socket.set(zmq.SNDTIMEO, int(seconds * 1000))
        self._socket.set(zmq.REQ_RELAXED, 1)
        self._socket.set(zmq.REQ_CORRELATE, 1)
        self._socket.connect(address)

    def ask(self, do: str, **body: Any) -> dict[str, Any]:
        """The answer to one request. Raises TimeoutError when control does not answer in time."""
        try:
            self._socket.send(msgspec.json.encode({"do": do, **body}))
            answer: dict[str, Any] = msgspec.json.decode(self._socket.recv())
        except zmq.Again:
            raise TimeoutError(do) from None
        return answer

    def close(self) -> None:
        self._socket.close()
