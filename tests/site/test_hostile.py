"""What a hostile neighbour, a clumsy artist and a tired technician do: each is told, and the show goes on."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zmq

from installation.clock import RealClock
from installation.twin import keys
from installation.twin.link import Link, Peer
from tests.site.venue import RIG, ROOT, SHADER, Site, free_port, jumelage, until


@contextlib.contextmanager
def door(site: Site, kind: int, name: str) -> Iterator[Any]:
    """One of the site's doors, as a stranger with a socket knocks at it."""
    context: zmq.Context[Any] = zmq.Context()
    knocking = context.socket(kind)
    knocking.linger = 1000
    knocking.connect(f"ipc://{site.doors()}/{name}")
    try:
        yield knocking
    finally:
        knocking.close()
        context.term()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["render", "tide", "--time", "nan"], 2),
        (["render", "tide", "--time", "1e300"], 2),
        (["render", "tide", "--seconds", "0"], 2),
        (["render", "tide", "--size", "²x²"], 2),
        (["render", "tide", "--out", "."], 1),
        (["render", "tide", "--out", "tide.jpg"], 1),
        (["render", "x" * 5000], 1),
        (["run", "laptop", "--seconds", "nan"], 2),
        (["demo", "--seconds", "-1"], 2),
        (["demo", "--out", "nowhere/x.png"], 1),
        (["watch", "laptop", "--seconds", "0"], 2),
        (["check", "empty"], 1),
        (["check", "loop"], 1),
    ],
)
def test_an_odd_argument_is_told_before_anything_is_started(folder, words, status):
    (folder / "empty").mkdir()
    (folder / "loop").symlink_to("loop")
    for spoken in ("en", "fr"):
        ended = jumelage(folder, "--lang", spoken, *words, XDG_RUNTIME_DIR=str(folder))
        assert (ended.returncode, "Traceback" in ended.stderr) == (status, False), ended.stderr
        assert ended.stderr.count("\n") + ended.stdout.count("\n") == 1


def test_a_pipe_in_the_place_of_a_shader_is_told_and_not_waited_for(folder):
    os.mkfifo(folder / "pipe.fs")
    ended = jumelage(folder, "check", "pipe.fs")
    assert ended.returncode == 1 and ended.stdout.startswith("pipe.fs: this is not a file")


def test_a_scene_without_a_layer_and_an_include_that_is_not_there_are_told_with_their_line(folder):
    (folder / "none").mkdir()
    (folder / "none" / "scene.toml").write_text('title = "none"\nlayer = []\n')
    (folder / "with.fs").write_text('/*{"ISFVSN": "2"}*/\n#include "other.glsl"\nvoid main() {}\n')
    ended = jumelage(folder, "check", "none", "with.fs")
    assert ended.returncode == 1
    assert (
        "none/scene.toml:2: `layer` is []" in ended.stdout
        and 'with.fs:2: no file "other.glsl" to include' in ended.stdout
    )


def test_a_misspelt_key_of_an_isf_header_is_told_by_check_though_it_is_no_fault(folder):
    (folder / "typo.fs").write_text(
        '/*{"INPUTS": [{"NAME": "a", "TYPE": "float",\n"DEFUALT": 1}]}*/\nvoid main() { gl_FragColor = vec4(a); }\n'
    )
    ended = jumelage(folder, "check", "typo.fs")
    assert ended.returncode == 0 and ended.stderr.startswith('typo.fs:2: "DEFUALT" is no key of ISF')


def test_requests_that_are_no_requests_do_not_end_control(site):
    before = site.pid("control")
    with door(site, zmq.DEALER, "desk") as desk:
        for body in (
            b"",
            b"\xff",
            b"[" * 100_000,
            b'{"do":' * 5000,
            b"3",
            b'{"do": "veil", "state": "x"}',
            b" " * 10_000_000,
        ):
            desk.send_multipart([b"", body])
        assert site.verb("set", "amount", "0.5").returncode == 0
    assert site.pid("control") == before and site.status()["override"] == ""


def test_reports_that_are_no_reports_do_not_end_control_nor_blind_its_status(site):
    before, pack = site.pid("control"), msgspec.msgpack.encode
    with door(site, zmq.PUSH, "report") as report:
        for body in ([1], None, {1: 2}, {"kind": "event", "value": 3}, {"kind": "problem", "problems": [3, {"en": 4}]}):
            report.send(pack(body))
        report.send(b"\x91" * 100_000)
        report.send(pack({"kind": "frame", "window": "main", "rss_mb": "much"}))
        report.send(pack({"kind": "event", "time": 0.0, "address": "/scene/amount", "value": [0.25]}))
        until(lambda: site.value("/scene/amount") == 0.25, 5.0, "a good report after the bad ones is heard")
    assert site.pid("control") == before and site.status()["sites"]["here"]["rss_mb"] > 0


