"""A process with everything ready for `zhiping walk` and `scenario`: each is run in a copy of it that ends with it.

Whoever starts it writes a line of JSON for each command, {arguments, folder, out, err, cpu, memory}, and reads its exit
status back on a line. It ends when nobody writes any more, or has not for a while.
"""

import json
import os
import resource
import select
import sys
import tempfile
import traceback
from typing import Any

from app.cli import main as zhiping
from app.cli.scenarios import world

IDLE = 900  # seconds
_RAISED = 70  # exit status of a command that ended in an exception


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="zhiping-stage-") as place:
        tempfile.tempdir = place
        world.keep_ready()
        while select.select([sys.stdin], [], [], IDLE)[0]:
            line = sys.stdin.readline()
            if not line:
                break
            print(_run(json.loads(line)), flush=True)


def _run(said: dict[str, Any]) -> int:
    copy = os.fork()  # nothing else runs in here
    if copy == 0:
        os._exit(_act(said))
    return os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])


def _act(said: dict[str, Any]) -> int:
    status = _RAISED
    try:
        for stream, path in ((0, os.devnull), (1, said["out"]), (2, said["err"])):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), stream)
        resource.setrlimit(resource.RLIMIT_CPU, (said["cpu"], said["cpu"] + 1))
        resource.setrlimit(resource.RLIMIT_AS, (said["memory"], said["memory"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.chdir(said["folder"])
        zhiping(said["arguments"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    return status
