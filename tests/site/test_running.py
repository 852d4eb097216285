"""A site that runs: what comes in changes a value and a pixel; what is wrong is told and stops nothing."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time

import pytest

from tests.site.venue import SHADER, Site, answer, until

COLUMNS = [
    (0, "/scene/amount", (1.0,), (255, 255, 255, 255)),
    (1, "/scene/on", (True,), (255, 255, 255, 255)),
    (2, "/scene/mode", (1,), (128, 128, 128, 255)),
    (3, "/scene/tint", (1.0, 0.0, 0.5, 1.0), (255, 0, 128, 255)),
    (4, "/scene/where", (1.0, 0.5), (255, 128, 0, 255)),
    (5, "/scene/drop", (1,), (64, 64, 64, 255)),
]


def near(found, wanted):
    return len(found) == 4 and all(abs(a - b) <= 1 for a, b in zip(found, wanted, strict=True))


def test_each_kind_of_input_changes_its_pixel_by_osc(site):
    for column, address, value, wanted in COLUMNS:
        until(lambda c=column: near(site.pixel(c), (0, 0, 0, 255)), 5.0, f"{address} is at its default")
        site.osc(address, *value)
        until(lambda c=column, w=wanted: near(site.pixel(c), w), 5.0, f"{address} {value} reaches column {column}")


def test_a_program_we_did_not_write_moves_a_parameter_and_a_pixel(site):
    oscsend = shutil.which("oscsend") or pytest.skip("no oscsend: apt-get install liblo-tools")
    subprocess.run([oscsend, "localhost", str(site.port), "/scene/amount", "f", "0.5"], check=True)
    until(lambda: site.value("/scene/amount") == 0.5, 5.0)
    until(lambda: near(site.pixel(0), (128, 128, 128, 255)), 5.0)


def test_set_get_status_and_list_speak_to_the_site(site):
    assert site.verb("set", "amount", "0.75").returncode == 0
    assert until(lambda: site.verb("get", "/scene/amount").stdout.strip() == "0.75", 5.0)
    status = answer(site.verb("status", "--json"))
    assert status["scene"] == "inputs" and status["values"]["/scene/amount"] == 0.75
    assert set(status["processes"]) == {"control", "main"}
    listed = answer(site.verb("list", "parameters", "--json"))["parameters"]
    assert [p["address"] for p in listed][:2] == ["/scene/amount", "/scene/on"]


def test_a_held_value_is_moved_by_no_hand_until_it_is_released(site):
    site.verb("set", "amount", "0.25", "--hold")
    site.osc("/scene/amount", 1.0)
    site.osc("/scene/on", True)
    until(lambda: site.value("/scene/on") == 1.0, 5.0)
    assert site.value("/scene/amount") == 0.25
    site.verb("set", "amount", "--release")
    until(lambda: site.value("/scene/amount") == 1.0, 5.0, "the touch that the hold covered comes through")


def test_a_wrong_address_and_a_wrong_value_are_told_with_what_is_right(site):
    wrong = site.verb("set", "amout", "1")
    assert wrong.returncode == 1 and 'did you mean "/scene/amount"' in wrong.stderr
    assert site.verb("set", "where", "1").returncode == 1
    french = site.verb("--lang", "fr", "set", "amout", "1")
    assert "vouliez-vous dire « /scene/amount »" in french.stderr


def test_veil_blackout_and_pattern_cover_the_picture_and_lift(site):
    site.osc("/scene/tint", 1.0, 0.0, 0.0, 1.0)
    until(lambda: near(site.pixel(3), (255, 0, 0, 255)), 5.0)
    for verb in ("veil", "blackout", "pattern"):
        assert site.verb(verb, "on").returncode == 0
        until(lambda: not near(site.pixel(3), (255, 0, 0, 255)), 5.0, f"{verb} covers")
        assert site.verb(verb).returncode == 0
        until(lambda: near(site.pixel(3), (255, 0, 0, 255)), 5.0, f"{verb} lifts")


def test_watch_prints_what_comes_in(site):
    watching = subprocess.Popen(
        site.verb_command("watch", "here", "--seconds", "20"), cwd=site.folder, env=site.environment,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        os.set_blocking(watching.stdout.fileno(), False)
        seen = b""

        def shown():
            nonlocal seen
            site.osc("/desk/fader/3", 0.5)
            seen += watching.stdout.read() or b""
            return b"/desk/fader/3  0.5" in seen

        until(shown, 10.0)
    finally:
        watching.kill()
        watching.wait()


def test_a_shader_that_does_not_compile_leaves_the_last_good_one_and_is_told(site):
    site.osc("/scene/amount", 1.0)
    until(lambda: near(site.pixel(0), (255, 255, 255, 255)), 5.0)
    frames = site.status()["sites"]["here"]["frames"]
    site.shader.write_text(SHADER.replace("vec3 c = vec3(0.0);", "vec3 c = vec3(0.0)"))
    until(lambda: site.status()["problems"], 10.0, "the fault is told")
    told = site.status()["problems"][-1]["en"]
    line = next(n for n, text in enumerate(SHADER.splitlines(), 1) if text.strip() == "if (x == 0.0) c = vec3(amount);")
    assert told["file"].endswith("inputs.fs") and abs(told["line"] - line) <= 1
    assert near(site.pixel(0), (255, 255, 255, 255))
    until(lambda: site.status()["sites"]["here"]["frames"] > frames + 10, 5.0, "the picture goes on")
    site.shader.write_text(SHADER.replace("c = vec3(amount);", "c = vec3(amount, 0.0, 0.0);"))
    until(lambda: near(site.pixel(0), (255, 0, 0, 255)), 10.0, "the mended one is on air, its value kept")


def test_garbage_and_truncated_osc_are_counted_and_harm_nothing(site):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for packet in (b"", b"\xff" * 64, b"/scene/amount\0\0\0,f\0\0\0", b"#bundle\0" + b"\xff" * 20, b"/" * 1400):
            sender.sendto(packet, ("127.0.0.1", site.port))
    site.osc("/scene/amount", 0.5)
    until(lambda: site.value("/scene/amount") == 0.5, 5.0)
    until(lambda: site.status()["inputs"]["osc"]["malformed"] >= 3, 5.0)


def flood(site, seconds):
    """10,000 messages a second; gives how many were sent."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder("/scene/amount")
    builder.add_arg(0.5, "f")
    packet, sent = builder.build().dgram, 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        begun = time.monotonic()
        while (now := time.monotonic() - begun) < seconds:
            while sent < now * 10_000:
                sender.sendto(packet, ("127.0.0.1", site.port))
                sent += 1
            time.sleep(0.001)
    return sent


