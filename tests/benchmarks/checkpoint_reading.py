"""How long opening a large NVlabs pickle takes, and how much memory, next to reading its bytes with `open().read()`.

Run: python tests/benchmarks/checkpoint_reading.py [--resolution 1024] [--runs 5] [--file FILE]. Writes a pickle of G, D
and G_ema with random weights as NVlabs' programs pickle them (about 360 MB at 1024 px) unless FILE is given, then
opens it in fresh processes, in turn; prints medians, ratios, and peak memory above that of the bare one (Linux only).
"""

import argparse
import pickle
import statistics
import subprocess
import sys
import tempfile
import types
from pathlib import Path

SOURCE = "# the source of a class, of which nothing is read\n" * 800

START = """
import re, sys, time
from pathlib import Path
{imports}
path = Path(sys.argv[1])
def peak():
    return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024
before, start = peak(), time.perf_counter()
{work}
print(time.perf_counter() - start, peak() - before)
"""
TASKS = {
    "open().read()": ("", "data = open(path, 'rb').read()"),
    "parse it, no weights": (
        "from ganstudio.checkpoints.opened_file import OpenedFile", "tree = OpenedFile.open(path).tree"),
    "describe": ("from ganstudio.checkpoints.catalogue import describe", "describe(path)"),
    "read the generator": ("from ganstudio.checkpoints.catalogue import read", "checkpoint = read(path)"),
    "read and build the generator": (
        "import torch\nfrom ganstudio.checkpoints.building import build_generator\n"
        "from ganstudio.checkpoints.catalogue import read",
        "generator = build_generator(read(path), torch.device('cpu'))"),
    "every tensor of the file": (
        "from ganstudio.checkpoints.opened_file import OpenedFile",
        "total = sum(tensor.load().nbytes for tensor in OpenedFile.open(path).tensors.values())"),
}  # fmt: skip


class Persistent:
    """Pickles itself as NVlabs' persistent objects do."""

    def __init__(self, class_name, state):
        self.meta = {"type": "class", "version": 6, "module_src": SOURCE + class_name, "class_name": class_name,
                     "state": state}  # fmt: skip

    def __reduce__(self):
        return sys.modules["torch_utils.persistence"]._reconstruct_persistent_obj, (self.meta,)


def write_pickle(path: Path, resolution: int) -> None:
    """Write G, D and G_ema of StyleGAN2 with random weights."""
    import torch

    sys.path.insert(0, str(Path(__file__).parents[1] / "checkpoints"))
    import nvlabs_files

    from ganstudio.networks.catalogue import NETWORKS

    def _reconstruct_persistent_obj(meta):
        raise NotImplementedError

    persistence = types.ModuleType("torch_utils.persistence")
    persistence._reconstruct_persistent_obj = _reconstruct_persistent_obj
    _reconstruct_persistent_obj.__module__ = "torch_utils.persistence"
    _reconstruct_persistent_obj.__qualname__ = "_reconstruct_persistent_obj"
    sys.modules["torch_utils"] = types.ModuleType("torch_utils")
    sys.modules["torch_utils.persistence"] = sys.modules["torch_utils"].persistence = persistence
    architecture = NETWORKS["stylegan2"]
    config = architecture.make_config({"resolution": resolution})
    record = nvlabs_files.stylegan2_generator(architecture.build_generator(config, torch.Generator().manual_seed(0)))

    def convert(node):
        """Records to persistent objects, tensors to new tensors of torch's."""
        if isinstance(node, dict):
            return {name: convert(value) for name, value in node.items()}
        if hasattr(node, "class_name"):
            return Persistent(node.class_name.rpartition(".")[2], convert(node.state))
        return torch.from_numpy(node.load().copy()) if hasattr(node, "load") else node

    discriminator = nvlabs_files.module("Discriminator", children={"b4": record})
    parts = {"G": convert(record), "D": convert(discriminator), "G_ema": convert(record), "augment_pipe": None}
    with path.open("wb") as file:
        pickle.dump({**parts, "training_set_kwargs": {"path": "a.zip"}}, file, protocol=4)


def measure(task: str, path: Path) -> tuple[float, int]:
    """Seconds and peak memory of one task in a fresh process."""
    imports, work = TASKS[task]
    program = START.format(imports=imports, work=work)
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resolution", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "network-snapshot.pkl"
        if options.file is None:
            write_pickle(path, options.resolution)
        size = path.stat().st_size
        path.read_bytes()  # so that all runs find it in the system's cache
        results = {task: [] for task in TASKS}
        for _ in range(options.runs):
            for task in TASKS:
                results[task].append(measure(task, path))
    base = statistics.median(seconds for seconds, _ in results["open().read()"])
    print(f"{size / 1e6:.0f} MB, medians of {options.runs}")
    for task, measured in results.items():
        seconds = statistics.median(seconds for seconds, _ in measured)
        memory = max(memory for _, memory in measured)
        print(f"{task:30} {seconds:7.3f} s  {seconds / base:5.2f} x read()  peak {memory / size:5.2f} x file")


if __name__ == "__main__":
    main()