def test_a_cue_to_a_scene_with_an_impossible_name_leaves_the_next_cue_heard(site):
    (site.folder / "scenes" / "other.fs").write_text(SHADER.replace("amount", "other"))
    for name in ("x" * 5000, "a\0b", "../" * 50, "/dev/zero"):
        site.desk("go", cue=f"scene:{name}")
    site.desk("go", cue="scene:other")
    until(lambda: site.status().get("scene") == "other", 10.0)


def test_a_terminal_that_is_closed_ends_the_site_in_order(folder):
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a child of nohup would rightly not hear it
    try:
        site = Site(folder).start()
    finally:
        signal.signal(signal.SIGHUP, before)
    pids = [site.pid(child) for child in ("control", "main")]
    assert site.process is not None
    site.process.send_signal(signal.SIGHUP)
    out, _ = site.process.communicate(timeout=10)
    assert site.process.returncode == 0 and '"sites":{"here"' in out
    site.process = None
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids) and not list(folder.glob("jumelage/*/site.json"))


def test_doors_that_were_cleaned_away_are_opened_again_and_the_site_is_found(site):
    site.osc("/scene/amount", 1.0)
    until(lambda: site.value("/scene/amount") == 1.0, 5.0)
    (site.doors() / "site.json").unlink()
    until(lambda: (site.doors() / "site.json").exists(), 5.0, "word of the site is left again")
    shutil.rmtree(site.doors())
    until(lambda: site.value("/scene/amount") == 1.0, 10.0, "control is back behind new doors, its values kept")
    until(lambda: site.status().get("stages"), 10.0, "the stage reports there")
    assert site.verb("get", "amount").stdout.strip() == "1"


def test_a_window_that_cannot_be_named_so_and_a_show_that_is_not_there_are_told_by_check(folder):
    (folder / "r.toml").write_text(
        '[site]\nname = "here"\n[show]\nscene = "tdie"\n'
        '[window.control]\nsize = [64, 36]\n[window."É"]\nsize = [64, 36]\n'
    )
    ended = jumelage(folder, "check", "r.toml")
    assert ended.returncode == 1 and 'r.toml:5: "control" cannot name a window' in ended.stdout
    assert 'r.toml:7: "É" cannot name a window' in ended.stdout
    (folder / "r.toml").write_text('[site]\nname = "here"\n[show]\nscene = "tdie"\n')
    ended = jumelage(folder, "check", "r.toml")
    assert ended.returncode == 1 and ended.stdout.startswith('r.toml:4: no scene "tdie"')


def test_a_home_that_cannot_be_made_is_told_and_the_show_runs_in_memory(folder):
    (folder / "home-here").write_text("a file stands where the folder should be")
    ended = jumelage(folder, "keys", "new", JUMELAGE_HOME=str(folder / "home-here"))
    assert ended.returncode == 3 and "home-here" in ended.stderr and "Traceback" not in ended.stderr
    site = Site(folder).start()
    try:
        site.osc("/scene/amount", 1.0)
        until(lambda: site.pixel(0)[:1] == (255,), 5.0, "the show goes on")
        assert (
            "the state cannot be kept on disk" in site.said() and site.status()["processes"]["control"]["restarts"] == 0
        )
    finally:
        site.stop()


def test_an_output_that_is_closed_or_full_ends_without_a_traceback(folder):
    command = [sys.executable, "-m", "installation.cli", "list", "shaders"]
    given = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    shell = " ".join(command)
    closed = subprocess.run(["sh", "-c", f"{shell} >&-"], cwd=folder, env=given, capture_output=True, text=True)
    full = subprocess.run(["sh", "-c", f"{shell} > /dev/full"], cwd=folder, env=given, capture_output=True, text=True)
    assert (closed.returncode, closed.stderr) == (0, "")
    assert (
        full.returncode == 3
        and full.stderr.startswith("jumelage list: stdout: No space left")
        and full.stderr.count("\n") == 1
    )


def test_negative_numbers_are_values_however_they_are_written(site):
    assert site.verb("set", "where", "-0.5,0.5").stdout == "/scene/where 0 0.5\n"
    assert site.verb("set", "amount", "-1e-3").stdout == "/scene/amount 0\n"
    wrong = site.verb("set", "amount", "nan")
    assert wrong.returncode == 1 and "does not take ['nan']" in wrong.stderr


