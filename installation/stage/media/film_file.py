"""A film, read by PyAV in the decoding child: which frame is shown at a second, and its pixels.

Second 0 is the stream's start. A frame is shown from its own time until the next frame's, whatever the rate says, the
last one until the film's end. Colours go to RGB by the matrix and range that the frame names; where it names none, by
BT.709 from 720 lines up and by BT.601 below, as players do. Rotation and oblong pixels are honoured; interlaced
fields are not woven apart, and HDR is shown as it stands.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from installation.stage.media.bounds import SIDE, Refusal, Told, regular, scaled, scaling

_MATRIX = {1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
"""From the frame's colour space (ISO/IEC 23091-2) to ffmpeg's name for its matrix."""
_CURVES = {16: "PQ", 18: "HLG"}
_FULL = 2
_FLAGS = "bilinear+full_chroma_int+accurate_rnd+bitexact"
"""All of the chroma, accurately rounded, the same bytes on every processor."""
_GRACE = 0.0005


class Shown(NamedTuple):
    """A frame, and from and until which second of the film it is shown."""

    frame: Any
    begin: float
    end: float


class FilmFile:
    """An open film. Raises Refusal where there is none."""

    def __init__(self, path: str, side: int = SIDE) -> None:
        regular(path)
        try:
            import av
        except ImportError:
            raise Refusal("no av") from None
        self._av: Any = av
        self._path, self.told = path, Told()
        """What is still to be told; whoever tells it takes it out."""
        self._known: set[str] = set()
        self._open()
        self._next: Any = None
        self.duration, self.frame_time = self._duration(), self._frame_time()
        self._graph: Any = None
        self._kind: tuple[Any, ...] = ()
        self._frames: Iterator[Any] = iter(())
        self.seek(0.0)
        if self._next is None:
            raise Refusal("no frames")
        self._measure(side)
        curve = _CURVES.get(int(getattr(self._next, "color_trc", 0)))
        if curve:
            self._tell("hdr", curve=curve)

    def _open(self) -> None:
        try:
            self._container: Any = self._av.open(self._path)
        except (self._av.FFmpegError, OSError, ValueError) as stop:
            raise Refusal("no film", why=getattr(stop, "strerror", None) or str(stop)) from None
        streams = [s for s in self._container.streams.video if not _cover(s)]
        if not streams:
            raise Refusal("no frames")
        self._stream: Any = streams[0]
        self._stream.thread_type = "AUTO"
        self._tick = float(self._stream.time_base)
        self._start = float(self._stream.start_time or 0) * self._tick
        self._codec: Any = self._alpha_codec() or self._stream.codec_context
        # A container that counts in milliseconds has put each frame up to half of one beside its time.
        self._grace = min(max(self._tick / 2.0, 1e-6), _GRACE)

    def _alpha_codec(self) -> Any:
        """VP8 and VP9 carry alpha beside the picture, where only libvpx looks for it."""
        name = {"vp8": "libvpx", "vp9": "libvpx-vp9"}.get(self._stream.codec_context.name)
        if self._stream.metadata.get("alpha_mode") != "1" or name is None:
            return None
        try:
            codec = self._av.CodecContext.create(name, "r")
        except (self._av.FFmpegError, ValueError):
            self._tell("no alpha")
            return None
        codec.extradata = self._stream.codec_context.extradata
        return codec

    def _duration(self) -> float:
        """Seconds; what the stream says, else the container, else what is found by looking at every packet."""
        if self._stream.duration:
            return float(self._stream.duration) * self._tick
        if self._container.duration:
            whole = self._container.duration / 1e6 + (self._container.start_time or 0) / 1e6
            return max(float(whole) - self._start, 1e-3)
        end = 0.0
        for packet in self._demuxed():
            if packet.pts is not None:
                end = max(end, (packet.pts + (packet.duration or 0)) * self._tick - self._start)
        return max(end, 1e-3)

    def _frame_time(self) -> float:
        """About how long a frame is shown."""
        rate = self._stream.average_rate or self._stream.guessed_rate
        return min(max(1.0 / float(rate), 1e-3), 1.0) if rate else 0.04

    def _measure(self, side: int) -> None:
        """The size on the wall: square pixels, turned as the camera was, no larger than the driver takes."""
        frame, ratio = self._next, float(self._stream.sample_aspect_ratio or 1)
        size = max(1, round(frame.width * ratio)) if 0.1 < ratio < 10.0 else frame.width, frame.height
        scale = scaling(size, side)
        self._scaled = (max(1, int(size[0] * scale)), max(1, int(size[1] * scale))) if scale < 1.0 else size
        if scale < 1.0:
            self.told.append(scaled(size, self._scaled, side))
        self.turns = round(getattr(frame, "rotation", 0) / 90.0) % 4
        self.size = self._scaled[::-1] if self.turns % 2 else self._scaled

    def _demuxed(self) -> Iterator[Any]:
        """Packets until the file ends, be it too early."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                yield next(packets)
            except StopIteration:
                return
            except (self._av.FFmpegError, OSError) as stop:
                self._damaged(stop)
                return

    def _damaged(self, stop: Exception) -> None:
        self._tell("damaged", why=getattr(stop, "strerror", None) or str(stop))

    def _tell(self, fault: str, **words: Any) -> None:
        if fault not in self._known:
            self._known.add(fault)
            self.told.append((fault, words))

    def _decoded(self) -> Iterator[Any]:
        """Frames in the order in which they are shown; what cannot be decoded is left out."""
        for packet in self._demuxed():
            try:
                frames = self._codec.decode(packet if packet.size else None)
            except self._av.error.EOFError:
                return
            except (self._av.FFmpegError, ValueError) as stop:
                self._damaged(stop)
                continue
            yield from (frame for frame in frames if frame.pts is not None)

    def _time(self, frame: Any) -> float:
        return float(frame.pts) * self._tick - self._start - self._grace

    @property
    def at(self) -> float:
        """From when the next frame is shown; the duration once there is none."""
        return self.duration if self._next is None else self._begin

    def seek(self, second: float) -> None:
        """Goes to the frame before `second` from which decoding can begin, or further back."""
        back = 0.0
        while True:
            target = max(0.0, second - back)
            self._jump(target)
            self._next = next(self._frames, None)
            self._begin = self.duration if self._next is None else self._time(self._next)
            if self._begin <= second or target == 0.0:
                break
            back = max(1.0, 4.0 * back)
        if target == 0.0:
            self._begin = min(self._begin, 0.0)

    def _jump(self, target: float) -> None:
        """Raises Refusal where the file has gone."""
        try:
            self._container.seek(int((target + self._start) / self._tick), stream=self._stream, backward=True)
        except (self._av.FFmpegError, OSError, ValueError):
            self._container.close()
            self._open()  # what cannot be searched is read from its beginning
        self._codec.flush_buffers()
        self._frames = self._decoded()

    def following(self) -> Shown | None:
        """The next frame; None at the end."""
        frame, begin = self._next, self._begin
        if frame is None:
            return None
        self._next = next(self._frames, None) or self._beyond(begin)
        if self._next is None:
            return Shown(frame, begin, max(self.duration, begin + 1e-6))
        self._begin = max(self._time(self._next), begin + 1e-6)
        return Shown(frame, begin, self._begin)

    def _beyond(self, last: float) -> Any:
        """The first frame behind a gap, where the film ends too early."""
        read, ahead = last + self.frame_time, 0.5
        if self.duration - read <= max(0.5, 2.0 * self.frame_time):
            return None
        while read + ahead < self.duration:
            self._jump(read + ahead)
            frame = next(self._frames, None)
            if frame is not None and self._time(frame) > last:
                return frame
            ahead *= 2.0
        self._tell("short", said=round(self.duration, 2), read=round(read, 2))
        return None

    def further(self, second: float) -> bool:
        """Whether a seek to `second` would land beyond the next frame, so that it saves decoding."""
        entries = getattr(self._stream, "index_entries", None)
        if not entries or self._next is None:
            return False
        found = entries.search_timestamp(int((second + self._start) / self._tick), backward=True)
        return bool(found >= 0 and entries[found].timestamp > (self._next.pts or 0))

    def paint(self, frame: Any, into: npt.NDArray[np.uint8]) -> None:
        """The frame's pixels, RGBA, the bottom row first, into an array of `size`."""
        kind = frame.width, frame.height, frame.format.name, int(frame.colorspace), int(frame.color_range)
        if kind != self._kind:
            self._graph, self._kind = self._converting(frame), kind
        self._graph.push(frame)
        plane = self._graph.pull().planes[0]
        width, height = self._scaled
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:height, : 4 * width]
        pixels = rows.reshape(height, width, 4)
        into[:] = (np.rot90(pixels, self.turns) if self.turns else pixels)[::-1]

    def _converting(self, frame: Any) -> Any:
        """ffmpeg's own conversion; unlike bare swscale it knows where between the pixels the chroma lies."""
        graph = self._av.filter.Graph()
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=self._stream.time_base
        )
        matrix = _MATRIX.get(int(frame.colorspace)) or ("bt709" if frame.height >= 720 else "bt601")
        full = int(frame.color_range) == _FULL or frame.format.name.startswith("yuvj")
        ranges = f"in_color_matrix={matrix}:in_range={'pc' if full else 'tv'}:out_range=pc"
        if frame.format.is_rgb:
            ranges = "in_range=pc:out_range=pc"
        scale = graph.add("scale", f"{self._scaled[0]}:{self._scaled[1]}:flags={_FLAGS}:{ranges}")
        graph.link_nodes(source, scale, graph.add("format", "rgba"), graph.add("buffersink")).configure()
        return graph

    def close(self) -> None:
        """Closes the file, and ends the threads of its codec, which live as long as anything refers to it."""
        self._frames, self._next, self._graph = iter(()), None, None
        self._container.close()
        del self._codec, self._stream, self._container
        gc.collect()


def _cover(stream: Any) -> bool:
    """Whether this is the picture on a song's sleeve."""
    return bool(int(getattr(stream, "disposition", 0)) & 0x400)
