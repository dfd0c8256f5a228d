"""Stacked MNIST: how many of its 1,000 modes a recipe finds, and how evenly. Source: Lin et al. 2018, section 4.2.

Three random digits are the red, green and blue of one picture. A classifier that reads them (its accuracy on the test
digits is printed) counts the modes among 26,000 pictures of the averaged generator, and the divergence of their
distribution from the uniform one.

Run: python tests/benchmarks/stacked_mnist.py [--method default|dcgan|pac2] [--steps 15000] [--seed 0] [--mnist FILE]
[--device cpu] [--out FOLDER]. Reduced: half the paper's feature maps and a fraction of its 100,000 steps. One line of
JSON each 1,000 steps in FOLDER/METHOD-SEED.jsonl, a sheet of pictures beside it.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ganstudio.images import save_picture, tile, to_uint8
from ganstudio.training.config import TrainingConfig
from ganstudio.training.game.pair import Batch, Pair

ROOT = Path(__file__).resolve().parents[2]
MODES, SAMPLES, BATCH = 1000, 26_000, 64
NETWORK = {"resolution": 28, "channels": 3, "num_classes": 0, "z_dim": 100, "base_channels": 32, "max_channels": 128}
PLAIN = {"discriminator_batch_norm": True, "discriminator_deviation": False}


def main() -> None:
    """Train and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", choices=("default", "dcgan", "pac2"), default="default")
    parser.add_argument("--steps", type=int, default=15_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--gamma", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--mnist", type=Path, default=ROOT.parent / "shared" / "data" / "mnist" / "mnist.npz")
    parser.add_argument("--out", type=Path, default=Path("stacked_mnist"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    options.out.mkdir(parents=True, exist_ok=True)
    with np.load(options.mnist) as file:
        digits, labels = file["x_train"], file["y_train"]
        classifier = learn_to_read(digits, labels, options.out / "classifier.pt")
        accuracy = float((read(classifier, file["x_test"]) == file["y_test"]).mean())
    print(f"classifier: {accuracy:.2%} of the test digits", flush=True)
    device = torch.device(options.device)
    play(options, StackFeed(digits, options.seed, device), classifier.to(device))


def configure(options: argparse.Namespace) -> TrainingConfig:
    """The recipe: all with the same generator, batch and length."""
    kimg = options.steps * BATCH / 1000
    common = {"kimg": kimg, "batch_size": BATCH, "seed": options.seed, "ema_kimg": 20.0, "threads": options.threads}
    if options.method == "default":
        penalty = {"gamma": options.gamma, "final_share": 0.1}
        return TrainingConfig(
            network_config=NETWORK, loss="relativistic",
            parts={"r1": penalty, "r2": penalty}, generator_lr=options.rate, discriminator_lr=options.rate, beta1=0.0,
            final_lr_fraction=0.25, **common,
        )  # fmt: skip
    parts = {"packing": {"size": 2}} if options.method == "pac2" else {}
    return TrainingConfig(
        network_config={**NETWORK, **PLAIN}, parts=parts, generator_steps=2, beta1=0.5, beta2=0.999,
        final_lr_fraction=1.0, reuse_fakes=False, **common,
    )  # fmt: skip


class StackFeed:
    """Endless stacks of three random digits, the same for the same seed."""

    def __init__(self, digits: npt.NDArray[np.uint8], seed: int, device: torch.device) -> None:
        self._digits = digits
        self._device = device
        self._random = np.random.default_rng(seed)

    def take(self) -> Batch:
        """See `Feed`."""
        rows = self._random.integers(0, len(self._digits), (BATCH, 3))
        return Batch(torch.from_numpy(self._digits[rows]).to(self._device).float().div(127.5).sub(1), None)

    partners = take


def play(options: argparse.Namespace, feed: StackFeed, classifier: nn.Module) -> None:
    """Train, and count now and then."""
    config = configure(options)
    pair = Pair(config, torch.device(options.device))
    record = options.out / f"{options.method}-{options.seed}.jsonl"
    record.write_text("")
    begun = time.process_time()
    for step in range(options.steps):
        scalars = pair.play(feed, step, step * BATCH / 1000).scalars
        if (step + 1) % 1000 == 0 or step + 1 == options.steps:
            spent = time.process_time() - begun
            found = count(pair, classifier, SAMPLES if step + 1 == options.steps else 5000)
            told = {name: round(float(scalars[name]), 4) for name in ("loss_generator", "d_real", "d_fake")}
            line = json.dumps({"method": options.method, "seed": options.seed, "step": step + 1, **found, **told,
                               "cpu_seconds": round(spent)})  # fmt: skip
            print(line, flush=True)
            with record.open("a") as file:
                file.write(line + "\n")
            draw_sheet(pair, record.with_suffix(".png"))


@torch.inference_mode()
def count(pair: Pair, classifier: nn.Module, samples: int) -> dict[str, float]:
    """Modes found among pictures of the averaged generator, and their divergence from uniform, KL in nats."""
    random = torch.Generator().manual_seed(1)
    counts = np.zeros(MODES, np.int64)
    for start in range(0, samples, 500):
        z = torch.randn(min(500, samples - start), pair.generator.spec.z_dim, generator=random)
        images = pair.averaged(z.to(pair.device))
        read_digits = classifier(images.flatten(0, 1)[:, None]).argmax(dim=1).view(-1, 3)
        numbers = read_digits.cpu() @ torch.tensor([100, 10, 1])
        counts += np.bincount(numbers.numpy(), minlength=MODES)
    shares = counts[counts > 0] / counts.sum()
    kl = float((shares * np.log(shares * MODES)).sum())
    return {"modes": int((counts > 0).sum()), "kl": round(kl, 4), "samples": samples}


@torch.inference_mode()
def draw_sheet(pair: Pair, path: Path) -> None:
    """Save 100 pictures."""
    z = torch.randn(100, pair.generator.spec.z_dim, generator=torch.Generator().manual_seed(2))
    save_picture(path, tile(to_uint8(pair.averaged(z.to(pair.device)))))


def learn_to_read(digits: npt.NDArray[np.uint8], labels: npt.NDArray[np.integer], path: Path) -> nn.Module:
    """A small convolutional network that reads digits; taught once and kept."""
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10),
    )  # fmt: skip
    if path.exists():
        network.load_state_dict(torch.load(path, weights_only=True))
        return network.eval()
    optimizer, batch, epochs = torch.optim.Adam(network.parameters(), 1e-3), 128, 4
    steps, random = epochs * len(digits) // batch, np.random.default_rng(0)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * 0.5 * (1 + math.cos(math.pi * step / steps))
        rows = random.integers(0, len(digits), batch)
        loss = nn.functional.cross_entropy(
            network(scaled(digits[rows])), torch.from_numpy(labels[rows].astype(np.int64))
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    torch.save(network.state_dict(), path)
    return network.eval()


@torch.inference_mode()
def read(classifier: nn.Module, digits: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """What the classifier takes digits uint8 `(N, 28, 28)` for."""
    parts = [classifier(scaled(digits[start : start + 1000])) for start in range(0, len(digits), 1000)]
    return torch.cat(parts).argmax(dim=1).numpy()


def scaled(digits: npt.NDArray[np.uint8]) -> Tensor:
    """Digits as the generator draws them, `(N, 1, 28, 28)` in [-1, 1]."""
    return torch.from_numpy(digits)[:, None].float().div(127.5).sub(1)


if __name__ == "__main__":
    main()
