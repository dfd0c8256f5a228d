"""Opens files one after the other and says of each how it went; run as a program, so that it can die alone.

Arguments: folder of files, file of results, limit of memory in bytes, 1 for taking tensors. Each result is one JSON line
`{file, code, message, seconds, tensors, peak}`; the line is written before the next file is opened.
"""

import contextlib
import hashlib
import io
import json
import resource
import sys
import time
from pathlib import Path

from ganstudio.__main__ import main
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.errors import GanStudioError

WITH_TENSORS = sys.argv[4:] == ["1"]


def open_one(path: Path) -> dict[str, object]:
    """Try the command line on a file, and take its tensors where it refuses the network only."""
    out, error = io.StringIO(), io.StringIO()
    start = time.perf_counter()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = main(["inspect", str(path), "--json", "--tensors"])
    seconds = time.perf_counter() - start
    tensors = {}
    with contextlib.suppress(GanStudioError):
        for name, tensor in OpenedFile.open(path).tensors.items() if WITH_TENSORS else ():
            tensors[name] = hashlib.sha256(tensor.bits()).hexdigest()
    return {"file": path.name, "code": code, "message": error.getvalue(), "seconds": seconds, "tensors": tensors,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}  # fmt: skip


if __name__ == "__main__":
    folder, results, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with results.open("a") as file:
        for path in sorted(folder.iterdir()):
            print(json.dumps(open_one(path)), file=file, flush=True)
