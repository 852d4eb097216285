"""A text as a texture: white letters on nothing, set in the child, so that a new text never holds up a frame."""

from __future__ import annotations

from collections.abc import Sequence

import moderngl

from installation.score.picture import Picture
from installation.stage.media.decoding import Decoding
from installation.stage.media.stills import Loaded, Size


class Text(Loaded):
    """The words of a picture in one language, for a picture of `size` pixels; drawn 1:1 by `text.fs`.

    `folders` are those in which other fonts are looked for (None: the system's). The last texture stays until the next
    is ready.
    """

    def __init__(
        self,
        context: moderngl.Context,
        picture: Picture,
        decoding: Decoding,
        wall: Size = (1920, 1080),
        folders: Sequence[str] | None = None,
    ) -> None:
        super().__init__(context, decoding, "")
        self._picture, self._wall, self._folders = picture, wall, folders
        words = picture.words
        self._words = words.get(picture.language) or next(iter(words.values()), "")
        self._next = ""
        self._set()

    def say(self, words: str) -> None:
        """Other words from now on; of several within the time that one takes, the last."""
        if words != self._words:
            self._words = words
            self._set()

    def resize(self, wall: Size) -> None:
        """For a picture of another size from now on."""
        if wall != self._wall:
            self._wall = wall
            self._set()

    def update(self, time: float) -> None:
        """Once a frame before drawing; never waits."""
        super().update(time)
        if self._stale and self.ready:
            self._set()

    def settle(self, time: float, seconds: float = 30.0) -> bool:
        """Waits until the newest words are set."""
        done = super().settle(time, seconds)
        if done and self._stale:
            self._set()
            done = super().settle(time, seconds)
        return done

    def _set(self) -> None:
        """Asks for the words, unless others are still being set: then `update` asks once these are done."""
        self._stale = not self.ready
        if self._stale:
            return
        picture, (width, height) = self._picture, self._wall
        self.ask(
            {
                "kind": "text", "text": self._words, "em": round(picture.size * height),
                "wrap": round(picture.width * width), "height": height, "align": picture.align, "font": picture.font,
                "spacing": picture.spacing, "folders": self._folders,
            }
        )  # fmt: skip
