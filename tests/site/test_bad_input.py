"""What is wrong is told in the user's words, with its line and a remedy, in both languages; nothing is lost by it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys

import pytest

from installation.twin import keys
from tests.site.venue import RIG, ROOT, Site, free_port, jumelage, until


def test_a_rig_with_an_unknown_driver_does_not_start_and_says_why(folder):
    (folder / "house.toml").write_text('[site]\nname = "house"\n[device.floor]\ndriver = "ocs"\nport = 9000\n')
    ended = jumelage(folder, "run", "house.toml")
    assert ended.returncode == 1
    assert ended.stderr.startswith('house.toml:4: [device.floor] has no driver "ocs"; one of ')
    assert 'did you mean "osc"?' in ended.stderr and "Traceback" not in ended.stderr


def test_a_rig_with_a_misspelt_option_says_the_right_one_in_french_too(folder):
    (folder / "house.toml").write_text('[site]\nname = "house"\n[device.floor]\ndriver = "osc"\nprot = 9000\n')
    ended = jumelage(folder, "--lang", "fr", "run", "house.toml")
    assert ended.returncode == 1
    assert ended.stderr.startswith("house.toml:5: [device.floor] n'a pas d'option « prot »")
    assert "vouliez-vous dire « port » ?" in ended.stderr


def test_a_scene_that_is_not_there_is_told_with_the_nearest(folder):
    ended = jumelage(folder, "render", "tdie")
    assert ended.returncode == 1 and 'did you mean "tide"?' in ended.stderr


def test_a_taken_port_is_told_and_the_rest_of_the_house_runs(folder):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rival:
        rival.bind(("127.0.0.1", 0))
        site = Site(folder)
        site.rig.write_text(RIG.format(name="here", port=rival.getsockname()[1]))
        site.start()
        try:
            assert site.status()["inputs"]["osc"]["state"] == "lost"
            assert "here.toml:6: port" in site.said()
            assert site.verb("set", "amount", "1").returncode == 0
            until(lambda: site.pixel(0)[:1] == (255,), 5.0, "the picture lives")
            rival.close()
            until(lambda: site.status()["inputs"]["osc"]["state"] != "lost", 10.0, "the port is taken when it is free")
        finally:
            site.stop()


def test_a_machine_without_gl_is_told_the_package_that_brings_it(folder):
    (folder / "empty").mkdir()
    program = (
        "import ctypes.util, glcontext, sys; ctypes.util.find_library = lambda name: None\n"
        "from installation import cli; sys.exit(cli.main(['render', 'tide', '--size', '64x36']))"
    )
    given = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "GLCONTEXT_LINUX_LIBGL": "none.so",
        "GLCONTEXT_LINUX_LIBEGL": "none.so",
    }
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=given, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 3 and "libegl1" in ended.stderr and "Traceback" not in ended.stderr


def test_a_full_disk_is_told_and_the_show_goes_on_in_memory(folder):
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("needs root and mount: a file system of 64 kB is made for it")
    home = folder / "home-here"
    home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(home)], check=False).returncode == 0
    if not mounted:
        pytest.skip("this machine mounts no tmpfs")
    try:
        site = Site(folder).start()
        try:
            assert "the state cannot be kept on disk" in site.said()
            site.osc("/scene/amount", 1.0)
            until(lambda: site.pixel(0)[:1] == (255,), 5.0, "the show goes on")
            assert site.verb("go", "scene:inputs").returncode == 0
        finally:
            site.stop()
    finally:
        subprocess.run(["umount", "-l", str(home)], check=False)


def test_a_peer_that_speaks_another_version_is_told_and_the_show_goes_on(folder):
    from installation.clock import RealClock
    from installation.twin.link import Link, Peer

    ours, theirs, port = keys.new(folder / "home-here" / "keys"), keys.made(), free_port(socket.SOCK_STREAM)
    peer = f"[peer.there]\nlisten = \"tcp://127.0.0.1:{port}\"\nkey = '{theirs.public}'\n"
    site = Site(folder, rig=RIG + "{peer}", peer=peer).start()
    link = Link("there", 1, theirs, [Peer("here", ours.public, f"tcp://127.0.0.1:{port}")], RealClock(), version=99)
    try:
        until(lambda: site.status()["link"]["there"]["wire"] == 99, 10.0)
        until(lambda: "99" in site.said(), 5.0, "the version is told")
        site.osc("/scene/amount", 1.0)
        until(lambda: site.pixel(0)[:1] == (255,), 5.0)
    finally:
        link.close()
        site.stop()


@pytest.mark.parametrize(
    "words", [["run"], ["render"], ["set"], ["nothing"], ["render", "tide", "--size", "12"], ["go", "x"]]
)
def test_wrong_use_ends_with_two_and_without_a_traceback(folder, words):
    ended = jumelage(folder, *words, XDG_RUNTIME_DIR=str(folder))
    assert ended.returncode == 2 and "Traceback" not in ended.stderr and ended.stderr


def test_a_rig_with_a_peer_does_not_start_without_keys_and_says_how_they_are_made(folder):
    ended = jumelage(folder, "run", "paris", "--headless", XDG_RUNTIME_DIR=str(folder))
    assert ended.returncode == 1 and "`jumelage keys new`" in ended.stderr


def test_a_rig_that_speaks_of_parameters_no_scene_has_is_told_by_check(folder):
    text = '[site]\nname = "house"\n[show]\nscene = "tide"\n[values]\nsiide = 1\n[[patch]]\nfrom = "/x"\nto = "levle"\n'
    (folder / "house.toml").write_text(text)
    ended = jumelage(folder, "check", "house.toml")
    assert ended.returncode == 1
    assert 'house.toml:9: the patch leads to "levle"' in ended.stdout and '"level"' in ended.stdout
    assert 'house.toml:6: [values] has "siide"' in ended.stdout and 'did you mean "side"?' in ended.stdout


def test_a_scene_given_as_a_rig_is_told_how_it_runs(folder):
    ended = jumelage(folder, "run", "tide")
    assert ended.returncode == 1 and "`jumelage run laptop --scene tide`" in ended.stderr


def test_a_new_scene_passes_check_and_draws_at_once(folder):
    assert jumelage(folder, "new", "scene", "lighthouse").returncode == 0
    assert jumelage(folder, "check", "scenes/lighthouse").returncode == 0
    assert jumelage(folder, "render", "lighthouse", "--size", "64x36", "--out", "l.png").returncode == 0
    assert (folder / "l.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert jumelage(folder, "new", "scene", "lighthouse").returncode == 2


def test_a_new_rig_passes_check_at_once(folder):
    assert jumelage(folder, "new", "rig", "attic").returncode == 0
    ended = jumelage(folder, "check", "hardware/rigs/attic.toml")
    assert ended.returncode == 0, ended.stdout
