"""The GL context: without a screen through EGL, or the window's own; where there is none, what to install."""

from __future__ import annotations

import os
import sys
from typing import Any

import moderngl

from installation.score.problem import Row
from installation.score.shaders.glsl import VERSIONS

NO_GL = {
    "libEGL": Row(
        ("OpenGL cannot start: {found}", "the library libEGL", "apt-get install libegl1 libgl1 libgl1-mesa-dri"),
        ("OpenGL ne démarre pas : {found}", "la bibliothèque libEGL", "apt-get install libegl1 libgl1 libgl1-mesa-dri"),
    ),
    "libGL": Row(
        ("OpenGL cannot start: {found}", "the library libGL", "apt-get install libgl1 libegl1 libgl1-mesa-dri"),
        ("OpenGL ne démarre pas : {found}", "la bibliothèque libGL", "apt-get install libgl1 libegl1 libgl1-mesa-dri"),
    ),
    "": Row(
        (
            "OpenGL cannot start: {found}",
            "OpenGL 3.3 core, from the graphics driver or from Mesa",
            "install the driver of the graphics card, or apt-get install libgl1-mesa-dri libegl1 libgl1",
        ),
        (
            "OpenGL ne démarre pas : {found}",
            "OpenGL 3.3 core, du pilote graphique ou de Mesa",
            "installez le pilote de la carte graphique, ou apt-get install libgl1-mesa-dri libegl1 libgl1",
        ),
    ),
}


class NoGL(Exception):
    """This machine gives no GL context; `row` and `words` tell why in both languages. Exit status 3."""

    def __init__(self, found: str) -> None:
        self.row = next(row for key, row in NO_GL.items() if key in found)
        self.words = {"found": found.strip().splitlines()[0] if found.strip() else "?"}
        super().__init__("; ".join(self.told("en")))

    def told(self, language: str = "en") -> tuple[str, str, str]:
        """Found, expected, remedy."""
        parts = self.row.fr if language == "fr" else self.row.en
        return parts[0].format(**self.words), parts[1], parts[2]


def headless() -> moderngl.Context:
    """A context without any screen. Raises NoGL. One a process: a second one beside a window is not sound."""
    options: dict[str, Any] = {"require": 330}
    if sys.platform.startswith("linux"):
        options["backend"] = "egl"
        os.environ.setdefault("EGL_PLATFORM", "surfaceless")
    try:
        return _plain(moderngl.create_standalone_context(**options))
    except Exception as stop:  # glcontext raises bare Exceptions whose text is all there is to tell.
        raise NoGL(str(stop)) from None


def attached() -> moderngl.Context:
    """The context of the window that pygame has just opened. Raises NoGL."""
    try:
        return _plain(moderngl.create_context(require=330))
    except Exception as stop:
        raise NoGL(str(stop)) from None


def _plain(context: moderngl.Context) -> moderngl.Context:
    """No blending, no depth, objects freed when Python lets them go."""
    context.gc_mode = "auto"
    context.disable(moderngl.BLEND | moderngl.DEPTH_TEST | moderngl.CULL_FACE)
    return context


def version(context: moderngl.Context) -> int:
    """The highest GLSL that both the driver and the translation know."""
    return next((known for known in VERSIONS if known <= context.version_code), VERSIONS[-1])


def driver(context: moderngl.Context) -> str:
    """Which driver draws, and its version."""
    return f"{context.info['GL_RENDERER']} {context.info['GL_VERSION']}"
