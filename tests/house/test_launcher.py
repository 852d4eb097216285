"""The launcher: plain sh, in two languages, silent on stdout, quick when all is done, honest when something lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = '#!/bin/sh\nexit "${FAKE_PYTHON:-0}"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the launcher in a folder whose name has a space; its Python and its `jumelage` are a test's."""
    folder = tmp_path / "my checkout"
    folder.mkdir()
    for name in ("jumelage", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def done(checkout: Path, *stamps: str) -> None:
    """Makes the checkout look set up."""
    program(checkout / ".venv/bin/python", PYTHON)
    program(checkout / ".venv/bin/jumelage", '#!/bin/sh\nprintf "%s|" ran "$@"\n')
    told = subprocess.run(["cksum"], stdin=(checkout / "pyproject.toml").open(), capture_output=True, text=True).stdout
    lines = [f"project {told.strip()} {checkout}", "extra midi", *stamps]
    (checkout / ".venv/jumelage-set-up").write_text("\n".join(lines) + "\n")


def launch(checkout: Path, *words: str, path: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {"HOME": str(checkout), "LANG": "C", "PATH": path or os.environ["PATH"]}
    return subprocess.run(
        [shutil.which("sh") or "/bin/sh", str(checkout / "jumelage"), *words],
        capture_output=True, text=True, env={**keep, **environment}, timeout=60,
    )  # fmt: skip


def poor_path(checkout: Path) -> str:
    """A PATH with the tools of POSIX and no Python, no apt-get, no uv."""
    folder = checkout / "poor"
    folder.mkdir()
    for name in ("dirname", "cksum", "mkdir", "rm", "cat", "id", "tr", "sed", "sleep", "tail", "readlink"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return str(folder)


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox"])
def test_every_shell_reads_it(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    command = [shell, *(["sh"] if shell == "busybox" else []), "-n", str(ROOT / "jumelage")]
    assert subprocess.run(command, capture_output=True, text=True).stderr == ""


def test_shellcheck_finds_nothing() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    assert (
        subprocess.run(["shellcheck", "-s", "sh", str(ROOT / "jumelage")], capture_output=True, text=True).stdout == ""
    )


def test_a_second_start_hands_the_words_on_untouched(checkout: Path) -> None:
    done(checkout)
    ran = launch(checkout, "set", "/scene/level", "a b", "*")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("ran|set|/scene/level|a b|*|", "", 0)


def test_it_is_found_through_a_link(checkout: Path, tmp_path: Path) -> None:
    done(checkout)
    link = tmp_path / "bin" / "jumelage"
    link.parent.mkdir()
    link.symlink_to("../my checkout/jumelage")
    ran = subprocess.run(["sh", str(link), "list"], capture_output=True, text=True)
    assert ran.stdout == "ran|list|"


@pytest.mark.parametrize(
    ("language", "said"),
    [("C.UTF-8", "jumelage: no Python 3.11 or newer"), ("fr_FR.UTF-8", "jumelage : pas de Python 3.11 ou plus récent")],
)
def test_a_machine_without_python_is_told_what_to_do(checkout: Path, language: str, said: str) -> None:
    ran = launch(checkout, "list", path=poor_path(checkout), LANG=language)
    assert ran.returncode == 3
    assert ran.stdout == ""
    assert said in ran.stderr
    assert "sudo apt-get install" in ran.stderr
    assert not (checkout / ".venv.lock").exists()


def test_the_language_option_before_the_verb_is_obeyed(checkout: Path) -> None:
    ran = launch(checkout, "--lang", "fr", "list", path=poor_path(checkout))
    assert "jumelage : " in ran.stderr


@pytest.mark.parametrize(
    ("with_apt", "said"), [(True, "sudo apt-get install -y libegl1 libgl1\n"), (False, "sudo dnf install")]
)
def test_what_the_picture_lacks_is_told_with_the_line_that_brings_it(checkout: Path, with_apt: bool, said: str) -> None:
    done(checkout)
    program(checkout / ".venv/bin/python", "#!/bin/sh\necho libegl1\necho libgl1\n")
    path = poor_path(checkout)
    if with_apt:
        program(Path(path) / "apt-get", "#!/bin/sh\nexit 100\n")
    ran = launch(checkout, "demo", path=path)
    assert ran.returncode == 3
    assert said in ran.stderr


def test_it_needs_no_home(checkout: Path) -> None:
    done(checkout)
    environment = {"PATH": poor_path(checkout)}
    command = [shutil.which("sh") or "/bin/sh", str(checkout / "jumelage"), "list"]
    assert subprocess.run(command, capture_output=True, text=True, env=environment).stdout == "ran|list|"
    (checkout / ".venv/jumelage-set-up").unlink()
    assert "no Python" in subprocess.run(command, capture_output=True, text=True, env=environment).stderr


def test_a_verb_without_a_picture_asks_for_no_graphics(checkout: Path) -> None:
    done(checkout)
    assert launch(checkout, "status", path=poor_path(checkout)).returncode == 0


def test_a_changed_project_file_is_set_up_anew(checkout: Path) -> None:
    done(checkout)
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("\n")
    ran = launch(checkout, "list", path=poor_path(checkout))
    assert "setting up" in ran.stderr


def test_the_lock_of_a_dead_set_up_is_taken_over(checkout: Path) -> None:
    (checkout / ".venv.lock").mkdir()
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    (checkout / ".venv.lock" / "pid").write_text(f"{gone.pid}\n")
    assert "no Python" in launch(checkout, "list", path=poor_path(checkout)).stderr
