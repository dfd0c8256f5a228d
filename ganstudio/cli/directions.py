"""`ganstudio directions`: find latent directions and write them into a copy of the checkpoint, or into a file."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.checkpoints.latents.exporting import SUFFIXES
from ganstudio.cli.base import VERBS, UsageError, Verb, add_assume, add_device, parse_assumptions
from ganstudio.cli.sample import parse_seeds
from ganstudio.config_fields import read_settings
from ganstudio.latent.discovery.catalogue import METHODS

if TYPE_CHECKING:
    from ganstudio.checkpoints.base import Checkpoint
    from ganstudio.latent.discovery.base import Examples
    from ganstudio.networks.base import Generator
    from ganstudio.rendering.renderer import Renderer
    from ganstudio.training.direction_finding.direction_search import FoundDirection, SearchEvent

_DESCRIPTION = """\
Find directions in the latent space of a checkpoint and write a copy of it that carries them as sliders.

--pca takes the main axes of the generator's first features. --factors learns to read the known factors (smile, glasses
...) off the built-in avatars, reads them off generated pictures, and finds the direction of each; for generators that
were trained on the avatars. --import takes those that other programs found (InterFaceGAN boundaries, GANSpace, e4e,
SeFa ...) and adds them to the ones that are there. --method finds them by one of these ways, with settings of --set:
  pca          main axes of w, where the network has one, else of its first features
  closed-form  what its first weights answer to most (SeFa)
  labels       what parts high scores from low ones (InterFaceGAN), given --scores
  layer        main axes of what one layer makes, given --set layer=NAME
  channels     single style channels of a StyleGAN, given --set by=picks, --plus and --minus
  picks        what the pictures of some seeds have and those of others have not, given --plus and --minus

OUT is a copy of the checkpoint; or, named .npy or .npz, the directions alone, as InterFaceGAN and GANSpace read them.

