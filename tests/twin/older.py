"""A site whose software is older: the same child as `site.py`, with the constants of the wire as they were.

Its letters mean something else, as if their frames had changed since.
"""

from __future__ import annotations

import json
import sys

from installation.twin import wire

wire.WIRE -= 1
wire.LAYOUTS = (wire.LAYOUTS[0], wire.LAYOUTS[1] + 100)

from tests.twin.site import Child  # noqa: E402

if __name__ == "__main__":
    Child(json.loads(sys.argv[1])).run()
