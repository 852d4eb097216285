"""What `pip install` brings: the two packages with shaders, scenes and rigs inside, which draw outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCENE = "tide"
pytestmark = pytest.mark.skipif(
    not (ROOT / "README.md").is_file(), reason="this copy has no README, which a wheel needs"
)


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs in `folder`, with nothing of the checkout in sight."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    home = {"JUMELAGE_HOME": str(folder / "home")}
    return subprocess.run(
        command, cwd=folder, env={**kept, **home, **environment}, capture_output=True, text=True, timeout=110
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with what is installed here."""
    out = tmp_path_factory.mktemp("wheel")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(out),
        str(ROOT),
    ]
    ran = run(*pip, folder=out)
    assert ran.returncode == 0, ran.stderr
    return next(out.glob("jumelage-*.whl"))


def drawn(ran: subprocess.CompletedProcess[str], picture: Path) -> None:
    assert ran.returncode == 0, ran.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_wheel_holds_the_content_and_neither_tests_nor_tools(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"installation", "hardware"}
    for folder, part in (("shaders", "installation/data/shaders/"), ("scenes", "installation/data/scenes/")):
        held = {name.removeprefix(part) for name in names if name.startswith(part)}
        assert held >= {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob("*.fs")}
    assert {f"hardware/rigs/{path.name}" for path in (ROOT / "hardware" / "rigs").glob("*.toml")} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_what_the_wheel_holds_draws_a_scene_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    pytest.importorskip("installation.verbs.picture")
    library, folder = tmp_path / "library", tmp_path / "empty"
    folder.mkdir()
    zipfile.ZipFile(wheel).extractall(library)
    said = run(
        sys.executable, "-c", "import installation; print(installation.__file__)",
        folder=folder, PYTHONPATH=str(library),
    )  # fmt: skip
    assert Path(said.stdout.strip()).is_relative_to(library)
    ran = run(
        sys.executable, "-m", "installation.cli", "render", SCENE, "--size", "64x36", "--out", "one.png",
        folder=folder, PYTHONPATH=str(library),
    )  # fmt: skip
    drawn(ran, folder / "one.png")


def test_the_rigs_of_the_wheel_are_found_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    pytest.importorskip("installation.verbs.material")
    rigs = sorted(path.stem for path in (ROOT / "hardware" / "rigs").glob("*.toml"))
    zipfile.ZipFile(wheel).extractall(tmp_path / "library")
    (tmp_path / "empty").mkdir()
    ran = run(
        sys.executable, "-m", "installation.cli", "list", "rigs", "--json",
        folder=tmp_path / "empty", PYTHONPATH=str(tmp_path / "library"),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert all(rig in ran.stdout for rig in rigs), ran.stdout


@pytest.mark.soak
def test_a_wheel_in_an_environment_of_its_own_draws_a_scene(wheel: Path, tmp_path: Path) -> None:
    pytest.importorskip("installation.verbs.picture")
    place, folder = tmp_path / "environment", tmp_path / "empty"
    folder.mkdir()
    venv.create(place, with_pip=True)
    ran = run(str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", str(wheel), folder=folder)
    assert ran.returncode == 0, ran.stderr
    ran = run(str(place / "bin" / "jumelage"), "render", SCENE, "--size", "64x36", "--out", "one.png", folder=folder)
    drawn(ran, folder / "one.png")
