"""What a killed process leaves behind."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from installation.control import kept
from installation.control.slate import Slate


def test_what_was_written_is_there_for_the_next_process(tmp_path):
    Slate(tmp_path / "slate").write(b"one")
    first = Slate(tmp_path / "slate")
    assert first.saved() == b"one"
    first.write(b"two")
    assert Slate(tmp_path / "slate").saved() == b"two"


def test_a_torn_page_leaves_the_one_before(tmp_path):
    slate = Slate(tmp_path / "slate", room=4096)
    slate.write(b"old")
    slate.write(b"new")
    with open(tmp_path / "slate", "r+b") as file:
        file.seek((slate.sequence & 1) * 4096 + 24)
        file.write(b"XXX")
    assert Slate(tmp_path / "slate", room=4096).saved() == b"old"


def test_garbage_is_a_first_start(tmp_path):
    (tmp_path / "slate").write_bytes(os.urandom(8192))
    assert Slate(tmp_path / "slate", room=4096).saved() is None


def test_a_slate_that_cannot_be_had_is_told_and_keeps_nothing(tmp_path):
    slate = Slate(tmp_path / "no" / "folder")
    slate.write(b"lost")
    assert slate.trouble and slate.saved() is None


def test_what_does_not_fit_is_told_and_the_last_stays(tmp_path):
    slate = Slate(tmp_path / "slate", room=4096)
    slate.write(b"small")
    slate.write(b"x" * 5000)
    assert slate.trouble and Slate(tmp_path / "slate", room=4096).saved() == b"small"


def test_a_kill_at_any_instant_leaves_a_whole_page(tmp_path):
    program = """if True:
        import sys
        from pathlib import Path
        from installation.control.slate import Slate
        slate, number = Slate(Path(sys.argv[1])), 0
        while True:
            number += 1
            slate.write(str(number).encode() * 2000)
            if number == 50:
                print("on", flush=True)
    """
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "slate")], stdout=subprocess.PIPE)
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
        saved = Slate(tmp_path / "slate").saved()
        number = saved[: len(saved) // 2000]
        assert int(number) >= 49 and saved == number * 2000


def test_a_slate_of_another_version_is_put_aside_before_it_is_written_over(tmp_path):
    slate = Slate(tmp_path / "slate", room=4096)
    slate.write(b"one")
    slate.write(b"two")
    newer = bytearray((tmp_path / "slate").read_bytes())
    newer[4] = newer[4096 + 4] = 9
    (tmp_path / "slate").write_bytes(newer)
    found = Slate(tmp_path / "slate", room=4096)
    assert found.saved() is None and Path(found.aside).read_bytes() == bytes(newer)
    assert Slate(tmp_path / "fresh", room=4096).aside == ""


def test_a_slate_spoilt_anywhere_gives_one_of_its_two_pages_or_is_put_aside(tmp_path):
    slate = Slate(tmp_path / "slate", room=2048)
    for body in (b"older" * 50, b"newer" * 50):
        slate.write(body)
    whole = (tmp_path / "slate").read_bytes()
    for seed in range(200):
        chance, data = random.Random(seed), bytearray(whole)
        if seed % 2:
            data = data[: chance.randrange(len(data))]
        for _ in range(chance.choice((1, 1, 40))):
            if data:
                data[chance.randrange(min(len(data), 300)) + chance.choice((0, 2048)) * (len(data) > 2400)] ^= 0x55
        path = tmp_path / "other"
        path.write_bytes(data)
        found = Slate(path, room=2048)
        assert found.saved() in (b"older" * 50, b"newer" * 50, None)
        if found.saved() is None and any(data):
            assert Path(found.aside).exists()
        found.write(b"on")
        assert Slate(path, room=2048).saved() == b"on"
        found.close()
    assert len(list(tmp_path.glob("other.aside*"))) == 3


def test_a_slate_whose_body_is_of_another_version_is_put_aside_too(tmp_path):
    slate = Slate(tmp_path / "slate", room=4096)
    slate.write(msgspec.msgpack.encode({"scene": 7, "mirror": "of next year"}))
    found = Slate(tmp_path / "slate", room=4096)
    assert kept.read(found) == kept.Saved() and Path(found.aside).exists()
