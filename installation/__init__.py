"""Jumelage: one artwork, two cities. An engine for interactive installations twinned across an ocean.

`from installation import Layer, Parameter, Scene` is what an artist's Python scene begins with. They are imported when
they are asked for: the supervisor imports this package too, and stands on the standard library alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from installation.score.behaviour import Layer, Parameter, Scene

__version__ = "0.1.0"
__all__ = ["Layer", "Parameter", "Scene"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from installation.score import behaviour

    return getattr(behaviour, name)
