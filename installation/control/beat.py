"""The common bar as this site has it: the tempo that all cities share, and where in the beat and the bar it is now."""

from __future__ import annotations

from typing import Any

from installation.score.tempo import MOST_BEATS, Tempo, count, turned
from installation.twin.mirror import Key

CATCHING_UP = 0.1
"""Beats a beat by which a picture that is out of phase comes back: another city's change of tempo arrives a moment
after it was made, and the phase must not jump for it."""
TEMPO_KEY = "/tempo"
_HIGH = (650.0, 65.0)
"""Hundredths of a bpm and thousandths of a beat are exact in the wire's 65000 steps."""


def key(music: Tempo) -> Key:
    """The register: bpm and offset as one value, so that nobody has the one without the other."""
    return Key(TEMPO_KEY, "point2D", "latest", 2, (0.0, 0.0), _HIGH, (music.bpm, 0.0), 0.0)


class Beat:
    """The tempo on air. `tempo` is what all cities agree on; what is shown may be a little behind or ahead of it."""

    def __init__(self) -> None:
        self.tempo, self.heard = Tempo(), False
        self._lag = 0.0
        self._then: float | None = None

    def lay(self, music: Tempo, row: Any, mirror: Any, heard: bool) -> None:
        """Another scene: its own bar, without a glide. Where nothing of it hears the beat, no tick counts it."""
        self.heard = heard
        self.tempo, self._lag, self._then = music, 0.0, None
        self._from = mirror.schema.places[TEMPO_KEY].offset
        self._at = [row.layout.slots[f"/tempo/{name}"].offset for name in ("beat", "bar", "bpm")]

    @property
    def lag(self) -> tuple[float, float | None]:
        """How many beats what is shown is off, and the count at the last tick."""
        return self._lag, self._then

    def resume(self, lag: tuple[float, float | None], columns: Any) -> None:
        """Goes on from there, in the tempo of `columns`."""
        self._lag, self._then = lag
        bpm, offset = columns[self._from : self._from + 2].tolist()
        self.tempo = self.tempo._replace(bpm=bpm, offset=offset)

    def turn(self, mirror: Any, bpm: float, shared: float) -> bool:
        """A hand on the tempo: another bpm in the same phase."""
        found = turned(self.tempo, round(bpm, 2), shared)
        return bool(mirror.touch(TEMPO_KEY, (found.bpm, found.offset), shared, firm=True))

    def fill(self, row: Any, columns: Any, shared: float) -> None:
        """Beat, bar and bpm into the row, with their slopes. `columns` are the merged values."""
        bpm, offset = columns[self._from : self._from + 2].tolist()
        tempo = self.tempo
        beats = min(max(tempo.beats, 1), MOST_BEATS)
        now = count(shared, tempo)
        if (bpm, offset) != (tempo.bpm, tempo.offset) and bpm > 0.0:
            tempo = self.tempo = tempo._replace(bpm=bpm, offset=offset)
            again = count(shared, tempo)
            if self._then is not None:
                self._lag = (self._lag + now - again + beats / 2) % beats - beats / 2
            now = again
        elif self._lag and self._then is not None:
            back = CATCHING_UP * max(0.0, now - self._then)
            self._lag = self._lag - min(max(self._lag, -back), back)
        self._then = now
        row.columns[self._at[2]] = tempo.bpm
        if not self.heard:
            return
        shown, speed = now + self._lag, tempo.bpm / 60.0
        beat, bar, _ = self._at
        row.columns[beat], row.slopes[beat] = shown % 1.0, speed
        row.columns[bar], row.slopes[bar] = shown / beats % 1.0, speed / beats
