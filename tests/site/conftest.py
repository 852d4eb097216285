"""A folder with a short path, and a site that runs in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.venue import Site


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's name may have 107 characters."""
    made = Path(tempfile.mkdtemp(prefix="jm-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    """A running site that draws one column for each kind of input."""
    made = Site(folder).start()
    yield made
    made.stop()
