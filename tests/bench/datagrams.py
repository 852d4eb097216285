"""The simulated line for datagrams, the Atlantic's: `python -m tests.bench.datagrams LISTEN TO LOSS`.

A datagram that is lost is lost, and one that is late is overtaken. Words on stdin: `hole` and `mend`.
"""

from __future__ import annotations

import heapq
import os
import random
import select
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from installation.library import Library
from installation.score.ocean import ordered
from installation.twin.weather import Strait, Weather
from tests.twin.site import ROOT


def run(listen: int, to: int, loss: float, stdin: int, now: Callable[[], float] = time.monotonic) -> None:
    chance = random.Random(1)
    lib = Library([Path(ROOT)])
    weather = Weather(lib.ocean("atlantic"), now(), chance, lib.ocean)
    strait = Strait(0, weather, chance)
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    door.bind(("127.0.0.1", listen))
    door.setblocking(False)
    under_way: list[tuple[float, int, bytes]] = []
    print("{}", flush=True)
    for count in range(1 << 62):
        wait = max(0.0, under_way[0][0] - now()) if under_way else 0.1
        ready, _, _ = select.select([door, stdin], [], [], min(wait, 0.1))
        weather.turn(now())
        if door in ready and (data := door.recv(65536)) and weather.state == "open" and chance.random() >= loss:
            heapq.heappush(under_way, (strait.due(now(), len(data)), count, data))
        if stdin in ready:
            word = os.read(stdin, 256).decode()
            if not word:
                return
            weather.say(ordered(word.split()[-1]), now())
        while under_way and under_way[0][0] <= now():
            door.sendto(heapq.heappop(under_way)[2], ("127.0.0.1", to))


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), 0)
