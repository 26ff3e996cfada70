"""What a shell has set for other projects does not reach the commands of this one."""

import os
import subprocess
from pathlib import Path

import pytest

from project import REPOSITORY

PRINTS = "include {makefile}\nprint:\n\t@env\n"


def reaching(tmp_path: Path, **variables: str) -> dict[str, str]:
    """Return the variables that a command of the Makefile gets, where a shell has set some."""
    prints = tmp_path / "print.mk"
    prints.write_text(PRINTS.format(makefile=REPOSITORY / "Makefile"))
    printed = subprocess.run(
        ["make", "-s", "-f", prints, "print"],
        env={"PATH": os.environ["PATH"]} | variables,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    lines = [line.partition("=") for line in printed.stdout.splitlines()]
    return {name: value for name, _, value in lines}


@pytest.mark.parametrize(
    "name",
    [
        *("PYTHONPATH", "PYTHONHOME", "PYTHONOPTIMIZE", "PYTHONSTARTUP", "PYTHONWARNINGS"),
        *("PYTHONDONTWRITEBYTECODE", "PYTHONINSPECT", "VIRTUAL_ENV", "JUPYTER_PATH"),
        *("PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_CONSTRAINT"),
        *("UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "UV_LOCKED", "UV_NO_DEV", "UV_RESOLUTION"),
        *("SOURCE_DATE_EPOCH", "DOCUTILSCONFIG", "CDPATH"),
    ],
)
def test_settings_of_others_are_left_out(tmp_path: Path, name: str) -> None:
    """Libraries, environments, Pythons and dates that a shell has set."""
    assert name not in reaching(tmp_path, **{name: "x"})


@pytest.mark.parametrize(
    "name", ["PIP_INDEX_URL", "PIP_CERT", "UV_DEFAULT_INDEX", "UV_INDEX_A_PASSWORD", "TZ"]
)
def test_how_packages_are_reached_is_kept(tmp_path: Path, name: str) -> None:
    """The network of a machine is its own business; so is its clock."""
    assert reaching(tmp_path, **{name: "x"})[name] == "x"


def test_settings_of_ours_stand(tmp_path: Path) -> None:
    """Packages go into the environment; text is UTF-8; start-up files of a person are not run."""
    found = reaching(tmp_path, PIP_USER="1", PYTHONUTF8="0", IPYTHONDIR="/elsewhere/me/.ipython")
    assert (found["PIP_USER"], found["PYTHONUTF8"]) == ("0", "1")
    assert found["IPYTHONDIR"] == str(tmp_path / "_build" / ".ipython")


def test_a_folder_for_temporary_files_is_used_where_it_can_be(tmp_path: Path) -> None:
    """One that is there is used, with a space in its name, too; a missing or long one is not."""
    (tmp_path / "a b").mkdir()
    for folder, used in (("a b", True), ("missing", False), (f"a b{'/.' * 40}", False)):
        assert ("TMPDIR" in reaching(tmp_path, TMPDIR=folder)) == used, folder


INSTALLER = """\
#!/bin/sh
case "$*" in
  *"-m pip"*) echo tried >> tries; [ "$SAID" ] || exit 0; echo "$SAID" >&2; exit 1 ;;
esac
"""


@pytest.mark.parametrize(
    ("said", "tries", "told"),
    [
        ("", 1, ""),
        ("Failed: NewConnectionError: refused", 1, "The package index cannot be reached."),
        ("ERROR 503 Service Unavailable", 2, "uv could not be installed: the lines above say why"),
    ],
    ids=["answers", "is not reached", "is busy"],
)
def test_a_set_up_says_at_once_that_no_index_is_reached(
    tmp_path: Path, said: str, tries: int, told: str
) -> None:
    """Who is busy is asked again; who is not there is not; the folder's name is odd."""
    folder = tmp_path / 'a b\'s "$c" #d'
    tools = folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    for name in ("pip", "python"):
        (tools / name).write_text(INSTALLER)
        (tools / name).chmod(0o755)
    script = REPOSITORY / "scripts" / "make-environment"
    ran = subprocess.run(
        ["bash", script, "python3"],
        cwd=folder,
        env=os.environ | {"SAID": said},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == (1 if said else 0), ran.stderr
    assert (ran.stderr.splitlines() or [""])[-1].startswith(told)
    assert len((folder / "tries").read_text().splitlines()) == tries


def test_a_failure_before_a_pipe_stops_make(tmp_path: Path) -> None:
    """What is shown in part, such as the layers, still decides."""
    (tmp_path / "fail.mk").write_text(
        f"include {REPOSITORY / 'Makefile'}\nfail:\n\t@false | tail -n 4\n"
    )
    ran = subprocess.run(["make", "-s", "-f", "fail.mk", "fail"], cwd=tmp_path, capture_output=True)
    assert ran.returncode == 2
