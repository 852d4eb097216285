"""Image files as textures: every format against Pillow, byte for byte; files that are none, and a child that dies."""

from __future__ import annotations

import os
import signal
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.score.picture import Picture
from installation.stage.layers import Tools
from installation.stage.media.decoding import Decoding
from installation.stage.media.stills import Still
from tests.stage.sources import frames, shown, told

Image = pytest.importorskip("PIL.Image")
RGBA = np.random.default_rng(7).integers(0, 256, (31, 45, 4), np.uint8)
Load = Callable[..., Still]


@pytest.fixture
def decoding() -> Iterator[Decoding]:
    made = Decoding()
    yield made
    made.close()


@pytest.fixture
def load(tools: Tools, decoding: Decoding) -> Iterator[Load]:
    made: list[Still] = []

    def loaded(path: Path, **more: Any) -> Still:
        made.append(Still(tools.context, Picture("image", str(path)), decoding, **more))
        return made[-1]

    yield loaded
    for still in made:
        still.release()


FILES: dict[str, tuple[str, dict[str, Any]]] = {
    "rgba.png": ("RGBA", {}),
    "rgb.png": ("RGB", {}),
    "grey.png": ("L", {}),
    "grey-alpha.png": ("LA", {}),
    "palette.png": ("P", {}),
    "bits.png": ("1", {}),
    "lossless.webp": ("RGBA", {"lossless": True, "exact": True}),
    "a.gif": ("P", {}),
    "a.bmp": ("RGB", {}),
    "a.tga": ("RGBA", {}),
    "a.pcx": ("RGB", {}),
    "a.ppm": ("RGB", {}),
    "a.tif": ("RGB", {}),
    "a.jpg": ("RGB", {"quality": 95}),
    "grey.jpg": ("L", {}),
    "print.jpg": ("CMYK", {"quality": 98}),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_shown_as_pillow_reads_it(name: str, tmp_path: Path, load: Load) -> None:
    mode, options = FILES[name]
    Image.fromarray(RGBA).convert(mode).save(tmp_path / name, **options)
    still = load(tmp_path / name)
    assert still.settle(0.0) and not still.problems
    expected = np.asarray(Image.open(tmp_path / name).convert("RGBA"))
    # Two JPEG decoders may round a cosine differently.
    assert np.abs(shown(still).astype(int) - expected).max() <= (3 if name.endswith("jpg") else 0)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int, color: int, raw: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def test_a_sixteen_bit_png_keeps_its_upper_eight(tmp_path: Path, load: Load) -> None:
    deep = np.random.default_rng(3).integers(0, 65536, (9, 7, 3), np.uint16)
    raw = b"".join(b"\0" + row.astype(">u2").tobytes() for row in deep)
    (tmp_path / "deep.png").write_bytes(png(7, 9, 16, 2, raw))
    still = load(tmp_path / "deep.png")
    assert still.settle(0.0) and not still.problems
    assert np.abs(shown(still)[..., :3].astype(int) - deep / 257.0).max() <= 1.0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_exif_turns_the_picture_as_pillow_does(orientation: int, suffix: str, tmp_path: Path, load: Load) -> None:
    ops = pytest.importorskip("PIL.ImageOps")
    exif = Image.Exif()
    exif[0x0112] = orientation
    smooth = np.add.outer(np.arange(24) * 6, np.arange(40) * 2).astype(np.uint8)
    Image.fromarray(np.dstack([smooth, smooth[::-1], smooth])).save(tmp_path / f"a.{suffix}", exif=exif, quality=95)
    still = load(tmp_path / f"a.{suffix}")
    assert still.settle(0.0) and not still.problems
    expected = np.asarray(ops.exif_transpose(Image.open(tmp_path / f"a.{suffix}")).convert("RGBA"))
    assert still.size == (expected.shape[1], expected.shape[0])
    assert np.abs(shown(still).astype(int) - expected).max() <= 3


def test_a_picture_larger_than_the_driver_takes_is_scaled_down_and_told(tmp_path: Path, load: Load) -> None:
    Image.new("RGBA", (9000, 30), (10, 200, 30, 128)).save(tmp_path / "long.png")
    still = load(tmp_path / "long.png")
    assert still.settle(0.0) and still.size == (8192, 27)
    assert "9000 × 30" in told(still) and "8192 × 27" in told(still)
    assert np.abs(shown(still)[10, 5000].astype(int) - (10, 200, 30, 128)).max() <= 1


def test_what_is_transparent_gives_no_colour_to_what_is_scaled_down(tmp_path: Path, load: Load) -> None:
    wide = np.zeros((20, 16384, 4), np.uint8)
    wide[:, ::4] = (255, 0, 0, 255)
    wide[:, 1::4] = (0, 255, 0, 0)
    Image.fromarray(wide).save(tmp_path / "wide.png")
    still = load(tmp_path / "wide.png")
    assert still.settle(0.0)
    seen = shown(still)[shown(still)[..., 3] > 0]
    assert len(seen) and seen[:, 1].max() <= 2 and seen[:, 0].min() >= 253


def test_a_photo_much_larger_than_the_wall_has_mipmaps_and_is_exact_at_its_own_size(tmp_path: Path, load: Load) -> None:
    Image.fromarray(RGBA).save(tmp_path / "a.png")
    still = load(tmp_path / "a.png", wall=(8, 8))
    assert still.settle(0.0)
    assert still.texture.filter[0] != load(tmp_path / "a.png").texture.filter[0]
    assert (shown(still) == RGBA).all()


def bomb(path: Path) -> None:
    path.write_bytes(png(100_000, 100_000, 8, 2, b"\0" * 1000))


def truncated(path: Path) -> None:
    Image.fromarray(np.tile(RGBA, (20, 20, 1))).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "there is no such file"),
    "text": (lambda path: path.write_text("I am no picture\n" * 50), "no picture that can be read"),
    "empty": (lambda path: path.touch(), "no picture that can be read"),
    "truncated": (truncated, "no picture that can be read"),
    "bomb": (bomb, "100000 × 100000 pixels"),
    "folder": (lambda path: path.mkdir(), "folder"),
    "pipe": (lambda path: os.mkfifo(path), "pipe"),
    "head only": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "no picture that can be read"),
    "jpeg head": (lambda path: path.write_bytes(b"\xff\xd8\xff"), "no picture that can be read"),
    "webp head": (lambda path: path.write_bytes(b"RIFF\xff\xff\xff\xffWEBPVP8X"), "no picture that can be read"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_picture_is_told_once_and_the_placeholder_stays(
    kind: str, tmp_path: Path, load: Load
) -> None:
    make, said = HOSTILE[kind]
    path = tmp_path / "hostile.png"
    make(path)
    still = load(path)
    assert frames(still, lambda: bool(still.problems)) < 0.25
    assert still.settle(0.0) and len(still.problems) == 1 and said in told(still) and str(path) in told(still)
    assert still.size == (1, 1) and shown(still).tolist() == [[[0, 0, 0, 0]]]


def test_a_hostile_file_holds_up_none_of_the_others(tmp_path: Path, load: Load) -> None:
    Image.fromarray(RGBA).save(tmp_path / "a.png")
    bomb(tmp_path / "bomb.png")
    bad, good = load(tmp_path / "bomb.png"), load(tmp_path / "a.png")
    frames(good, lambda: good.size != (1, 1))
    assert (shown(good) == RGBA).all() and bad.size == (1, 1)


def test_a_large_picture_comes_over_several_frames_and_the_old_one_stays_meanwhile(tmp_path: Path, load: Load) -> None:
    large = np.random.default_rng(1).integers(0, 256, (2000, 1500, 4), np.uint8)
    Image.fromarray(large).save(tmp_path / "large.png", compress_level=0)
    still = load(tmp_path / "large.png")
    still._decoding.until(lambda: not still._waiting, 20.0)
    for _ in range(2):
        still.update(0.0)
        assert still.size == (1, 1)
    frames(still, lambda: still.ready)
    assert (shown(still) == large).all()


def test_a_child_that_is_killed_is_replaced(tmp_path: Path, load: Load, decoding: Decoding) -> None:
    Image.fromarray(RGBA).save(tmp_path / "a.png")
    first = load(tmp_path / "a.png")
    assert first.settle(0.0)
    killed = decoding.pid
    os.kill(killed, signal.SIGKILL)
    still = load(tmp_path / "a.png")
    frames(still, lambda: still.ready)
    assert decoding.pid not in (0, killed) and (shown(still) == RGBA).all() and not still.problems
    assert (shown(first) == RGBA).all()


def test_a_child_that_is_stopped_is_replaced(tmp_path: Path, load: Load, decoding: Decoding) -> None:
    Image.fromarray(RGBA).save(tmp_path / "a.png")
    assert load(tmp_path / "a.png").settle(0.0)
    stopped = decoding.pid
    os.kill(stopped, signal.SIGSTOP)
    still = load(tmp_path / "a.png")
    assert frames(still, lambda: still.ready) < 0.25
    assert decoding.pid not in (0, stopped) and (shown(still) == RGBA).all()


# A child that ends by its own doing whenever it is asked for a picture, and one that never answers.
CRASHES = 'import sys,os\nfor line in sys.stdin:\n  os.write(1, b\'{"to":1,"begun":true}\\n\')\n  os.abort()'
SILENT = "import sys\nfor line in sys.stdin: pass"


def test_a_file_under_which_the_child_dies_again_and_again_is_left_out_and_told(tmp_path: Path, tools: Tools) -> None:
    import sys

    decoding = Decoding(command=(sys.executable, "-c", CRASHES))
    still = Still(tools.context, Picture("image", str(tmp_path / "a.png")), decoding)
    frames(still, lambda: bool(still.problems))
    assert "ended the decoder 3 times" in told(still) and still.ready
    decoding.close()


def test_a_machine_without_the_child_says_so(tmp_path: Path, tools: Tools) -> None:
    decoding = Decoding(command=(str(tmp_path / "nothing"),))
    still = Still(tools.context, Picture("image", str(tmp_path / "a.png")), decoding)
    frames(still, lambda: bool(still.problems))
    assert "the decoder does not start" in told(still)
    decoding.close()


def test_the_child_ends_with_the_stage_and_leaves_no_memory(tmp_path: Path, load: Load, decoding: Decoding) -> None:
    Image.fromarray(RGBA).save(tmp_path / "a.png")
    assert load(tmp_path / "a.png").settle(0.0)
    shared, pid = Path("/dev/shm"), decoding.pid
    decoding.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    if shared.is_dir():
        assert not list(shared.glob(f"jml-{pid}-*"))
