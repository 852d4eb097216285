"""How wrong the simulated line is: raw bytes over it, each stamped, against what its file says.

On a line of 72.5 ms each way without chance, so that all that is above is the relay's and the machine's. With two
lines at 60 Hz, and with 5 MB/s of bulk on a third connection beside them.
"""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.bench import ends
from tests.twin.sea import Line, free_port

ONE_WAY, SECONDS, BULK = 0.0725, 5.0, 5_000_000


def _drained(door: socket.socket) -> None:
    end, _ = door.accept()
    with contextlib.suppress(OSError):
        while end.recv(1 << 16):
            pass


def _bulk(port: int, ended: threading.Event) -> None:
    with socket.create_connection(("127.0.0.1", port)) as end, contextlib.suppress(OSError):
        while not ended.wait(0.01):
            end.sendall(bytes(BULK // 100))


def _pair(line_port: int, far: int) -> tuple[ends.End, ends.End]:
    return ends.End("Raw", "receive", far), ends.End("Raw", "send", line_port)


def _above(pairs: list[tuple[ends.End, ends.End]], seconds: float) -> list[float]:
    """Milliseconds above the stated delay, of each frame of each pair."""
    for reader, sender in pairs:
        sender.ask("load", True)
        sender.ask("times"), reader.ask("times")
    time.sleep(seconds)
    found = []
    for reader, sender in pairs:
        sender.ask("load", False)
        time.sleep(0.3)
        sent, come = sender.ask("times"), reader.ask("times")
        found += [1e3 * (come[n] - sent[n] - ONE_WAY) for n in sent if n in come]
    return sorted(found)


def run() -> list[dict[str, Any]]:
    """The relay's own error, quiet and with bulk beside."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        profile = Path(folder) / "still.toml"
        profile.write_text(f"one_way = {ONE_WAY}")
        rows, found = [], []
        pairs = []
        for number in range(2):
            far, second = free_port(), free_port()
            (Path(folder) / str(number)).mkdir()
            line = Line(far, str(profile), Path(folder) / str(number), also=second)
            stack.callback(line.close)
            pairs.append(_pair(line.port, far))
            found.append((line, second))
        for end in (end for pair in pairs for end in pair):
            stack.callback(end.close)
        rows += _rows("2 lines at 60 Hz", _above(pairs, SECONDS))
        line, second = found[0]
        door, ended = socket.create_server(("127.0.0.1", second)), threading.Event()
        for work, words in ((_drained, (door,)), (_bulk, (line.second, ended))):
            threading.Thread(target=work, args=words, daemon=True).start()
        rows += _rows("and 5 MB/s beside", _above(pairs, SECONDS))
        ended.set()
        door.close()
    return rows


def _rows(name: str, above: list[float]) -> list[dict[str, Any]]:
    stated = 1e3 * ONE_WAY
    return [
        {"name": f"{name} · one way p{100 * part:.0f}", "value": round(stated + above[int(part * len(above))], 3),
         "unit": "ms", "reference": "as the file says", "reference_value": stated, "ratio": None,
         "target": f"(is {above[int(part * len(above))]:+.2f} ms)"}
        for part in (0.5, 0.99)
    ]  # fmt: skip
