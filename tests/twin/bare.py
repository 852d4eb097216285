"""What the twin is measured against: the same load over a bare socket, in a process of its own.

`tcp`: raw bytes of the same length, stamped. `columns`: numpy columns over a plain ZeroMQ pair; no CURVE, no stamps,
no journal, nothing that heals.
"""

from __future__ import annotations

import contextlib
import json
import math
import random
import socket
import struct
import sys
import time
from typing import Any

import numpy as np
import zmq

from tests.twin.site import PERIOD

_STAMP = struct.Struct("<dI")


def tcp_listen(listen: int, length: int) -> None:
    """Prints a line once it listens, and the one-way delays once the other end has gone."""
    door = socket.create_server(("127.0.0.1", listen))
    print("{}", flush=True)
    end, _ = door.accept()
    delays, data = [], b""
    while piece := end.recv(65536):
        now, data = time.monotonic(), data + piece
        while len(data) >= length:
            sent, number = _STAMP.unpack_from(data)
            if number:
                delays.append((sent, now - sent))
            data = data[length:]
    print(json.dumps(delays), flush=True)


def tcp_send(port: int, length: int, seconds: float) -> None:
    with socket.create_connection(("127.0.0.1", port)) as end:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = due = time.monotonic()
        number = 0
        while due - began < seconds:
            end.sendall(_STAMP.pack(time.monotonic(), number) + bytes(length - _STAMP.size))
            number += 1
            due += 1 / 60
            time.sleep(max(0.0, due - time.monotonic()))
        end.shutdown(socket.SHUT_WR)
        while end.recv(65536):
            pass


def columns(socket_: zmq.Socket[Any], count: int, changing: int, seconds: float) -> float:
    """CPU seconds of a tick of 100 Hz that sends `changing` columns at 60 Hz and takes in what comes."""
    chance, poller = random.Random(1), zmq.Poller()
    poller.register(socket_, zmq.POLLIN)
    mine, theirs, sent = np.full(count, 0.5), np.zeros(count, np.uint16), np.zeros(count, np.uint16)
    began = deadline = due = time.monotonic()
    spent = time.process_time()
    while deadline - began < seconds:
        now = time.monotonic()
        if changing and now >= due:
            due += 1 / 60
            for n in chance.sample(range(count), changing):
                mine[n] = chance.random()
            codes = np.rint(mine * 65535).astype(np.uint16)
            ids = np.flatnonzero(codes != sent).astype(np.uint16)
            with contextlib.suppress(zmq.Again):
                socket_.send(ids.tobytes() + codes[ids].tobytes(), zmq.NOBLOCK)
            sent = codes
        while socket_.poll(0):
            frame = socket_.recv()
            half = len(frame) // 4
            theirs[np.frombuffer(frame, np.uint16, half)] = np.frombuffer(frame, np.uint16, half, 2 * half)
        _ = theirs / 65535
        deadline += PERIOD
        poller.poll(math.ceil(max(0.0, deadline - time.monotonic()) * 1000))
    return time.process_time() - spent


def main(words: dict[str, Any]) -> None:
    if words["do"] == "listen":
        tcp_listen(words["port"], words["length"])
    elif words["do"] == "send":
        tcp_send(words["port"], words["length"], words["seconds"])
    else:
        socket_ = zmq.Context(1).socket(zmq.PAIR)
        socket_.set(zmq.LINGER, 0)
        (socket_.bind if words["do"] == "bind" else socket_.connect)(f"tcp://127.0.0.1:{words['port']}")
        time.sleep(0.5)
        print(json.dumps([columns(socket_, 1000, n, words["seconds"]) for n in (0, words["changing"])]), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
