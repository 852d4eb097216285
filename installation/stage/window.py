"""What the picture is shown in: a pygame window with keys and mouse, or nothing at all; both give the same bytes."""

from __future__ import annotations

import os
from typing import Any, NamedTuple, Protocol

import moderngl

from installation.score.problem import Problem, Row
from installation.stage import context as contexts
from installation.stage.context import NoGL
from installation.stage.passes import Size, canvas

NO_WINDOW = Row(
    ("no window can be opened: {found}", "a display", "set DISPLAY or WAYLAND_DISPLAY, or add --headless"),
    ("aucune fenêtre ne s'ouvre : {found}", "un écran", "définissez DISPLAY ou WAYLAND_DISPLAY, ou ajoutez --headless"),
)
NO_MONITOR = Row(
    ("there is no monitor {found}", "one from 0 to {last}", "correct `monitor` in [window.{name}]; 0 is used"),
    ("il n'y a pas d'écran {found}", "un numéro de 0 à {last}", "corrigez `monitor` dans [window.{name}] ; 0 est pris"),
)
VEIL_KEY = "f9"


class Happening(NamedTuple):
    """One thing that a person did at the window: the tail of its address, and its values."""

    address: str
    value: tuple[float, ...]


class Shown(Protocol):
    """What the stage asks of a window."""

    context: moderngl.Context
    frame: moderngl.Framebuffer
    size: Size
    closed: bool
    synced: bool
    problems: list[Problem]

    def happenings(self) -> list[Happening]:
        """What has been done at the window since the last call; a changed `size` is already in `size`."""

    def flip(self) -> None:
        """Shows what has been drawn."""

    def close(self) -> None:
        """Takes the window away."""


class Headless:
    """No window: a texture of the same size, drawn to the end at each flip so that frame times are honest."""

    def __init__(self, size: Size) -> None:
        self.closed = self.synced = False
        self.problems: list[Problem] = []
        self.context = contexts.headless()
        self.size = size
        self._texture, self.frame = canvas(self.context, size)

    def happenings(self) -> list[Happening]:
        return []

    def flip(self) -> None:
        self.context.finish()

    def close(self) -> None:
        self.frame.release()
        self._texture.release()


class NoWindow(NoGL):
    """This machine opens no window. Exit status 3."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.row = NO_WINDOW


class Window:
    """A pygame window: full screen on a monitor of one's choice, its pointer hidden, the machine kept awake."""

    def __init__(
        self,
        title: str,
        size: Size,
        full_screen: bool = False,
        monitor: int = 0,
        position: tuple[int, int] | None = None,
    ) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        os.environ.setdefault("SDL_VIDEO_ALLOW_SCREENSAVER", "0")
        os.environ.setdefault("SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS", "0")
        import pygame

        self._pygame: Any = pygame
        self.closed, self.synced = False, full_screen
        self.problems: list[Problem] = []
        try:
            pygame.display.init()
            if pygame.display.get_driver() in ("offscreen", "dummy") and "SDL_VIDEODRIVER" not in os.environ:
                raise NoWindow("SDL finds no screen")
            if position and not full_screen:
                os.environ["SDL_VIDEO_WINDOW_POS"] = f"{position[0]},{position[1]}"
            self._open(title, size, full_screen, monitor)
        except pygame.error as stop:
            raise (NoGL if "GL" in str(stop) else NoWindow)(str(stop)) from None
        self.context = contexts.attached()
        self.frame = self.context.screen
        self.size: Size = pygame.display.get_window_size()
        self._fit()

    def _open(self, title: str, size: Size, full_screen: bool, monitor: int) -> None:
        display = self._pygame.display
        for name, value in (
            ("GL_CONTEXT_MAJOR_VERSION", 3),
            ("GL_CONTEXT_MINOR_VERSION", 3),
            ("GL_CONTEXT_PROFILE_MASK", self._pygame.GL_CONTEXT_PROFILE_CORE),
            ("GL_DOUBLEBUFFER", 1),
            ("GL_ALPHA_SIZE", 8),
        ):
            display.gl_set_attribute(getattr(self._pygame, name), value)
        flags = self._pygame.OPENGL | self._pygame.DOUBLEBUF
        flags |= self._pygame.FULLSCREEN if full_screen else self._pygame.RESIZABLE
        count = display.get_num_displays()
        if monitor >= count:
            words = {"found": monitor, "last": count - 1, "name": title}
            self.problems.append(Problem("", 0, NO_MONITOR, words))
            monitor = 0
        wanted = (0, 0) if full_screen else size
        try:
            display.set_mode(wanted, flags, display=monitor, vsync=int(full_screen))
        except self._pygame.error:  # pygame raises where the driver cannot wait for the display, as under Xvfb
            self.synced = False
            display.set_mode(wanted, flags, display=monitor)
        display.set_caption(title)
        display.set_allow_screensaver(False)
        self._pygame.mouse.set_visible(not full_screen)

    def _fit(self) -> None:
        self.frame.viewport = (0, 0, *self.size)

    def happenings(self) -> list[Happening]:
        """Keys, mouse and resizing; closing the window sets `closed`."""
        out: list[Happening] = []
        for event in self._pygame.event.get():
            out += self._told(event)
        return out

    def _told(self, event: Any) -> list[Happening]:
        pygame = self._pygame
        if event.type in (pygame.KEYDOWN, pygame.KEYUP):
            name = pygame.key.name(event.key).lower().replace(" ", "_").replace("/", "slash")
            return [Happening(f"key/{name or event.key}", (float(event.type == pygame.KEYDOWN),))]
        if event.type == pygame.MOUSEMOTION:
            return [Happening("mouse", self._place(event.pos))]
        if event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            return [Happening("button", (float(event.button), float(event.type == pygame.MOUSEBUTTONDOWN)))]
        if event.type == pygame.QUIT:
            self.closed = True
        elif event.type in (pygame.VIDEORESIZE, pygame.WINDOWSIZECHANGED):
            self.size = pygame.display.get_window_size()
            self._fit()
        return []

    def _place(self, pos: tuple[int, int]) -> tuple[float, float]:
        """0 to 1 in both directions, y up."""
        width, height = self.size
        return pos[0] / max(1, width - 1), 1.0 - pos[1] / max(1, height - 1)

    def flip(self) -> None:
        self._pygame.display.flip()

    def close(self) -> None:
        self._pygame.display.quit()
