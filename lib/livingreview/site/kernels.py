"""Kernels forked from one process that has imported, read and checked what each of them needs.

An ordinary kernel spends most of its time on that. A forked one gives the same outputs: it is the
same kernel application, started later in the life of a process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from importlib.metadata import EntryPoint
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

METHOD: Final = "forkserver"
NAME = "forked"
LAUNCHER = "ipykernel_launcher"


def can_fork() -> bool:
    """Return whether the system lets a process be forked from a prepared one."""
    return METHOD in multiprocessing.get_all_start_methods()


def prepare() -> None:
    """Let the kernels that this process starts be forked ones, where the system can fork.

    Starts the process that they are forked from, and does not wait for it.
    """
    if not can_fork():
        return
    forkserver.set_forkserver_preload(["livingreview.site.warm"])
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # that process inherits it
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(
        NAME, f"{__name__}:ForkedProvisioner", factory.GROUP_NAME
    )
    factory.default_provisioner_name = NAME


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by forking; ends and watches it as one that was started by a command."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel that does what the command says."""
        if LAUNCHER not in cmd:  # not a kernel of IPython
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index(LAUNCHER) + 1 :]
        process = multiprocessing.get_context(METHOD).Process(
            target=_run, args=(arguments, kwargs.get("cwd"), dict(kwargs["env"])), daemon=True
        )
        process.start()
        self.process = _Process(process)  # type: ignore[assignment]  # not a Popen, but asked as one
        self.pid = self.pgid = process.pid
        return self.connection_info


class _Process:
    """A process of multiprocessing, with the names that subprocess gives to the same."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess) -> None:
        self.process = process
        self.pid = process.pid
        self.kill, self.terminate = process.kill, process.terminate

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int | None:
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        if self.pid is not None:
            os.kill(self.pid, number)


def _run(arguments: list[str], folder: str | None, environment: dict[str, str]) -> None:
    """Be a kernel; this runs in the forked process."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()  # a group of its own, which signals go to
    multiprocessing.current_process().daemon = False  # a cell may start processes
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    if sys.path[0] == os.getcwd():  # `python -m` put it there, for the build
        del sys.path[0]
    if folder:
        os.chdir(folder)
    # The handle 1 says that someone else looks after the parent.
    IPKernelApp.launch_instance([*arguments, "--IPKernelApp.parent_handle=1"])


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
