"""How long directions take: PCA of w, the closed form, a picks direction; beside plain ways of the same.

Run: OMP_NUM_THREADS=1 python tests/benchmarks/direction_speed.py [--samples 50000] [--resolution 1024] [--runs 3]
[--sklearn PYTHON]. PYTHON is an interpreter that has scikit-learn; its IncrementalPCA gets the same samples and as many
components (GANSpace's way). Weights are random: they cost as much as trained ones. Prints medians of processor time.
"""

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ganstudio.latent.closed_form import factorise, style_weights
from ganstudio.latent.clouds import latent_batches, latent_cloud
from ganstudio.latent.covariance import RunningCovariance
from ganstudio.latent.discovery.base import Task
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.latent.discovery.closed_form import ClosedFormConfig
from ganstudio.latent.discovery.picks import learn_prior
from ganstudio.latent.picks import fit_picks
from ganstudio.networks.catalogue import NETWORKS

COMPONENTS = 80  # as GANSpace takes by default
_INCREMENTAL = """
import sys, time
import numpy as np
from sklearn.decomposition import IncrementalPCA
samples = np.load(sys.argv[1], allow_pickle=False)
begun = time.process_time()
found = IncrementalPCA(int(sys.argv[2]), batch_size=int(sys.argv[3])).fit(samples)
print(time.process_time() - begun)
np.save(sys.argv[4], found.components_)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=50_000)
    parser.add_argument("--resolution", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sklearn", type=Path, help="a Python interpreter that has scikit-learn")
    options = parser.parse_args()
    torch.set_num_threads(1)
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=options.resolution)
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0))
    generator.eval().requires_grad_(requires_grad=False)

    drawing, batches = timed(lambda: list(latent_batches(generator, "w", options.samples)))
    samples = torch.cat(batches)
    print(f"StyleGAN2 of {options.resolution} px, random weights; processor time of one thread")
    print(f"drawing {options.samples:,} w of {samples.shape[1]}: {drawing:.2f} s")
    report_pca(batches, samples, options)
    report_closed_form(generator, options.runs)
    report_picks(generator, samples)


def report_pca(batches: list[torch.Tensor], samples: torch.Tensor, options: argparse.Namespace) -> None:
    """PCA of samples that are there already."""

    def ours() -> Any:
        running = RunningCovariance(samples.shape[1])
        for batch in batches:
            running.add(batch)
        return running.components(COMPONENTS)

    took, found = median(ours, options.runs)
    values = samples.double().numpy()
    plain, rows = timed(lambda: np.linalg.svd(values - values.mean(0), full_matrices=False)[2])
    covariance = np.cov(values.T)
    once, _ = median(lambda: np.linalg.eigh(covariance), options.runs)
    print(f"PCA, ours: {took:.2f} s; agrees with the SVD to {apart(found.components.numpy(), rows):.1e}")
    print(f"  over numpy's SVD of the same ({plain:.2f} s): {took / plain:.2f}")
    print(f"  over one eigendecomposition of {len(covariance)}² ({once:.3f} s): {took / once:.1f}")
    if options.sklearn:
        incremental, theirs = time_incremental(options.sklearn, samples)
        print(f"  over scikit-learn's IncrementalPCA ({incremental:.2f} s): {took / incremental:.3f}")
        print(f"  which itself agrees with the SVD to {apart(theirs, rows):.1e}")


def report_closed_form(generator: Any, runs: int) -> None:
    """The closed form of all layers."""
    weights = style_weights(generator)
    took, found = median(lambda: factorise(weights, 10), runs)
    whole, _ = median(lambda: list(METHODS["closed-form"].find(Task(generator), ClosedFormConfig())), runs)
    stacked = torch.cat(weights).double().numpy()
    stacked = stacked / np.linalg.norm(stacked, axis=1, keepdims=True)
    plain, rows = timed(lambda: np.linalg.svd(stacked, full_matrices=False)[2])
    gram = stacked.T @ stacked
    once, _ = median(lambda: np.linalg.eigh(gram), runs)
    print(f"closed form of {len(stacked):,} channels, ours: {took:.3f} s; agrees with the SVD to "
          f"{apart(found.vectors.numpy(), rows):.1e}; with 2,000 w to measure the steps: {whole:.2f} s")  # fmt: skip
    print(f"  over numpy's SVD of the same ({plain:.2f} s): {took / plain:.2f}")
    print(f"  over one eigendecomposition of {len(gram)}² ({once:.3f} s): {took / once:.1f}")


def report_picks(generator: Any, samples: torch.Tensor) -> None:
    """A direction of two dozen picks."""
    learning, prior = timed(lambda: learn_prior(generator, "w"))
    picks = latent_cloud(generator, "w", 24, seed=3)
    took, _ = timed(lambda: fit_picks(picks, torch.arange(24) < 12, prior))
    print(f"picks: 24 of w_dim {samples.shape[1]} in {took:.3f} s; what is known beforehand: {learning:.2f} s a model")


def time_incremental(python: Path, samples: torch.Tensor) -> tuple[float, Any]:
    """Processor time and components of scikit-learn's IncrementalPCA, in an interpreter of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder) / "samples.npy", Path(folder) / "components.npy"
        np.save(given, samples.numpy())
        command = [str(python), "-c", _INCREMENTAL, str(given), str(COMPONENTS), "1000", str(result)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return float(done.stdout), np.load(result, allow_pickle=False)


def apart(found: Any, rows: Any) -> float:
    """Largest distance of the first ten axes from the right singular vectors, signs aside."""
    return max(float(min(np.linalg.norm(a - b), np.linalg.norm(a + b))) for a, b in zip(found[:10], rows, strict=False))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor time in seconds, and the result."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def median(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Median processor time of several runs, and the last result."""
    taken = [timed(work) for _ in range(runs)]
    return statistics.median(time for time, _ in taken), taken[-1][1]


if __name__ == "__main__":
    main()
