"""A child for the supervisor's tests: `child.py MODE [--avoid DIGEST] --heartbeat FD`, with stdlib only."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys


def beat(heartbeat: int, word: str = "beat") -> None:
    try:
        os.write(heartbeat, word.encode() + b"\n")
    except BrokenPipeError:
        sys.exit(0)


def live(heartbeat: int, period: float = 0.1) -> None:
    """Beats until the supervisor is gone."""
    while True:
        beat(heartbeat)
        select.select([], [], [], period)


def main() -> None:
    mode, *options = sys.argv[1:]
    heartbeat = int(options[options.index("--heartbeat") + 1])
    avoid = options[options.index("--avoid") + 1] if "--avoid" in options else ""
    if mode == "die":
        sys.exit(3)
    if mode == "mute":
        signal.pause()
    if mode == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if mode == "flood":
        while True:
            os.write(heartbeat, b"noise " * 10000 + b"\nbeat\n")
    if mode == "parent":
        below = subprocess.Popen(["sleep", "600"])
        print(f"below {below.pid}", flush=True)
    if mode == "chatty":
        while True:
            beat(heartbeat)
            os.write(2, b"x" * 99 + b"\n" * 1 + b"word\n" * 2000)
    if mode == "compiling":
        beat(heartbeat, "compiling 1.2")
        select.select([], [], [], 0.9)
    if mode == "fatal" and avoid != "bad1":
        beat(heartbeat, "scene bad1")
        os.abort()
    if mode == "endless" and avoid != "bad1":
        beat(heartbeat, "scene bad1")
        beat(heartbeat, "compiling 0.3")
        signal.pause()
    if mode == "steady":
        beat(heartbeat, "scene good1")
    if mode == "slow":
        beat(heartbeat)
        beat(heartbeat)
        signal.pause()
    beat(heartbeat, "ready")
    live(heartbeat)


if __name__ == "__main__":
    main()
