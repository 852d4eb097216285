"""An image file, read in the decoding child: its size before a byte of it is decoded, its orientation, its pixels.

8 bits a channel (16-bit files lose their lower byte, as in other players), straight alpha, colours as they stand in
the file: embedded colour profiles are not applied.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt
import pygame
import pygame.image

from installation.stage.media.bounds import DECODED, SIDE, Refusal, Told, regular, scaled, scaling

Pixels = npt.NDArray[np.uint8]


class Head(NamedTuple):
    """The size, EXIF's orientation, and whether the colours are those of four inks."""

    width: int
    height: int
    orientation: int = 1
    inks: bool = False


def drawn(order: dict[str, Any]) -> tuple[Pixels, Told]:
    """The picture, the bottom row first, and what is to be told of it. `file` is its path. Raises Refusal."""
    path, told = order["file"], Told()
    head = looked_at(path)
    if head.width * head.height > DECODED * 1_000_000:
        raise Refusal("enormous", width=head.width, height=head.height, most=DECODED)
    try:
        surface = pygame.image.load(path)
    except (pygame.error, ValueError) as stop:
        raise Refusal("no picture", why=str(stop)) from None
    size = surface.get_size()
    pixels = np.frombuffer(pygame.image.tobytes(surface, "RGBA"), np.uint8).reshape(size[1], size[0], 4)
    del surface
    if head.inks:
        pixels = lit(pixels)
    side = order.get("side", SIDE)
    scale = scaling(size, side)
    if scale < 1.0:
        to = max(1, int(size[0] * scale)), max(1, int(size[1] * scale))
        pixels = smaller(pixels, to)
        told.append(scaled(size, to, side))
    return np.ascontiguousarray(turned(pixels, head.orientation)[::-1]), told


def lit(pixels: Pixels) -> Pixels:
    """The light of four inks (CMYK), each as the share of paper that it leaves white, as JPEG files keep them."""
    made = np.full_like(pixels, 255)
    black = pixels[..., 3].astype(np.uint16)
    for channel in range(3):  # SDL gives the inks in the order of its own blue, green and red
        made[..., channel] = (pixels[..., 2 - channel] * black + 127) // 255
    return made


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


def looked_at(path: str) -> Head:
    """What the file's head tells; no size for a format that only its decoder knows."""
    regular(path)
    try:
        with open(path, "rb") as file:
            head = file.read(32)
            for magic, read in _HEADS.items():
                if head.startswith(magic):
                    file.seek(0)
                    return read(file)
            return _tga(head, path)
    except (struct.error, IndexError, ValueError):
        return Head(0, 0)  # cut off; the decoder will say so
    except OSError as stop:
        raise Refusal("unreadable", why=stop.strerror or str(stop)) from None


def _png(file: BinaryIO) -> Head:
    width, height = struct.unpack(">II", file.read(24)[16:24])
    file.seek(33)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"eXIf":
            return Head(width, height, _orientation(file.read(min(length, 1 << 16))))
        if kind in (b"IDAT", b"IEND"):
            break
        file.seek(length + 4, 1)
    return Head(width, height)


def _jpeg(file: BinaryIO) -> Head:
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
            height, width, channels = struct.unpack(">xHHB", file.read(6))
            return Head(width, height, orientation, channels == 4)
        body = file.read(length - 2)
        if kind == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = _orientation(body[6:])


def _webp(file: BinaryIO) -> Head:
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
    return Head(*size, orientation)


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _gif(file: BinaryIO) -> Head:
    width, height = struct.unpack("<6xHH", file.read(10))
    return Head(width, height)


def _bmp(file: BinaryIO) -> Head:
    width, height = struct.unpack("<18xii", file.read(26))
    return Head(abs(width), abs(height))


def _tga(head: bytes, path: str) -> Head:
    """TGA has no mark of its own; its name must tell."""
    return Head(*struct.unpack_from("<HH", head, 12)) if path.lower().endswith(".tga") else Head(0, 0)


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


_HEADS: dict[bytes, Callable[[BinaryIO], Head]] = {
    b"\x89PNG\r\n\x1a\n": _png, b"\xff\xd8": _jpeg, b"RIFF": _webp, b"GIF8": _gif, b"BM": _bmp,
}  # fmt: skip
