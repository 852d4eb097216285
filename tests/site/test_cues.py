"""Cues of a show in two real sites over the simulated ocean: each once in each city, in order, whatever happens."""

import datetime
import time

import pytest

from tests.site.controls import Controls
from tests.site.venue import until

COUNT = 150


@pytest.fixture
def cities(folder):
    """A show with a cue every two seconds for five minutes; which of them the sites see is a matter of their speed."""
    begin = datetime.datetime.fromtimestamp(int(time.time()), datetime.UTC)
    cues = ((n, begin + datetime.timedelta(seconds=2 * n)) for n in range(COUNT))
    of = "".join(
        f'[cue.c{n:03d}]\nat = "{at:%Y-%m-%d %H:%M:%S} UTC"\nset = {{ swell = {n / 200} }}\n' for n, at in cues
    )
    made = Controls(folder, "atlantic", of + "[cue.hand]\nset = { swell = 1.0 }\n")
    yield made
    made.close()


def test_each_cue_is_carried_out_once_in_each_city_through_a_cut_line_and_a_kill(cities):
    def names(site):
        return [one["name"] for one in cities.done(site)]

    def more(site, than):
        return lambda: len(names(site)) >= than

    until(cities.linked, 30.0, "they are linked")
    until(more("paris", 1), 20.0, "a cue comes by itself")
    cities.line.say("hole")
    before = len(names("paris"))
    until(more("paris", before + 2), 20.0, "in Paris the show goes on alone")
    until(more("san_francisco", before + 1), 20.0, "and in San Francisco")
    gone = names("san_francisco")
    cities.kill("san_francisco")
    cities.start("san_francisco")
    cities.line.say("mend")
    until(cities.linked, 30.0, "they are linked again")
    assert "c149\tc149\t" in cities.verb("list", "cues")
    assert cities.verb("--lang", "fr", "go", "hand", "--on", "beat") == "hand · maintenant\n"
    until(lambda: "hand" in names("san_francisco") and "hand" in names("paris"), 20.0, "a hand's cue crosses")
    there, here = gone + names("san_francisco"), names("paris")
    for found in (here, there):
        own = [name for name in found if name != "hand"]
        assert own == sorted(set(own)) and found.count("hand") == 1
    both = sorted(set(here) & set(there) - {"hand"})
    assert len(both) >= 3 and set(here) <= {*there, *(f"c{n:03d}" for n in range(COUNT))}
