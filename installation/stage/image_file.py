"""An image file, read in the decoding child: its size before a byte of it is decoded, its orientation, its pixels.

8 bits a channel (16-bit files lose their lower byte, as in other players), straight alpha, colours as they stand in
the file: embedded colour profiles are not applied.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pygame
import pygame.image

from installation.stage.bounds import DECODED, SIDE, Refusal, Told, regular, scaled, scaling

Pixels = npt.NDArray[np.uint8]


def drawn(order: dict[str, Any]) -> tuple[Pixels, Told]:
    """The picture, the bottom row first, and what is to be told of it. `file` is its path. Raises Refusal."""
    path, told = order["file"], Told()
    size, orientation = looked_at(path)
    if size[0] * size[1] > DECODED * 1_000_000:
        raise Refusal("enormous", width=size[0], height=size[1], most=DECODED)
    try:
        surface = pygame.image.load(path)
    except (pygame.error, ValueError) as stop:
        raise Refusal("no picture", why=str(stop)) from None
    size = surface.get_size()
    pixels = np.frombuffer(pygame.image.tobytes(surface, "RGBA"), np.uint8).reshape(size[1], size[0], 4)
    del surface
    side = order.get("side", SIDE)
    scale = scaling(size, side)
    if scale < 1.0:
        to = max(1, int(size[0] * scale)), max(1, int(size[1] * scale))
        pixels = smaller(pixels, to)
        told.append(scaled(size, to, side))
    return np.ascontiguousarray(turned(pixels, orientation)[::-1]), told


def smaller(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Scaled down by area, a row at a time; colours weighed by their alpha, since what is not seen has none to give."""
    made = np.empty((size[1], size[0], 4), np.uint8)
    height, width = pixels.shape[:2]
    across = np.linspace(0.0, width, size[0] + 1)
    whole = np.minimum(across.astype(np.intp), width - 1)
    part = (across - whole)[:, None]
    for n in range(size[1]):
        row = _averaged(pixels, height * n / size[1], height * (n + 1) / size[1])
        sums = np.concatenate((np.zeros((1, 4)), np.cumsum(row, 0)))
        cells = np.diff(sums[whole] + part * row[whole], axis=0) * (size[0] / width)
        cells[:, :3] *= 255.0 / np.maximum(cells[:, 3:], 1e-6)
        made[n] = np.rint(np.clip(cells, 0.0, 255.0))
    return made


def _averaged(pixels: Pixels, top: float, bottom: float) -> npt.NDArray[np.float64]:
    """The mean of rows `top` to `bottom`, colours multiplied by alpha (0 to 1)."""
    first, last = int(top), min(int(np.ceil(bottom)), len(pixels))
    weights = np.minimum(np.arange(first, last) + 1, bottom) - np.maximum(np.arange(first, last), top)
    rows = pixels[first:last].astype(np.float64)
    rows[..., :3] *= rows[..., 3:] / 255.0
    return np.asarray(np.tensordot(weights / weights.sum(), rows, 1))


def turned(pixels: Pixels, orientation: int) -> Pixels:
    """The picture as the camera was held: EXIF's orientation, 1 to 8."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return pixels[::rows, ::columns]


def looked_at(path: str) -> tuple[tuple[int, int], int]:
    """The size that the file's head tells, (0, 0) for a format that only its decoder knows; EXIF's orientation."""
    regular(path)
    try:
        with open(path, "rb") as file:
            head = file.read(32)
            for magic, read in _HEADS.items():
                if head.startswith(magic):
                    file.seek(0)
                    return read(file)
            return _tga(head, path), 1
    except (struct.error, IndexError, ValueError):
        return (0, 0), 1  # cut off; the decoder will say so
    except OSError as stop:
        raise Refusal("unreadable", why=stop.strerror or str(stop)) from None


def _png(file: BinaryIO) -> tuple[tuple[int, int], int]:
    width, height = struct.unpack(">II", file.read(24)[16:24])
    file.seek(33)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"eXIf":
            return (width, height), _orientation(file.read(min(length, 1 << 16)))
        if kind in (b"IDAT", b"IEND"):
            break
        file.seek(length + 4, 1)
    return (width, height), 1


def _jpeg(file: BinaryIO) -> tuple[tuple[int, int], int]:
    file.seek(2)
    orientation = 1
    while True:
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            raise ValueError("no marker")
        if kind == 0xFF:  # padding
            file.seek(-3, 1)
            continue
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">xHH", file.read(5))
            return (width, height), orientation
        body = file.read(length - 2)
        if kind == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = _orientation(body[6:])


def _webp(file: BinaryIO) -> tuple[tuple[int, int], int]:
    file.seek(8)
    if file.read(4) != b"WEBP":
        raise ValueError("RIFF, not WebP")
    size, orientation = (0, 0), 1
    while len(head := file.read(8)) == 8:
        kind, length = struct.unpack("<4sI", head)
        if kind in (b"VP8 ", b"VP8L", b"VP8X", b"EXIF"):
            body = file.read(min(length, 1 << 16))
            size = size if size != (0, 0) or kind == b"EXIF" else _webp_size(kind, body)
            orientation = _orientation(body.removeprefix(b"Exif\0\0")) if kind == b"EXIF" else orientation
            file.seek(length - len(body), 1)
        else:
            file.seek(length, 1)
        file.seek(length & 1, 1)
    return size, orientation


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _gif(file: BinaryIO) -> tuple[tuple[int, int], int]:
    width, height = struct.unpack("<6xHH", file.read(10))
    return (width, height), 1


def _bmp(file: BinaryIO) -> tuple[tuple[int, int], int]:
    width, height = struct.unpack("<18xii", file.read(26))
    return (abs(width), abs(height)), 1


def _tga(head: bytes, path: str) -> tuple[int, int]:
    """TGA has no mark of its own; its name must tell."""
    return struct.unpack_from("<HH", head, 12) if path.lower().endswith(".tga") else (0, 0)


def _orientation(exif: bytes) -> int:
    """Tag 0x0112 of a TIFF block; 1 when it has none."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    (at,) = struct.unpack_from(order + "I", exif, 4)
    (count,) = struct.unpack_from(order + "H", exif, at)
    for n in range(min(count, (len(exif) - at - 2) // 12)):
        tag, _, _, value = struct.unpack_from(order + "HHIH", exif, at + 2 + 12 * n)
        if tag == 0x0112:
            return value if 1 <= value <= 8 else 1
    return 1


_HEADS: dict[bytes, Callable[[BinaryIO], tuple[tuple[int, int], int]]] = {
    b"\x89PNG\r\n\x1a\n": _png, b"\xff\xd8": _jpeg, b"RIFF": _webp, b"GIF8": _gif, b"BM": _bmp,
}  # fmt: skip
