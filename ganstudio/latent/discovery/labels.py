"""Linear boundaries of scores or classes. Source: Shen et al. 2020 (InterFaceGAN), sections 3 and 4."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ganstudio.config_fields import check_fields, setting
from ganstudio.latent.discovery.base import (
    METHODS,
    DirectionsDiscovered,
    Discovered,
    DiscoveryError,
    DiscoveryEvent,
    DiscoveryProgress,
    Examples,
    Method,
    Task,
    examples_of,
    refusal,
)

if TYPE_CHECKING:
    from torch import Tensor

    from ganstudio.latent.agreement import Agreement
    from ganstudio.latent.boundaries import Boundary
    from ganstudio.latent.examples import Parted

_KEEP_ALL = "all"
_FEW = 20


@dataclass(frozen=True)
class LabelsConfig:
    """How boundaries are fitted.

    Attributes:
        condition_on: Names of scores that each direction shall leave alone; "all" means all the others.
    """

    classifier: str = setting("logistic", "Classifier", "What finds the plane", choices=("logistic", "svm"))
    share: float = setting(0.25, "Share of each end", "The highest and lowest scored pictures that are told apart; "
                           "classes are taken whole", low=0.001, high=0.5)  # fmt: skip
    ridge: float = setting(1e-2, "Restraint", "Keeps the plane steady where examples are few", low=1e-6, high=100.0)
    latents_of: str = setting(
        "auto",
        "Latents are of",
        "Of which space a file of latents is; auto: w, where there is one",
        choices=("auto", "z", "w"),
    )
    condition_on: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


def find(task: Task, config: LabelsConfig) -> Iterator[DiscoveryEvent]:
    """Find for each column of scores the normal of the plane that parts high from low."""
    from ganstudio.latent.clouds import latent_cloud

    examples = examples_of(task)
    conditions = _conditions(examples, config)
    cloud = latent_cloud(task.generator, examples.space, 2000)
    normals, agreements, notes = [], [], []
    for index, name in enumerate(examples.names):
        yield DiscoveryProgress(f"fitting {name}", 0.05 + 0.9 * index / len(examples.names))
        try:
            normal, agreement, between = _fit(examples.latents, examples.scores[:, index], config)
        except ValueError as error:
            raise refusal(name, error, "give more examples of both kinds") from error
        normals.append(normal)
        agreements.append(agreement)
        notes.append(between)
    yield DirectionsDiscovered(
        tuple(
            replace(found, notes=(*found.notes, *notes[index]))
            for index in range(len(examples.names))
            for found in [_describe(examples, index, normals, conditions, cloud, agreements[index])]
        )
    )


def _fit(latents: "Tensor", scores: "Tensor", config: LabelsConfig) -> "tuple[Tensor, Agreement, tuple[str, ...]]":
    """The normal on all chosen rows, how a plane of three quarters of them does on the last quarter, and a note."""
    from ganstudio.latent.agreement import measure_agreement
    from ganstudio.latent.boundaries import LOGISTIC, SQUARED_HINGE, fit_boundary
    from ganstudio.latent.examples import hold_out, part_by_scores

    loss = LOGISTIC if config.classifier == "logistic" else SQUARED_HINGE
    parted = part_by_scores(scores, config.share)
    fit, held = hold_out(parted)
    trial = fit_boundary(latents[fit.rows], fit.positive, loss, config.ridge)
    agreement = measure_agreement(trial.scores(latents[held.rows]), held.positive, "of those chosen, held out")
    boundary = fit_boundary(latents[parted.rows], parted.positive, loss, config.ridge)
    notes = (*_explained(trial, latents, scores, fit), *_between(boundary, latents, scores, parted))
    return boundary.normal(), agreement, notes


def _explained(trial: "Boundary", latents: "Tensor", scores: "Tensor", fit: "Parted") -> tuple[str, ...]:
    """How much of scores that are no classes a straight line through the plane's readings explains, fitted to none."""
    from ganstudio.latent.directions import determination

    rest = scores.isfinite()
    rest[fit.rows] = False
    if int(rest.sum()) < _FEW or len(set(scores[rest].tolist())) <= 2:
        return ()
    known = scores.isfinite()
    known[rest] = False
    read, told = trial.scores(latents).double(), scores.double()
    spread = (read[known] - read[known].mean()).square().sum().clamp_min(1e-30)
    slope = ((read[known] - read[known].mean()) * (told[known] - told[known].mean())).sum() / spread
    predicted = told[known].mean() + slope * (read[rest] - read[known].mean())
    return (f"R² {float(determination(predicted[:, None], told[rest][:, None])[0]):.2f} of the scores, held out",)


def _between(boundary: "Boundary", latents: "Tensor", scores: "Tensor", parted: "Parted") -> tuple[str, ...]:
    """How the plane does on pictures that are no clear case, which nothing was fitted to."""
    from ganstudio.latent.agreement import area_under_curve

    rest = scores.isfinite()
    rest[parted.rows] = False
    if int(rest.sum()) < _FEW:
        return ()
    area = area_under_curve(boundary.scores(latents[rest]), scores[rest] > scores[rest].median())
    return (f"AUC {area:.2f} on the {int(rest.sum())} in between",)


def _conditions(examples: Examples, config: LabelsConfig) -> tuple[str, ...]:
    if config.condition_on == (_KEEP_ALL,):
        return examples.names
    unknown = [name for name in config.condition_on if name not in examples.names]
    if unknown:
        raise DiscoveryError(unknown[0], "there are no scores of this name", f"known are {', '.join(examples.names)}")
    return config.condition_on


def _describe(
    examples: Examples,
    index: int,
    normals: "list[Tensor]",
    conditions: tuple[str, ...],
    cloud: "Tensor",
    agreement: "Agreement",
) -> Discovered:
    from ganstudio.latent.directions import condition, in_space, make_direction

    name = examples.names[index]
    kept = [other for other in conditions if other != name]
    vector = normals[index]
    notes: tuple[str, ...] = ()
    if kept:
        try:
            vector = condition(vector, [normals[examples.names.index(other)] for other in kept])
            notes = (f"leaves {', '.join(kept)} alone, as far as planes tell",)
        except ValueError as error:
            raise refusal(name, error) from error
    direction = in_space(make_direction(name, vector, cloud, 0.0), examples.space, None)
    title = examples.titles[index] if index < len(examples.titles) else name
    if not agreement.is_above_chance:
        notes = (*notes, "no better than chance on examples that were held out")
    return Discovered(replace(direction, quality=2 * agreement.area - 1), title, agreement, notes=notes)


METHODS.add(
    "labels",
    Method(
        "From labels",
        "What parts pictures of high scores from those of low ones (InterFaceGAN)",
        "scores",
        LabelsConfig,
        find,
    ),
)