@pytest.mark.parametrize("seconds", [2.0, pytest.param(10.0, marks=pytest.mark.soak)])
def test_a_flood_of_osc_is_taken_whole_and_the_desk_still_answers(site, seconds):
    sent = flood(site, seconds)
    site.osc("/scene/tint", 0.0, 1.0, 0.0, 1.0)
    until(lambda: near(site.pixel(3), (0, 255, 0, 255)), 10.0, "what came after the flood is acted on")
    counts = site.status()["inputs"]["osc"]
    assert counts["received"] + counts["dropped"] >= sent


@pytest.mark.parametrize("child", ["control", "main"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_child_that_dies_or_hangs_comes_back_and_the_other_did_not_notice(site, child, how):
    other = "main" if child == "control" else "control"
    site.osc("/scene/amount", 1.0)
    until(lambda: near(site.pixel(0), (255, 255, 255, 255)), 5.0)
    before, stays = until(lambda: site.pid(child), 5.0), site.pid(other)
    os.kill(before, how)
    until(lambda: site.pid(child) not in (0, before), 10.0, f"{child} is back")
    until(lambda: near(site.pixel(0), (255, 255, 255, 255)), 10.0, "its value and its picture are back")
    site.osc("/scene/on", True)
    until(lambda: near(site.pixel(1), (255, 255, 255, 255)), 10.0, "it acts on what comes")
    assert site.pid(other) == stays


def test_the_end_says_how_it_went_and_leaves_nothing_behind(folder):
    site = Site(folder).start("--seconds", "600")
    pids = [site.pid(child) for child in ("control", "main")]
    said = site.stop()
    assert '"sites":{"here":{"frames":' in said
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
