"""A house whose whole state is spoilt while it is closed: it opens, and says of each file once what became of it."""

import pytest

from tests.site.controls import Controls
from tests.site.venue import until

FILES = ("slate", "journal.sqlite", "letters")


@pytest.fixture
def pair(folder):
    made = Controls(folder, "lan", "[cue.dawn]\nset = { swell = 0.5 }\n")
    yield made
    made.close()


def test_a_house_whose_state_is_noise_opens_tells_each_file_once_and_hears_the_other_city(pair):
    until(pair.linked, 30.0, "they are linked")
    pair.kill("paris")
    state = pair.folder / "paris" / "paris"
    for name in FILES:
        for file in state.glob(f"{name}-*"):
            file.unlink()
        (state / name).write_bytes(b"noise, and nothing but noise " * 40_000)
    pair.start("paris")
    until(pair.linked, 30.0, "they are linked again")
    log = pair.folder / "paris.log"
    until(lambda: all(f"{name}.aside" in log.read_text() for name in FILES), 20.0, "each file is told")
    for name in FILES:
        assert (state / f"{name}.aside").exists() and log.read_text().count(f"{name}.aside") == 1
    pair.ask("san_francisco", "go", cue="dawn")
    until(lambda: [one["name"] for one in pair.done("paris")] == ["dawn"], 30.0, "the new journal hears a cue")
