"""One venue, one file: what is wrong in it is told at its line."""

import pytest

from installation.score.fitting import Option, drivers_fit
from installation.score.problem import Fault
from installation.score.rig import rig

KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
GOOD = f"""[site]
name = "paris"
time_zone = "Europe/Paris"
[site.hours]
tue = ["14:00-22:00"]
[device.floor]
driver = "osc"
port = 9000
[peer.san_francisco]
dial = "tcp://sf.example:7410"
key = "{KEY}"
"""
DRIVERS = {"osc": {"port": Option(int, False), "host": Option(str, False), "name": Option(str, True)}, "midi": None}


def faults(text):
    with pytest.raises(Fault) as fault:
        rig(text, "paris.toml")
    return [str(problem.told()) for problem in fault.value.problems]


def test_a_rig_without_a_window_has_one():
    assert [window.name for window in rig(GOOD, "paris.toml").windows] == ["main"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('name = "paris"', 'name = "Paris!"', 2, "cannot name a site"),
        ("Europe/Paris", "Europe/Pris", 3, "no time zone"),
        ("14:00-22:00", "22:00-14:00", 5, "no span of hours"),
        ('dial = "tcp://sf.example:7410"', 'dial = "sf.example"', 10, "no address of a line"),
        ('dial = "tcp://sf.example:7410"\n', "", 9, "none of `dial`, `listen` and `relay`"),
        (KEY, KEY[:-1], 11, "39 characters"),
        (KEY, KEY[:-1] + "é", 11, "a character that no key has"),
        ("sf.example:7410", "sf.example:99999", 10, "no address of a line"),
        ("[peer.san_francisco]", '[peer."San Francisco"]', 9, "cannot name a site"),
        ("[peer.san_francisco]", "[peer.paris]", 9, "this very site"),
        ("[site.hours]", "[site.horus]", 4, 'no option "horus"'),
    ],
)
def test_what_is_wrong_is_told_at_its_line(old, new, line, said):
    told = faults(GOOD.replace(old, new))
    assert told[0].startswith(f"paris.toml:{line}: ") and said in told[0]


def test_two_peers_that_are_listened_for_on_two_addresses_are_told():
    listens = '[peer.{}]\nlisten = "tcp://*:{}"\n'
    told = faults('[site]\nname = "paris"\n' + listens.format("lyon", 7410) + listens.format("lille", 7411))
    assert len(told) == 1 and told[0].startswith('paris.toml:6: [peer.lille] listens on "tcp://*:7411"')


def fit(text):
    return [str(problem.told()) for problem in drivers_fit(rig(text, "paris.toml"), "device", DRIVERS)]


def test_an_unknown_driver_is_told_with_the_nearest():
    told = fit(GOOD.replace('"osc"', '"ocs"'))
    assert told[0].startswith('paris.toml:7: [device.floor] has no driver "ocs"') and 'did you mean "osc"?' in told[0]


def test_an_unknown_option_is_told_with_the_nearest():
    told = fit(GOOD.replace("port", "prot"))
    assert told[0] == 'paris.toml:8: [device.floor] has no option "prot"; one of port, host, name; did you mean "port"?'


def test_an_option_of_the_wrong_type_and_one_that_is_missing_are_told():
    told = fit(GOOD.replace("port = 9000", 'port = "9000"'))
    assert "a whole number" in told[0] and 'has no "name"' in told[1]


def test_a_driver_whose_library_is_missing_is_not_judged():
    assert fit(GOOD.replace('"osc"', '"midi"')) == []
