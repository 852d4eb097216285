"""How two sites that cannot be called meet at a relay: the few bytes before the line's own; WIRE.md says the same.

The relay greets with its mark and a nonce; the caller answers with its role, its room and a proof that it knows the
relay's secret. Then the relay says one byte at a time: `WAITS` each few seconds to one who waits, and `GO` once the two
are joined; every byte after that is the line's, ciphertext from one site's CURVE to the other's.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import secrets
from pathlib import Path

MARK = b"JMRELAY1"
NONCE, ROOM, PROOF = 16, 32, 32
DIAL, LISTEN = b"D", b"L"
WAITS, GO, NOBODY, REFUSED, FULL = b".", b"G", b"N", b"R", b"F"
TELLS, SILENT = 10.0, 30.0
"""Seconds between two signs of life to one who waits, and after how many without one the relay is given up."""
GREETING = 5.0
"""Seconds within which a caller must have said who it is."""
PIECE, HELD = 64 << 10, 256 << 10
"""Bytes read at once, and bytes that may wait for a slow reader before its writer waits too."""
SECRET, FILE = 32, "relay"
"""Bytes of a relay's secret, and the file that holds it, beside the keys."""


def room(secret: bytes, one: str, other: str) -> bytes:
    """Where two sites meet, the same from both sides; 32 bytes that nobody can guess without the secret."""
    return hashlib.blake2b(repr(sorted((one, other))).encode(), key=secret, digest_size=ROOM).digest()


def role(site: str, peer: str) -> bytes:
    """Of two sites the first by name calls."""
    return DIAL if site < peer else LISTEN


def door(folder: Path, site: str, peer: str) -> str:
    """The local socket between a site's link and its tunnel: one for each peer that it dials, one for all who call."""
    return str(folder / (f"to-{peer}" if role(site, peer) == DIAL else "relay"))


def proof(secret: bytes, nonce: bytes, role: bytes, room: bytes) -> bytes:
    return hashlib.blake2b(nonce + role + room, key=secret, digest_size=PROOF).digest()


def proven(secret: bytes, nonce: bytes, role: bytes, room: bytes, given: bytes) -> bool:
    return hmac.compare_digest(proof(secret, nonce, role, room), given)


def new_secret() -> str:
    """A fresh secret as people copy it: 64 hexadecimal digits."""
    return secrets.token_hex(SECRET)


def keep_secret(path: Path, secret: str) -> None:
    """Keeps a secret where `read_secret` finds it, mode 600. Raises ValueError when it is none, OSError."""
    if len(bytes.fromhex(secret.strip())) != SECRET:
        raise ValueError(secret)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(path.name + ".new")
    fresh.touch(0o600)
    fresh.write_text(secret.strip() + "\n", "ascii")
    fresh.replace(path)


def read_secret(path: Path) -> bytes:
    """The secret that `path` holds; raises ValueError or OSError when it holds none."""
    found = bytes.fromhex(path.read_text("ascii").strip())
    if len(found) != SECRET:
        raise ValueError(len(found))
    return found


async def called(host: str, port: int, secret: bytes, role: bytes, room: bytes) -> Ends:
    """Calls the relay and waits to be joined. Raises Turned when it says no, OSError when it is not to be had."""
    async with asyncio.timeout(GREETING):
        reader, writer = await asyncio.open_connection(host, port, limit=HELD)
    try:
        async with asyncio.timeout(GREETING):
            greeting = await reader.readexactly(len(MARK) + NONCE)
            if not greeting.startswith(MARK):
                raise Turned(b"?")
            writer.write(role + room + proof(secret, greeting[len(MARK) :], role, room))
            await writer.drain()
        while True:
            async with asyncio.timeout(SILENT):
                word = await reader.readexactly(1)
            if word == GO:
                return reader, writer
            if word != WAITS:
                raise Turned(word)
    except (asyncio.IncompleteReadError, TimeoutError) as error:
        writer.close()
        raise ConnectionError(str(error)) from error
    except BaseException:
        writer.close()
        raise


async def joined(one: Ends, other: Ends, most: float = 0.0) -> tuple[int, int]:
    """Carries bytes both ways until either end closes; how many went each way. `most` bytes a second, 0 for any."""
    counts = [0, 0]

    async def carry(way: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE):
                counts[way] += len(piece)
                writer.write(piece)
                await writer.drain()
                if most:
                    await asyncio.sleep(len(piece) / most)

    tasks = [asyncio.create_task(carry(0, one[0], other[1])), asyncio.create_task(carry(1, other[0], one[1]))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        for _, writer in (one, other):
            writer.close()
    return counts[0], counts[1]


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Turned(Exception):
    """The relay's word against us: REFUSED, NOBODY, FULL, or that it is no relay."""

    def __init__(self, word: bytes) -> None:
        super().__init__(word.decode("ascii", "replace"))
        self.word = word
