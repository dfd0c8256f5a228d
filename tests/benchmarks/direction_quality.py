"""What the named sliders of a built-in model really do, beside plain PCA and unconditioned boundaries.

Run: python tests/benchmarks/direction_quality.py [CHECKPOINT] [--pictures 10000] [--steps 1500] [--samples 8000]
[--judged 120] [--fresh] [--readers FOLDER] [--only named | picks]

Two networks learn to read the avatars' known factors, from different avatars and different first weights. One finds
directions (unless those that the checkpoint carries are taken, as without --fresh), the other one judges them, on
latents that nothing was found with. For each factor that the model shows it prints
  moved     mean change of the factor from the slider's low end to its high end, in deviations of the factor in the data
  others    mean size of all other factors' changes, picture by picture, over `moved`
  drift     the same of the mean changes, in which ups and downs of different pictures cancel
  monotone  whether the mean goes one way at seven strengths from end to end
and then how well a few picks tell a factor: AUC and accuracy on 4,000 other pictures.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from torch import Tensor

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.checkpoints.catalogue import read
from ganstudio.datasets.avatars.factors import FACTOR_NAMES
from ganstudio.datasets.avatars.source import AvatarSet
from ganstudio.latent.agreement import measure_agreement
from ganstudio.latent.clouds import latent_cloud, natural_space
from ganstudio.latent.directions import Direction
from ganstudio.latent.discovery.base import Examples, Task
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.latent.discovery.labels import LabelsConfig
from ganstudio.latent.discovery.main_axes import MainAxesConfig
from ganstudio.latent.discovery.picks import learn_prior
from ganstudio.latent.effects import Effect, Move, along, measure_effect
from ganstudio.latent.paths import follow_path, survey
from ganstudio.latent.picks import fit_picks
from ganstudio.networks.base import Generator
from ganstudio.networks.factor_regressor import FactorRegressor
from ganstudio.training.direction_finding.direction_search import LOOKED_AT, DirectionsFound, look_at, try_steps
from ganstudio.training.direction_finding.factor_reading import learn_to_read, read_generated
from ganstudio.training.direction_finding.latent_reading import learn_latents

SHOWN = 0.5  # deviations that a factor must have among generated pictures to count as shown
CPU = torch.device("cpu")


@dataclass
class Slider:
    """Something that moves latents between two ends."""

    move: Move
    low: float
    high: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", nargs="?", type=Path, default=builtin_path())
    parser.add_argument("--pictures", type=int, default=10_000, help="avatars that each reader learns from")
    parser.add_argument("--steps", type=int, default=1500, help="how long each learns")
    parser.add_argument("--samples", type=int, default=8000, help="generated pictures that the finder reads")
    parser.add_argument("--judged", type=int, default=120, help="pictures that each slider is judged on")
    parser.add_argument("--fresh", action="store_true", help="find directions anew, not those of the file")
    parser.add_argument("--readers", type=Path, help="keep the trained readers here, and take them from here next time")
    parser.add_argument("--only", choices=("named", "picks"), help="leave out the rest")
    options = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = read(options.checkpoint)
    generator = build_generator(checkpoint, CPU)
    finder = learn(generator, options, seed=0)
    space = natural_space(generator)
    latents = latent_cloud(generator, space, options.samples, seed=1)
    values = read_generated(generator, finder, latents, space)
    shown = [index for index in range(len(FACTOR_NAMES)) if float(values[:, index].std()) >= SHOWN]
    say(f"shown by the model: {', '.join(FACTOR_NAMES[index] for index in shown)}")
    if options.only != "picks":
        judge = learn(generator, options, seed=1)
        named = fresh(generator, finder, latents, values) if options.fresh else carried(checkpoint)
        report("named sliders", named, generator, judge, shown, options.judged)
        for title, find in ways(generator, finder, latents, values).items() if not options.only else ():
            report(title, find(), generator, judge, shown, options.judged)
    if options.only != "named":
        report_picks(generator, latents, values, shown)


def ways(
    generator: Generator, finder: FactorRegressor, latents: Tensor, values: Tensor
) -> dict[str, Callable[[], dict[int, Slider]]]:
    """What the named sliders are compared with."""
    return {
        "paths": lambda: paths(latents, values),
        "plain PCA, best match": lambda: main_axes(generator, finder),
        "boundary, unconditioned": lambda: boundaries(generator, latents, values, ()),
        "boundary, conditional on all": lambda: boundaries(generator, latents, values, ("all",)),
    }


def learn(generator: Generator, options: argparse.Namespace, seed: int) -> FactorRegressor:
    """Train a reader on avatars of its own and say how well it reads those that it never saw."""
    kept = options.readers / f"{seed}_{options.pictures}_{options.steps}.safetensors" if options.readers else None
    if kept is not None and kept.is_file():
        regressor = FactorRegressor(generator.spec.channels, len(FACTOR_NAMES), torch.Generator())
        regressor.load_state_dict(safetensors.torch.load_file(kept))
        return regressor.eval().requires_grad_(requires_grad=False)
    avatars = AvatarSet(options.pictures, seed=11 * (seed + 1))
    size = generator.spec.resolution
    blocks = [range(start, min(start + 256, len(avatars))) for start in range(0, len(avatars), 256)]
    pixels = np.concatenate([avatars.draw(block, size) for block in blocks])
    factors = np.stack([avatars.factors(index) for index in range(len(avatars))])
    regressor, quality = result_of(learn_to_read(pixels, factors, options.steps, CPU, seed))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        safetensors.torch.save_file(regressor.state_dict(), kept)
    say(f"{'judge' if seed else 'finder'} reads held-out avatars with R2 {quality.min():.3f} to {quality.max():.3f}")
    return regressor


def carried(checkpoint: Any) -> dict[int, Slider]:
    """The named sliders that the file has."""
    infos = [
        info for info in checkpoint.description.directions if info.origin == "factor" and info.name in FACTOR_NAMES
    ]
    steps = {info.name: torch.from_numpy(np.array(checkpoint.directions[info.name])) for info in infos}
    return {FACTOR_NAMES.index(info.name): of_file(info, steps[info.name]) for info in infos}


def of_file(info: Any, step: Tensor) -> Slider:
    """The slider of a direction that a file carries."""
    deviation = float(step.norm())
    return straight(Direction(info.name, step / deviation, deviation, 0.0, info.low, info.high, fold=info.fold))


def fresh(generator: Generator, finder: FactorRegressor, latents: Tensor, values: Tensor) -> dict[int, Slider]:
    """The same, found now."""
    space = natural_space(generator)
    found = result_of(try_steps(latents, values, FACTOR_NAMES, folds=space == "z"))
    seen = [look_at(generator, finder, item, latents[-LOOKED_AT:], space) for item in found]
    return {item.factor: straight(item.direction) for item in seen}


def paths(latents: Tensor, values: Tensor) -> dict[int, Slider]:
    """Sliders that ask at each step anew where to go."""
    reader, _ = result_of(learn_latents(latents, values))

    def slider(factor: int) -> Slider:
        terrain = survey(reader, latents[:2000], factor)
        return Slider(lambda places, strength: follow_path(terrain, places, strength), -4.0, 4.0)

    return {factor: slider(factor) for factor in range(len(FACTOR_NAMES))}


def main_axes(generator: Generator, finder: FactorRegressor) -> dict[int, Slider]:
    """For each factor the axis, of the first thirty, that moves it most; the best that a person could have picked."""
    axes = [item.direction for item in discover("pca", Task(generator), MainAxesConfig(count=30, samples=4000))]
    trial = latent_cloud(generator, natural_space(generator), 60, seed=5)
    effects = [judged(generator, finder, straight(axis), trial, 3) for axis in axes]
    best: dict[int, Slider] = {}
    for factor in range(len(FACTOR_NAMES)):
        moved = torch.stack([effect.change()[factor] for effect in effects])
        chosen = int(moved.abs().argmax())
        sign = 1.0 if float(moved[chosen]) > 0 else -1.0
        best[factor] = Slider(along(axes[chosen].step() * sign), -3.0, 3.0)
    return best


def boundaries(generator: Generator, latents: Tensor, values: Tensor, conditions: tuple[str, ...]) -> dict[int, Slider]:
    """Normals of planes between the highest and the lowest quarter (InterFaceGAN)."""
    task = Task(generator, Examples(latents, values, FACTOR_NAMES, space=natural_space(generator)))
    found = discover("labels", task, LabelsConfig(condition_on=conditions))
    return {factor: straight(item.direction) for factor, item in enumerate(found)}


def discover(method: str, task: Task, config: Any) -> Any:
    """What a method finds."""
    *_, last = METHODS[method].find(task, config)
    return last.found  # type: ignore[union-attr]


def straight(direction: Direction) -> Slider:
    """The slider of a direction."""
    return Slider(direction.move, direction.low, direction.high)


def judged(generator: Generator, reader: FactorRegressor, slider: Slider, latents: Tensor, places: int = 7) -> Effect:
    """What a slider does between its ends."""
    strengths, space = np.linspace(slider.low, slider.high, places).tolist(), natural_space(generator)
    return measure_effect(
        lambda places: read_generated(generator, reader, places, space), slider.move, latents, strengths
    )


def report(
    title: str, sliders: dict[int, Slider], generator: Generator, judge: FactorRegressor, shown: list[int], count: int
) -> None:
    """Print the table of one way."""
    print(f"\n{title}\n{'factor':<18}{'from':>6}{'to':>6}{'moved':>8}{'others':>8}{'drift':>8}  monotone")
    latents = latent_cloud(generator, natural_space(generator), count, seed=2)
    kept = []
    for factor in shown:
        if factor not in sliders:
            print(f"{FACTOR_NAMES[factor]:<18}     no slider")
            continue
        slider = sliders[factor]
        effect = judged(generator, judge, slider, latents)
        others, is_monotone = effect.entanglement(factor), effect.is_monotone(factor)
        kept.append((others, is_monotone))
        print(f"{FACTOR_NAMES[factor]:<18}{slider.low:6.1f}{slider.high:6.1f}{effect.change()[factor]:8.2f}{others:8.1%}"
              f"{effect.drift(factor):8.1%}  {'yes' if is_monotone else 'no'}", flush=True)  # fmt: skip
    good = sum(others <= 0.25 and is_monotone for others, is_monotone in kept)
    middle = statistics.median(others for others, _ in kept)
    print(f"within 25 % and monotone: {good} of {len(shown)}; median of others {middle:.1%}")


def report_picks(generator: Generator, latents: Tensor, values: Tensor, shown: list[int]) -> None:
    """Print how well directions of a few picks tell factors of other pictures."""
    begun = time.perf_counter()
    priors = {
        "told by the weights": learn_prior(generator, natural_space(generator)),
        "blind": learn_prior(generator, natural_space(generator), use_weights=False),
    }
    say(f"what is known beforehand took {time.perf_counter() - begun:.2f} s for both")
    half = len(latents) // 2
    print("\npicks, mean over factors and 20 grids of 96; 'held out' is what the picks themselves say of one another")
    print(f"{'picks':>5}  {'which':<10}{'prior':<21}{'AUC':>6}{'accuracy':>10}{'held out':>10}")
    for count in (6, 12, 24):
        for which in ("clearest", "any"):
            for name, prior in priors.items():
                rows = list(
                    trials(latents, values, shown, half, (count, which), lambda x, y, p=prior: fit_picks(x, y, p))
                )
                means = np.array(rows).mean(0)
                print(f"{count:>5}  {which:<10}{name:<21}{means[0]:6.2f}{means[1]:10.0%}{means[2]:10.0%}", flush=True)


def trials(
    latents: Tensor, values: Tensor, shown: list[int], half: int, what: tuple[int, str], fit: Callable[..., Any]
) -> Iterator[tuple[float, float, float]]:
    """AUC and accuracy on the second half of the latents, and the picks' own account, for picks of the first half."""
    count, which = what
    random = np.random.default_rng(0)
    for factor in shown:
        middle = values[:, factor].median()
        for _ in range(20):
            grid = torch.from_numpy(random.choice(half, 96, replace=False))
            order = grid[values[grid, factor].argsort()]
            if which == "any":
                high = values[grid, factor] > middle
                order = torch.cat([grid[~high][: count // 2], grid[high][: count // 2]])
            rows = torch.cat([order[: count // 2], order[-(count // 2) :]])
            found = fit(latents[rows], torch.arange(len(rows)) >= len(rows) // 2)
            scores = latents[half:].double() @ found.weights + found.offset
            held = measure_agreement(scores, values[half:, factor] > middle)
            yield held.area, held.accuracy, found.agreement.accuracy


def result_of(work: Any) -> Any:
    """Run a generator to its end and return what it returns."""
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            return stop.value
        if isinstance(event, DirectionsFound):
            return event


def say(text: str) -> None:
    """Say what is going on, apart from the results."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
