"""Each driver imports, or a vendor's library is missing, which is told apart from a broken import."""

from __future__ import annotations

import importlib
import importlib.util

import pytest

import hardware

LISTED = {
    f"{table.lower()} {name}": where
    for table in ("DRIVERS", "OUTPUTS")
    for name, where in getattr(hardware, table, {}).items()
}
VENDORS = {"rtmidi", "pylibremidi", "mido", "serial", "sacn", "miniaudio", "cv2", "aiopjlink2", "evdev", "pygame"}


def absent_vendor(error: ImportError) -> str:
    """The vendor's library that is not installed; "" when the fault lies in our own import."""
    name = (error.name or "").split(".")[0]
    return name if name in VENDORS and importlib.util.find_spec(name) is None else ""


@pytest.mark.parametrize("name", LISTED)
def test_each_driver_imports_and_its_class_is_there(name: str) -> None:
    module, _, kind = LISTED[name].partition(":")
    try:
        found = getattr(importlib.import_module(module), kind)
    except ImportError as error:
        if vendor := absent_vendor(error):
            pytest.skip(f"{name} needs {vendor}, which is not installed")
        raise
    assert isinstance(found, type)
    assert {"close"} <= set(dir(found)), f"{module}:{kind} has no close()"


@pytest.mark.parametrize(
    ("error", "vendor"),
    [
        (ModuleNotFoundError("no", name="aiopjlink2.link"), "aiopjlink2"),
        (ModuleNotFoundError("no", name="hardware.osx"), ""),
        (ImportError("cannot import name 'Inptu'", name="hardware.driver"), ""),
        (ImportError("cannot import name 'Gone'", name="pygame"), ""),
    ],
)
def test_a_missing_library_is_told_apart_from_a_broken_import(error: ImportError, vendor: str) -> None:
    if vendor and importlib.util.find_spec(vendor) is not None:
        pytest.skip(f"{vendor} is installed")
    assert absent_vendor(error) == vendor
