"""A rehearsed season: 200 applicants through the 2023 notice, from the first draft to certificates and rechecks.

`rehearsal_s_per_1000` is wall time on one core with everything it takes (an empty database filled, the report made);
`rehearsal_peak_mb` the most memory that its process held. It is run as designers run it, in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

NOTICE = "notices/n2_2023_bigdata"
APPLICANTS = 200


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="zhiping-bench-") as folder:
        out = Path(folder) / "report.json"
        command = [sys.executable, "-m", "app.cli", "rehearse", NOTICE, "--applicants", str(APPLICANTS)]
        subprocess.run([*command, "--out", str(out)], stdout=subprocess.DEVNULL, check=True)  # noqa: S603 (our own)
        machine = json.loads(out.read_text(encoding="utf-8"))["machine"]
    return {"rehearsal_s_per_1000": machine["seconds_per_1000"], "rehearsal_peak_mb": machine["peak_mb"]}
