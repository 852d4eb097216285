"""A site's way to a relay, as a process of its own: `python -m installation.tunnel --site NAME …`.

Towards a peer that it calls it stands at a local door, which the link dials like any other address; for a peer that
calls, it waits at the relay and brings each caller to the link's own local door. It sees ciphertext only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import sys
import urllib.parse
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NamedTuple

from installation.score.problem import Problem, Row
from installation.speech import language
from installation.twin import rooms
from installation.twin.rooms import DIAL, LISTEN, Turned

BEAT = 0.2
PARKED, CALLS = 6, 32
"""Connections that wait at the relay for a caller; calls at once from here."""
AGAIN, LATEST = 0.2, 5.0

AWAY = Row(
    en=(
        "the relay {relay} is not to be had: {reason}",
        "a relay that answers",
        "start `jumelage relay` there; it is tried for ever",
    ),
    fr=(
        "le relais {relay} est injoignable : {reason}",
        "un relais qui répond",
        "lancez-y `jumelage relay` ; on essaie sans fin",
    ),
)
STRANGER = Row(
    en=(
        "the relay {relay} does not know this site's secret",
        "the secret that it printed",
        "run `jumelage relay join SECRET` here",
    ),
    fr=(
        "le relais {relay} ne reconnaît pas le secret de ce site",
        "le secret qu'il a affiché",
        "lancez ici `jumelage relay join SECRET`",
    ),
)
CROWDED = Row(
    en=("the relay {relay} has no room left for this line", "fewer connections", "look for a second run of this site"),
    fr=(
        "le relais {relay} n'a plus de place pour cette ligne",
        "moins de connexions",
        "cherchez une deuxième instance de ce site",
    ),
)
NO_SECRET = Row(
    en=("no relay's secret in {file}", "the secret that the relay printed", "run `jumelage relay join SECRET`"),
    fr=(
        "pas de secret de relais dans {file}",
        "le secret que le relais a affiché",
        "lancez `jumelage relay join SECRET`",
    ),
)
WORDS = {rooms.REFUSED: STRANGER, rooms.FULL: CROWDED, b"?": AWAY}


class Way(NamedTuple):
    """One peer behind a relay: `door` is the local socket's path."""

    peer: str
    host: str
    port: int
    door: str

    @property
    def relay(self) -> str:
        return f"{self.host}:{self.port}"


class Tunnel:
    """All of a site's ways to relays."""

    def __init__(self, site: str, secret: Path) -> None:
        self.site, self.file = site, secret
        self._told: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._calls = 0

    async def run(self, ways: list[Way]) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            for way in ways:
                if rooms.role(self.site, way.peer) == DIAL:
                    group.create_task(self._door(way))
                else:
                    for _ in range(PARKED):
                        group.create_task(self._wait(way))

    def _secret(self) -> bytes:
        """Read anew for each call: `keys relay` may bring it while the site runs."""
        try:
            return rooms.read_secret(self.file)
        except (OSError, ValueError):
            self._tell(NO_SECRET, file=self.file)
            raise ConnectionError from None

    async def _call(self, way: Way, role: bytes) -> rooms.Ends:
        try:
            secret = self._secret()
            ends = await rooms.called(way.host, way.port, secret, role, rooms.room(secret, self.site, way.peer))
        except Turned as no:
            if no.word in WORDS:
                self._tell(WORDS[no.word], relay=way.relay, reason=no)
            raise ConnectionError from None
        except TimeoutError:
            self._tell(AWAY, relay=way.relay, reason="timeout")
            raise ConnectionError from None
        except OSError as error:
            if str(error):
                self._tell(AWAY, relay=way.relay, reason=error)
            raise
        self._told.clear()
        return ends

    async def _door(self, way: Way) -> None:
        """Where the link dials."""

        async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._calls += 1
            try:
                if self._calls <= CALLS:
                    await rooms.joined((reader, writer), await self._call(way, DIAL))
            except OSError:
                pass
            finally:
                self._calls -= 1
                writer.close()

        with contextlib.suppress(FileNotFoundError):
            os.unlink(way.door)
        server = await asyncio.start_unix_server(met, way.door, limit=rooms.HELD)
        await server.serve_forever()

    async def _wait(self, way: Way) -> None:
        """Waits at the relay, brings the caller to the link's door, and waits again at once."""
        pause = AGAIN
        while True:
            try:
                ends = await self._call(way, LISTEN)
            except OSError:
                await asyncio.sleep(pause * random.uniform(0.7, 1.0))
                pause = min(LATEST, pause * 1.5)
                continue
            pause = AGAIN
            self._apart(self._bring(way, ends))

    async def _bring(self, way: Way, ends: rooms.Ends) -> None:
        try:
            inside = await asyncio.open_unix_connection(way.door, limit=rooms.HELD)
        except OSError:  # control is starting again
            ends[1].close()
            return
        await rooms.joined(ends, inside)

    def _apart(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _tell(self, row: Row, **words: Any) -> None:
        """Once, until a call has been joined again."""
        key = (row.en[0], str(words.get("relay", "")))
        if key not in self._told:
            self._told.add(key)
            print(Problem("", 0, row, words).told(language()), file=sys.stderr, flush=True)


async def _beating(heartbeat: int | None, work: Coroutine[Any, Any, None]) -> None:
    """The work, with a sign of life to the supervisor; ends when the supervisor is gone."""
    task = asyncio.ensure_future(work)
    while not task.done():
        if heartbeat is not None:
            try:
                os.write(heartbeat, b"beat\n")
            except BlockingIOError:
                pass
            except OSError:
                task.cancel()
                return
        await asyncio.wait((task,), timeout=BEAT)
    await task


def way(text: str) -> Way:
    """A way as the command line gives it: PEER=tcp://HOST:PORT=DOOR."""
    peer, relay, door = text.split("=", 2)
    found = urllib.parse.urlsplit(relay)
    return Way(peer, found.hostname or "", found.port or 0, door)


def main() -> int:
    """Runs until it is told to stop."""
    parser = argparse.ArgumentParser(prog="installation.tunnel")
    parser.add_argument("--site", required=True)
    parser.add_argument("--secret", type=Path, required=True)
    parser.add_argument("--way", type=way, action="append", required=True, metavar="PEER=tcp://HOST:PORT=DOOR")
    parser.add_argument("--heartbeat", type=int)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_beating(given.heartbeat, Tunnel(given.site, given.secret).run(given.way)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
