"""The website as it is run in earnest, in processes of its own, which die by SIGKILL and are started again."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

READY_WITHIN = 120.0  # seconds
EVERY_SO_MANIETH = 10  # kill takes the master too; the others take one of its workers, which the master replaces
ZHIPING = [sys.executable, "-c", "from app.cli import main; main()"]


class Service:
    """`zhiping serve`, on PostgreSQL with two web processes and a `zhiping worker`."""

    def __init__(self, environment: dict[str, str], log: Path, *, worker: bool) -> None:
        self.port = _free_port()
        self._environment, self._log, self._worker = {**os.environ, **environment}, log.open("ab"), worker
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = {"web process": 0, "server": 0, "worker": 0}

    def start(self) -> None:
        """Start what does not run, and wait until it answers."""
        if self._gone("server"):
            workers = ["--workers", "2"] if self._worker else []
            self._processes["server"] = self._run("serve", "--port", str(self.port), *workers)
        if self._worker and self._gone("worker"):
            self._processes["worker"] = self._run("worker", "--seconds", "0.2")
        self._wait_until_ready()

    def kill(self, number: int, chance: random.Random) -> None:
        """The `number`th kill: no process is asked, none can say good-bye."""
        server = self._processes["server"]
        children = _children(server.pid)
        if self._worker and number % 3 == 0:
            self._end("worker", "worker")
        elif number % EVERY_SO_MANIETH == 0 or not children:
            self._end("server", "server")
        else:
            os.kill(chance.choice(children), signal.SIGKILL)
            self.kills["web process"] += 1

    def stop(self) -> None:
        for name in list(self._processes):
            self._end(name, None)
        self._log.close()

    def _end(self, name: str, counted: str | None) -> None:
        process = self._processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if counted is not None:
            self.kills[counted] += 1

    def _gone(self, name: str) -> bool:
        return name not in self._processes or self._processes[name].poll() is not None

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [*ZHIPING, *arguments]
        return subprocess.Popen(
            command, env=self._environment, stdout=self._log, stderr=self._log, start_new_session=True
        )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
            finally:
                connection.close()
        raise TimeoutError("the server does not answer")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
