import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from livingreview.site import kernels
from livingreview.site.cache import KERNEL_CONFIG, _execute_all

pytestmark = pytest.mark.book


@pytest.fixture(scope="module")
def forked() -> Iterator[None]:
    """Let the kernels of these tests be forked ones."""
    factory = KernelProvisionerFactory.instance()
    before = factory.default_provisioner_name
    kernels.prepare()
    yield
    factory.default_provisioner_name = before


def texts(folder: Path, *cells: str, timeout: int = 60) -> Iterator[str]:
    """Execute cells in a kernel, and yield the text that each prints."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = NotebookClient(
        notebook, timeout=timeout, config=KERNEL_CONFIG, resources={"metadata": {"path": folder}}
    )
    with client.setup_kernel():
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
            yield "".join(output["text"] for output in cell.outputs)


def has_ended(pid: int) -> bool:
    """Return whether a process ends within some seconds."""
    ends = time.monotonic() + 20
    while psutil.pid_exists(pid) and time.monotonic() < ends:
        time.sleep(0.1)
    return not psutil.pid_exists(pid)


@pytest.mark.usefixtures("forked")
def test_forked_kernel_has_the_imports_and_its_own_surroundings(tmp_path: Path) -> None:
    """The library is imported already; folder, group and children are as in any kernel."""
    imported, folder, group, child = texts(
        tmp_path,
        "import sys; print('livingreview' in sys.modules)",
        "import os; print(os.getcwd())",
        "print(os.getpgid(0) == os.getpid())",
        "import multiprocessing as m; p = m.get_context('fork').Process(target=os.getpid)\n"
        "p.start(); p.join(); print(p.exitcode)",
    )
    assert (imported, folder, group, child) == ("True\n", f"{tmp_path}\n", "True\n", "0\n")


@pytest.mark.usefixtures("forked")
def test_killed_kernel_is_told(tmp_path: Path) -> None:
    """A kernel that dies while it executes a cell is an error, not a wait."""
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(DeadKernelError):
        list(texts(tmp_path, kill))


@pytest.mark.usefixtures("forked")
def test_endless_cell_is_stopped(tmp_path: Path) -> None:
    """A cell that takes longer than it may is an error, and its kernel ends."""
    cells = texts(tmp_path, "import os; print(os.getpid())", "while True: pass", timeout=2)
    kernel = int(next(cells))
    with pytest.raises(CellTimeoutError):
        next(cells)
    assert has_ended(kernel)


@pytest.mark.usefixtures("forked")
def test_executing_leaves_no_event_loop_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python complains in a traceback of each loop that it finds open when it tidies up."""
    loops, make = [], asyncio.new_event_loop
    monkeypatch.setattr(asyncio, "new_event_loop", lambda: loops.append(make()) or loops[-1])
    cells = {"works": "1 + 1", "fails": "1 / 0"}
    notebooks = {
        tmp_path / name: nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
        for name, cell in cells.items()
    }
    failed = {path.name for path, result in _execute_all(notebooks, 60) if result.err is not None}
    assert failed == {"fails"}
    assert len(loops) >= len(notebooks)
    assert [loop for loop in loops if not loop.is_closed()] == []


def test_kernels_end_with_a_build_that_is_killed() -> None:
    """No kernel and no process to fork from outlives a build, however it ends."""
    code = (
        "import sys; from test_kernels import texts, kernels; from pathlib import Path\n"
        "kernels.prepare()\n"
        "cells = texts(Path('.'), 'import os; print(os.getpid(), os.getppid())', 'pass')\n"
        "print(next(cells), flush=True); sys.stdin.read()"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as build:
        assert build.stdout is not None
        pids = [int(pid) for pid in build.stdout.readline().split()]
        build.kill()
    assert len(pids) == 2
    assert all(map(has_ended, pids))


def test_without_fork_kernels_are_ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system cannot fork, nothing is started and kernels are what they were."""
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    monkeypatch.setattr(factory, "default_provisioner_name", "local-provisioner")
    kernels.prepare()
    assert factory.default_provisioner_name == "local-provisioner"