examples:
  ganstudio directions model.safetensors --pca 8 --output with-axes.safetensors
  ganstudio directions avatars.safetensors --factors --pca 6 --output named.safetensors
  ganstudio directions faces.pkl --import age.pt --import stylegan_ffhq_smile_w_boundary.npy --output faces.safetensors
  ganstudio directions faces.pkl --method closed-form --set count=20,last_layer=5 --output with-factors.safetensors
  ganstudio directions faces.pkl --method labels --scores smiles.csv --output faces_smile_w_boundary.npy
  ganstudio directions faces.pkl --method picks --plus 3,8,21 --minus 0,5,9,30 --output mine.safetensors
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("checkpoint", metavar="CHECKPOINT", type=Path, help="the file to look at")
    parser.add_argument("--output", metavar="OUT", type=Path, required=True, help="the copy, or direction file")
    parser.add_argument("--method", choices=METHODS.names(), help="how to find them")
    parser.add_argument("--set", dest="settings", metavar="NAME=VALUE,...", type=parse_assumptions, default={},
                        help="settings of the method, such as count=20")  # fmt: skip
    parser.add_argument("--scores", metavar="FILE", type=Path, help="a table with a column seed, picture or index, and "
                        "a column for each attribute; or an array .npy")  # fmt: skip
    parser.add_argument("--latents", metavar="NPY", type=Path, help="what the scores are of, where they have no seeds")
    parser.add_argument("--condition-on", metavar="NAME,...", default="", help="scores to leave alone, or all")
    parser.add_argument("--plus", metavar="SEEDS", type=parse_seeds, default=[], help="pictures that have it")
    parser.add_argument("--minus", metavar="SEEDS", type=parse_seeds, default=[], help="pictures that have it not")
    parser.add_argument("--pca", metavar="N", type=int, default=0, help="how many main axes to find")
    parser.add_argument("--factors", action="store_true", help="find the avatars' known factors")
    parser.add_argument("--import", dest="files", metavar="FILE", type=Path, action="append", default=[],
                        help="directions of another program; may be given several times")  # fmt: skip
    parser.add_argument("--limit", metavar="N", type=int, default=50, help="most directions of a file (default: 50)")
    parser.add_argument("--pictures", type=int, default=20_000, help="avatars to learn from (default: 20000)")
    parser.add_argument("--steps", type=int, default=3000, help="how long to learn reading factors (default: 3000)")
    parser.add_argument("--samples", type=int, default=10_000, help="generated pictures to read (default: 10000)")
    add_assume(parser)
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Search and write."""
    if not options.factors and options.pca <= 0 and not options.files and not options.method:
        raise UsageError("directions", "nothing to find", "give --method NAME, --pca N, --factors, or --import FILE")
    if options.pictures < 100 or options.steps < 10 or options.samples < 100:
        raise UsageError("directions", "--pictures, --steps or --samples is too small", "give at least 100, 10 and 100")
    config = _method_config(options)
    from ganstudio.checkpoints.catalogue import read
    from ganstudio.rendering.renderer import Renderer

    checkpoint = read(options.checkpoint, options.assume)
    renderer = Renderer(checkpoint, options.device)
    generator = renderer.generator
    found: list[FoundDirection] = []
    for search in _searches(generator, options):
        found.extend(_follow(search))
    if config is not None:
        found.extend(_discover(renderer, config, options))
    _write(checkpoint, _with_imported(checkpoint, generator, found, options), options.output)
    return 0


def _write(checkpoint: "Checkpoint", found: "list[FoundDirection]", output: Path) -> None:
    from ganstudio.checkpoints.building import replace_directions
    from ganstudio.checkpoints.latents.exporting import export_directions

    if output.suffix in SUFFIXES:
        export_directions(output, found)
    else:
        replace_directions(output, checkpoint, found)
    for info, _ in found:
        print(f"{info.title:<20} {info.origin:<7} R2 {info.quality if info.quality is not None else '-'}")


def _method_config(options: argparse.Namespace) -> object:
    """The settings of the method, checked before anything slow is done; None without a method."""
    if not options.method:
        return None
    method = METHODS[options.method]
    if method.needs == "scores" and options.scores is None:
        raise UsageError("--method", f"{options.method} needs scores", "give --scores CSV")
    if method.needs in {"picks", "region"} and not (options.plus and options.minus):
        raise UsageError("--method", f"{options.method} needs pictures of both kinds", "give --plus and --minus SEEDS")
    if method.needs == "region" and options.settings.get("by") != "picks":
        raise UsageError("--method", "a region is painted in the window", "give --set by=picks, --plus and --minus")
    values = read_settings(method.config_type, options.settings, UsageError)
    if options.condition_on:
        values["condition_on"] = tuple(name.strip() for name in options.condition_on.split(","))
    try:
        return method.config_type(**values)
    except TypeError as error:
        raise UsageError("--condition-on", f"{options.method} leaves nothing alone", "use it with labels") from error


def _discover(renderer: "Renderer", config: Any, options: argparse.Namespace) -> "list[FoundDirection]":
    from ganstudio.latent.discovery.base import DirectionsDiscovered, DiscoveryProgress, Task
    from ganstudio.rendering.discovered_directions import carry_discovered

    found: list[FoundDirection] = []
    shown, examples = -1, _examples(renderer, config, options)
    for event in METHODS[options.method].find(Task(renderer.generator, examples), config):
        if isinstance(event, DiscoveryProgress) and int(event.fraction * 10) != shown:
            shown = int(event.fraction * 10)
            print(f"{event.doing}: {event.fraction:.0%}", file=sys.stderr, flush=True)
        elif isinstance(event, DirectionsDiscovered):
            for item in event.found:
                facts = [str(part) for part in (item.agreement, *item.notes) if part]
                if facts:
                    print(f"{item.title}: {'; '.join(facts)}", file=sys.stderr)
            found.extend(carry_discovered(event.found, options.method))
    return found


def _examples(renderer: "Renderer", config: Any, options: argparse.Namespace) -> "Examples | None":
    from ganstudio.rendering.discovered_directions import examples_of_seeds

    generator, needs = renderer.generator, METHODS[options.method].needs
    if needs == "scores":
        from ganstudio.project.scored_pictures import examples_of, read_scored

        return examples_of(read_scored(options.scores, options.latents), renderer, space=config.latents_of)
    if needs in {"picks", "region"}:
        signs = [(1.0,)] * len(options.plus) + [(-1.0,)] * len(options.minus)
        return examples_of_seeds(generator, [*options.plus, *options.minus], signs, ("picked",))
    return None


def _with_imported(
    checkpoint: "Checkpoint", generator: "Generator", found: "list[FoundDirection]", options: argparse.Namespace
) -> "list[FoundDirection]":
    """What was found, and what other programs found; the latter leave those of the checkpoint in place."""
    if not options.files:
        return found
    from ganstudio.checkpoints.latents.catalogue import read_latents
    from ganstudio.rendering.carried_directions import carry_directions, merge

    old = [(info, checkpoint.directions[info.name]) for info in checkpoint.description.directions]
    merged = merge([] if found else old, found)
    for path in options.files:
        latents = read_latents(path, options.assume)
        merged = merge(merged, carry_directions(latents, generator, max(1, options.limit)))
    return list(merged)


def _searches(generator: "Generator", options: argparse.Namespace) -> "Iterator[Iterator[SearchEvent]]":
    from ganstudio.datasets.avatars.factors import FACTORS
    from ganstudio.datasets.builtin import AvatarSource
    from ganstudio.datasets.fitting import PreparationConfig
    from ganstudio.datasets.preparation import DatasetPrepared, prepare
    from ganstudio.training.direction_finding.direction_search import search_factors, search_main_axes

    if options.factors:
        config = PreparationConfig(generator.spec.resolution, generator.spec.channels)
        prepared = [
            event for event in prepare(AvatarSource(options.pictures), config) if isinstance(event, DatasetPrepared)
        ]
        titles = {factor.name: factor.title for factor in FACTORS}
        yield search_factors(generator, prepared[-1].dataset, titles, options.steps, options.samples)
    if options.pca > 0:
        yield search_main_axes(generator, options.pca)


def _follow(search: "Iterator[SearchEvent]") -> "list[FoundDirection]":
    from ganstudio.training.direction_finding.direction_search import DirectionsFound, FactorsRead, SearchProgress

    shown = -1
    found: list[FoundDirection] = []
    for event in search:
        if isinstance(event, SearchProgress) and int(event.fraction * 10) != shown:
            shown = int(event.fraction * 10)
            print(f"{event.doing}: {event.fraction:.0%}", file=sys.stderr, flush=True)
        elif isinstance(event, FactorsRead):
            line = "  ".join(f"{name} {value:.2f}" for name, value in event.quality.items())
            print(f"read off held-out avatars with R2: {line}", file=sys.stderr)
        elif isinstance(event, DirectionsFound):
            found.extend(event.directions)
    return found


VERBS.add("directions", Verb("find latent directions and keep them in a checkpoint", _DESCRIPTION, add_arguments, run))
