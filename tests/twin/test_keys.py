"""The site's key pair, and whom it trusts."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.score.problem import Fault, Row
from installation.twin import keys, problems


def test_a_new_pair_is_readable_by_this_user_alone(tmp_path: Path) -> None:
    pair = keys.new(tmp_path / "home")
    assert (tmp_path / "home" / "site.key").stat().st_mode & 0o777 == 0o600
    assert keys.read(tmp_path / "home") == pair
    assert pair.secret not in repr(pair)


def test_a_pair_is_never_overwritten(tmp_path: Path) -> None:
    pair = keys.new(tmp_path)
    with pytest.raises(Fault, match="a key already"):
        keys.new(tmp_path)
    assert keys.read(tmp_path) == pair


def test_a_secret_that_others_can_read_is_told_with_the_remedy(tmp_path: Path) -> None:
    keys.new(tmp_path)
    (tmp_path / "site.key").chmod(0o644)
    with pytest.raises(Fault, match="chmod 600"):
        keys.read(tmp_path)


def test_a_missing_or_damaged_pair_is_told(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="keys new"):
        keys.read(tmp_path)
    (tmp_path / "site.key").write_text("nonsense\n")
    (tmp_path / "site.key").chmod(0o600)
    with pytest.raises(Fault, match="no key pair"):
        keys.read(tmp_path)


def test_show_gives_the_public_key_and_its_fingerprint(tmp_path: Path) -> None:
    pair = keys.new(tmp_path)
    public, fingerprint = keys.show(tmp_path)
    assert public == pair.public
    assert [len(group) for group in fingerprint.split("-")] == [4, 4, 4, 4]


def test_trust_is_kept_and_replaced_by_site(tmp_path: Path) -> None:
    one, other = keys.made().public, keys.made().public
    keys.trust(tmp_path, "sf", one)
    keys.trust(tmp_path, "kyoto", other)
    assert keys.trust(tmp_path, "sf", other) == keys.fingerprint(other)
    assert keys.trusted(tmp_path) == {"sf": other, "kyoto": other}


@pytest.mark.parametrize(
    ("site", "key"), [("sf", "short"), ("San Francisco", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"), ("sf", "é" * 40)]
)
def test_what_is_no_key_or_no_name_is_not_trusted(tmp_path: Path, site: str, key: str) -> None:
    with pytest.raises(Fault):
        keys.trust(tmp_path, site, key)
    assert keys.trusted(tmp_path) == {}


def test_every_message_stands_in_both_languages_with_the_same_places() -> None:
    rows = [value for value in vars(problems).values() if isinstance(value, Row)]
    assert len(rows) > 10
    for row in rows:
        assert row.en != row.fr and all(row.en) and all(row.fr)
        places = [sorted(part.split("}")[0] for text in side for part in text.split("{")[1:]) for side in row]
        assert set(places[0]) == set(places[1])


def test_the_next_pair_is_made_once_and_becomes_the_pair(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="keys new"):
        keys.make_next(tmp_path)
    before = keys.new(tmp_path)
    with pytest.raises(Fault, match="keys next"):
        keys.turn(tmp_path)
    following = keys.make_next(tmp_path)
    with pytest.raises(Fault, match="keys turn"):
        keys.make_next(tmp_path)
    assert keys.read(tmp_path) == before and keys.read_next(tmp_path) == following
    assert (tmp_path / "next.key").stat().st_mode & 0o777 == 0o600
    assert keys.turn(tmp_path) == following == keys.read(tmp_path)
    assert keys.read_next(tmp_path) is None


def test_a_peer_may_have_a_present_and_a_next_key_or_be_forgotten(tmp_path: Path) -> None:
    one, other = keys.made().public, keys.made().public
    keys.trust(tmp_path, "sf", one, other)
    keys.trust(tmp_path, "kyoto", other)
    keys.forget(tmp_path, "kyoto")
    assert keys.known(tmp_path) == {"sf": (one, other), "kyoto": ()}
    assert keys.trusted(tmp_path) == {"sf": one}


@pytest.mark.parametrize("line", ["sf", "sf ", "sf key", "SF -", "sf - -"])
def test_a_damaged_line_of_trusted_keys_is_told(tmp_path: Path, line: str) -> None:
    (tmp_path / "trusted").write_text(line + "\n")
    with pytest.raises(Fault, match="no trusted key"):
        keys.known(tmp_path)
