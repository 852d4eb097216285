"""What the house says over everything."""

from installation.control.house import House


def test_the_veil_shows_over_the_blackout_over_the_pattern():
    house = House()
    for name in ("veil", "pattern", "blackout"):
        house.put(name, True)
    assert house.shown == "veil"
    house.put("veil", False)
    assert house.shown == "blackout"


def test_a_key_pressed_twice_lifts_what_it_put():
    house = House()
    assert house.put("veil", None) is True
    assert house.put("veil", None) is False
    assert house.shown == ""


def test_an_override_survives_a_restart_and_an_unknown_one_does_not():
    assert House({"veil", "fog"}).shown == "veil"
