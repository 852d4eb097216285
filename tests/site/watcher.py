"""Everything that a command and all its children write, and to whom: their system calls, as strace tells them.

What is written into a mapping (the slate, the pictures in shared memory) is no call: its file is, when it is opened,
and what stands in it is read at the end.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CALLS = (
    *("open", "openat", "creat", "rename", "renameat", "renameat2", "connect", "bind", "memfd_create"),
    *("write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg", "sendfile"),
)
_LINE = re.compile(r"^(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_BARE = re.compile(r"(?:\\x[0-9a-f]{2})+")
_END = re.compile(r"^\d+<(.*?)>(?:,|$)")
_PLACE = re.compile(r"sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )\"([^\"]*)\"")
_PIECE = re.compile(r"^TCP(?:v6)?:\[.*->(.*)\]")
FAMILIES = {"AF_UNIX": "ipc", "AF_INET": "ip", "AF_INET6": "ip"}
OF_THE_KERNEL = ("/dev/null", "/dev/dri/", "/dev/udmabuf", "/dev/tty", "/proc/", "/sys/")
"""What is opened for writing and is no file."""
OF_THE_SYSTEM = ("/var/run/nscd/", "/run/nscd/", "/run/systemd/")
"""Where the C library asks for the names of users and hosts."""
FLAGS = ("strace", "-DDD", "-f", "-ff", "--seccomp-bpf", "-yy", "-xx", "-s", "1000000")


def possible() -> str:
    """Why nothing can be watched here, "" when it can."""
    if shutil.which("strace") is None:
        return "no strace"
    with tempfile.TemporaryDirectory() as folder:
        words = [*FLAGS, "-o", f"{folder}/calls", "true"]
        tried = subprocess.run(words, capture_output=True, text=True)
    return "" if tried.returncode == 0 else tried.stderr.strip()[:200]


def watching(folder: Path) -> list[str]:
    """What stands before a command that is to be watched; it stays our own child, its watcher is another's."""
    folder.mkdir()
    return [*FLAGS, "-o", str(folder / "calls"), "-e", f"trace={','.join(CALLS)}"]


def ended(folder: Path) -> bool:
    """Whether the last call of every process and thread has been told."""
    return all(_last(path).startswith("+++ ") for path in folder.iterdir())


def _last(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 200))
        return file.read().decode().rstrip("\n").rpartition("\n")[2]


class Piece(NamedTuple):
    """What one call wrote: `end` is a path, `tcp HOST:PORT`, `udp HOST:PORT`, or what the kernel calls it."""

    end: str
    data: bytes
    count: int


class Seen(NamedTuple):
    """All of it. `files` were opened for writing or made by a rename; sockets are (way, place)."""

    files: set[str]
    bound: set[tuple[str, str]]
    called: set[tuple[str, str]]
    pieces: list[Piece]


def seen(folder: Path) -> Seen:
    """Reads what the watcher wrote."""
    found = Seen(set(), set(), set(), [])
    for path in folder.iterdir():
        with path.open() as lines:
            for line in lines:
                told = _LINE.match(line)
                if told and (int(told[3]) >= 0 or told[1] == "connect"):
                    _take(found, told[1], told[2], int(told[3]))
    return found


def _take(found: Seen, name: str, given: str, result: int) -> None:
    if name in ("open", "openat", "creat"):
        if name == "creat" or re.search(r"O_(WRONLY|RDWR|CREAT)", given):
            found.files.add(next(_texts(given)).decode())
    elif name.startswith("rename"):
        found.files.add(list(_texts(given))[-1].decode())
    elif name == "memfd_create":
        found.files.add(f"memfd:{next(_texts(given)).decode()}")
    elif name in ("bind", "connect"):
        place = _place(given)
        if place:
            (found.bound if name == "bind" else found.called).add(place)
    else:
        found.pieces.append(Piece(_end(given), b"".join(_texts(given)), result))


def _texts(given: str) -> Iterator[bytes]:
    for text in _TEXT.finditer(given):
        yield bytes.fromhex(text[1].replace("\\x", ""))


def _plain(text: str) -> str:
    return _BARE.sub(lambda found: bytes.fromhex(found[0].replace("\\x", "")).decode(errors="replace"), text)


def _place(given: str) -> tuple[str, str] | None:
    """Where a socket is bound or connected; None for one of the kernel's own (netlink)."""
    family = re.search(r"sa_family=(\w+)", given)
    kind = FAMILIES.get(family[1] if family else "")
    if kind == "ipc":
        texts = [text.decode(errors="replace") for text in _texts(given)]
        return ("ipc", texts[-1]) if texts else None
    place = _PLACE.search(_plain(given))
    way = "udp" if "<UDP" in given else "tcp"
    return (way, f"{place[2]}:{place[1]}") if kind and place else None


def _end(given: str) -> str:
    """Whom one call writes to."""
    told = _END.match(given)
    name = _plain(told[1]) if told else ""
    piece = _PIECE.match(name)
    if piece:
        return f"tcp {piece[1]}"
    place = _PLACE.search(_plain(given)) if name.startswith("UDP") else None
    return f"udp {place[2]}:{place[1]}" if place else name