def test_a_taken_port_of_the_line_is_told_and_the_house_plays_on_until_it_is_free(folder):
    ours, theirs, port = keys.new(folder / "home-here" / "keys"), keys.made(), free_port(socket.SOCK_STREAM)
    peer = f"[peer.there]\nlisten = 'tcp://127.0.0.1:{port}'\nkey = '{theirs.public}'\n"
    with socket.create_server(("127.0.0.1", port)):
        site = Site(folder, rig=RIG + "{peer}", peer=peer).start()
        assert "cannot listen at" in site.said()
        site.osc("/scene/amount", 1.0)
        until(lambda: site.pixel(0)[:1] == (255,), 5.0, "the show goes on")
    link = Link("there", 1, theirs, [Peer("here", ours.public, f"tcp://127.0.0.1:{port}")], RealClock())
    try:
        until(lambda: site.status()["link"]["there"]["state"] == "up", 20.0, "the line is laid when the port is free")
        assert site.status()["processes"]["control"]["restarts"] == 0
        assert site.value("/scene/amount") == 1.0
    finally:
        link.close()
        site.stop()


def test_keys_that_are_lost_while_a_site_runs_do_not_keep_control_from_coming_back(folder):
    keys.new(folder / "home-here" / "keys")
    peer = f"[peer.there]\ndial = 'tcp://127.0.0.1:{free_port()}'\nkey = '{keys.made().public}'\n"
    site = Site(folder, rig=RIG + "{peer}", peer=peer).start()
    try:
        (folder / "home-here" / "keys" / "site.key").unlink()
        before = until(lambda: site.pid("control"), 5.0)
        os.kill(before, signal.SIGKILL)
        until(lambda: site.pid("control") not in (0, before), 10.0)
        site.osc("/scene/amount", 1.0)
        until(lambda: site.value("/scene/amount") == 1.0, 5.0)
        assert "run `jumelage keys new`" in site.said()
    finally:
        site.stop()


def test_a_name_that_is_not_there_is_one_finding_of_check_among_the_others_and_json_stays_one_object(folder):
    (folder / "bad.fs").write_text("void main() { gl_FragColor = vec4(twice); }\n")
    ended = jumelage(folder, "check", "nowhere", "bad.fs", "--json")
    found = [one["found"] for one in json.loads(ended.stdout)["problems"]]
    assert ended.returncode == 1 and found == ['no scene "nowhere"', '"twice" is not declared']


def test_a_file_whose_name_is_no_utf_8_is_checked_and_told_by_its_bytes(folder):
    (folder / os.fsdecode(b"caf\xe9.fs")).write_text("void main() { gl_FragColor = vec4(twice); }\n")
    ended = jumelage(folder, "check", ".")
    assert ended.returncode == 1 and ended.stdout.startswith("caf\\xe9.fs:1: ")
    ended = jumelage(folder, "check", ".", "--json")
    assert ended.returncode == 1 and json.loads(ended.stdout)["problems"][0]["file"] == os.fsdecode(b"caf\xe9.fs")


def test_a_folder_that_goes_away_while_it_is_searched_is_passed_over(folder):
    (folder / "deep").mkdir()
    (folder / "deep" / "loop").symlink_to("loop")
    (folder / "deep" / "ok.fs").write_text("void main() { gl_FragColor = vec4(1.0); }\n")
    (folder / "deep" / "is.fs").mkdir()
    assert jumelage(folder, "check", "deep").returncode == 0
    assert jumelage(folder, "check", "/proc/self/task").stderr.count("write") == 0


def test_a_device_is_not_replaced_by_a_picture(folder):
    os.mkfifo(folder / "pipe.png")
    for verb in ("render", "sheet"):
        ended = jumelage(folder, verb, "tide", "--size", "64x36", "--out", "pipe.png")
        assert ended.returncode == 1 and ended.stderr.startswith("pipe.png: cannot be written: a device or a pipe")
    assert (folder / "pipe.png").is_fifo()


def test_a_picture_that_no_input_takes_is_told_once_and_so_is_every_warning(folder):
    assert jumelage(folder, "render", "tide", "--size", "8x8", "--out", "p.png").returncode == 0
    ended = jumelage(folder, "render", "weft", "--size", "64x36", "--image", "p.png", "--image", "b=p.png")
    assert ended.returncode == 0 and ended.stderr.count("no image input takes --image p.png") == 1
    assert ended.stderr.count("no image input takes --image b=p.png") == 1


@pytest.mark.parametrize("name", ["shows", "template", "template_python"])
def test_a_new_scene_takes_no_folder_of_jumelage_s_own(folder, name):
    ended = jumelage(folder, "new", "scene", name)
    assert ended.returncode == 2 and "choose another name" in ended.stderr and not (folder / "scenes").exists()
