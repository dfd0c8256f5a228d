"""The ways of finding directions, on networks whose latents are known to mean something."""

from dataclasses import fields

import pytest
import torch
from torch import Tensor

from ganstudio.latent.discovery.base import DirectionsDiscovered, DiscoveryError, DiscoveryProgress, Examples, Task
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.latent.discovery.closed_form import ClosedFormConfig
from ganstudio.latent.discovery.labels import LabelsConfig
from ganstudio.latent.discovery.main_axes import MainAxesConfig
from ganstudio.latent.discovery.picks import PicksConfig, learn_prior
from ganstudio.latent.spaces import draw_z
from ganstudio.networks.base import Generator
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.spec import GeneratorSpec


class Planted(Generator):
    """A first layer that answers to z[2] most, to z[5] less, to the rest hardly."""

    def __init__(self) -> None:
        super().__init__()
        self.spec = GeneratorSpec(8, 4, 1)
        self.first = torch.nn.Linear(8, 8)
        with torch.no_grad():
            self.first.weight.copy_(torch.diag(torch.tensor([0.1, 0.1, 3.0, 0.1, 0.1, 1.5, 0.1, 0.1])))

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        answer: Tensor = self.first(z)
        return answer

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.first_features(z).repeat(1, 2).view(-1, 1, 4, 4)


@pytest.fixture
def planted() -> Generator:
    return Planted().eval().requires_grad_(requires_grad=False)


@pytest.fixture
def mapped() -> Generator:
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=16, z_dim=12, w_dim=12, mapping_widths=(12, 12), widths=(8, 8, 4))
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0))
    return generator.eval().requires_grad_(requires_grad=False)


def find(name: str, task: Task, config: object) -> DirectionsDiscovered:
    *progress, last = list(METHODS[name].find(task, config))
    assert all(isinstance(event, DiscoveryProgress) and 0 <= event.fraction <= 1 for event in progress)
    assert [event.fraction for event in progress] == sorted(event.fraction for event in progress)
    assert isinstance(last, DirectionsDiscovered)
    return last


def scored(space: str = "z", count: int = 800) -> Examples:
    """Scores that z[2] and z[5] make, the second with a share of the first."""
    latents = draw_z(count, 8, "normal", torch.Generator().manual_seed(1))
    scores = torch.stack([latents[:, 2], latents[:, 5] + 0.8 * latents[:, 2]], dim=1)
    return Examples(latents, scores, ("smile", "age"), ("Smile", "Age"), space)


def test_every_method_says_what_it_is_and_has_settings_with_defaults():
    assert {"pca", "closed-form", "labels", "picks"} <= set(METHODS)
    for method in METHODS.values():
        assert method.title
        assert method.help
        assert method.needs in {"model", "scores", "picks", "region"}
        assert fields(method.config_type())


def test_main_axes_of_w_are_those_of_its_samples(mapped):
    found = find("pca", Task(mapped), MainAxesConfig(count=4, samples=3000, first_layer=1, last_layer=2)).found
    z = draw_z(3000, 12, "normal", torch.Generator().manual_seed(0))
    w = mapped.map(z)[:, 0].double()
    _, values, rows = torch.linalg.svd(w - w.mean(0), full_matrices=False)
    for index, item in enumerate(found):
        assert abs(float(item.direction.vector.double() @ rows[index])) > 0.98
        assert item.direction.deviation == pytest.approx(float(values[index]) / 3000**0.5, rel=1e-2)
        assert item.direction.space == "w"
        assert item.direction.layers == (1, 3)
    assert sum(item.share or 0 for item in found) <= 1


def test_main_axes_of_features_are_carried_back_to_z(planted):
    first, second = find("pca", Task(planted), MainAxesConfig(count=2, samples=1000)).found
    assert int(first.direction.vector.abs().argmax()) == 2
    assert int(second.direction.vector.abs().argmax()) == 5
    assert first.direction.space == "z"


def test_the_closed_form_needs_no_picture(planted, mapped):
    first, second = find("closed-form", Task(planted), ClosedFormConfig(count=2, normalise=False)).found
    assert int(first.direction.vector.abs().argmax()) == 2
    assert int(second.direction.vector.abs().argmax()) == 5
    assert first.direction.deviation == pytest.approx(1, abs=0.1)
    whole = find("closed-form", Task(mapped), ClosedFormConfig(count=3)).found
    part = find("closed-form", Task(mapped), ClosedFormConfig(count=3, first_layer=0, last_layer=0)).found
    assert part[0].direction.layers == (0, 1)
    assert whole[0].direction.layers is None
    weight = mapped.modulations()[0].weight.double()
    weight = weight / weight.norm(dim=1, keepdim=True)
    _, _, rows = torch.linalg.svd(weight)
    assert abs(float(part[0].direction.vector.double() @ rows[0])) > 0.999


@pytest.mark.parametrize("classifier", ["logistic", "svm"])
def test_labels_give_the_boundary_and_say_how_well_it_holds(planted, classifier):
    smile, age = find("labels", Task(planted, scored()), LabelsConfig(classifier)).found
    assert float(smile.direction.vector[2]) > 0.97
    assert 0.4 < float(age.direction.vector[2]) < 0.8
    assert smile.title == "Smile"
    assert smile.agreement is not None
    assert smile.agreement.total == 100
    assert smile.agreement.accuracy > 0.9
    assert smile.agreement.is_above_chance
    assert "on the 400 in between" in smile.notes[-1]


def test_a_conditional_boundary_leaves_the_other_alone(planted):
    smile, age = find("labels", Task(planted, scored()), LabelsConfig(condition_on=("smile",))).found
    assert abs(float(age.direction.vector @ smile.direction.vector)) < 1e-6
    assert float(age.direction.vector[5]) > 0.95
    assert "smile" in age.notes[0]
    every = find("labels", Task(planted, scored()), LabelsConfig(condition_on=("all",))).found
    assert abs(float(every[0].direction.vector @ age.direction.vector)) < 0.8


def test_scores_of_nothing_are_told_from_scores(planted):
    noise = torch.randn(400, 1, generator=torch.Generator().manual_seed(5))
    latents = draw_z(400, 8, "normal", torch.Generator().manual_seed(6))
    (found,) = find("labels", Task(planted, Examples(latents, noise, ("noise",))), LabelsConfig()).found
    assert found.agreement is not None
    assert not found.agreement.is_above_chance
    assert any("chance" in note for note in found.notes)


def test_a_dozen_picks_give_a_direction(planted):
    latents = draw_z(96, 8, "normal", torch.Generator().manual_seed(2))
    order = latents[:, 2].argsort()
    signs = torch.zeros(96, 1)
    signs[order[:6]], signs[order[-6:]] = -1, 1
    prior = learn_prior(planted, "z")
    (found,) = find("picks", Task(planted, Examples(latents, signs, ("mine",)), prior), PicksConfig()).found
    assert float(found.direction.vector[2]) > 0.85
    assert found.agreement is not None
    assert found.agreement.total == 12
    (fresh,) = find("picks", Task(planted, Examples(latents, signs, ("mine",))), PicksConfig()).found
    assert torch.allclose(fresh.direction.vector, found.direction.vector)


def test_picks_work_in_w(mapped):
    z = draw_z(60, 12, "normal", torch.Generator().manual_seed(2))
    w = mapped.map(z)[:, 0]
    signs = torch.where(w[:, 3] > w[:, 3].median(), 1.0, -1.0)[:, None]
    (found,) = find("picks", Task(mapped, Examples(w, signs, ("mine",), space="w")), PicksConfig()).found
    assert found.direction.space == "w"
    assert float(found.direction.vector[3]) > 0
    assert found.direction.deviation > 0


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("labels", {"latents": torch.zeros(0, 8), "scores": torch.zeros(0, 2)}, "there are none"),
        ("labels", {"scores": torch.full((800, 2), torch.nan)}, "no score"),
        ("labels", {"scores": torch.ones(800, 2)}, "are the same"),
        ("labels", {"names": ("one",)}, "1 names for 2"),
        ("labels", {"space": "w"}, "not this model's"),
        ("labels", {"latents": torch.full((800, 8), torch.nan)}, "not finite"),
        ("picks", {"scores": torch.ones(800, 2)}, "0 - picks"),
        ("picks", {"scores": torch.zeros(800, 2)}, r"0 \+ picks"),
    ],
)
def test_examples_that_say_nothing_are_refused_with_a_remedy(planted, name, change, message):
    good = scored()
    values = {item.name: getattr(good, item.name) for item in fields(good)} | change
    with pytest.raises(DiscoveryError, match=message) as caught:
        find(name, Task(planted, Examples(**values)), METHODS[name].config_type())
    assert caught.value.remedy


def test_settings_out_of_range_are_refused(planted, mapped):
    with pytest.raises(DiscoveryError, match="out of range"):
        MainAxesConfig(count=0)
    with pytest.raises(DiscoveryError, match="not possible"):
        LabelsConfig("forest")
    with pytest.raises(DiscoveryError, match="no scores of this name"):
        find("labels", Task(planted, scored()), LabelsConfig(condition_on=("hair",)))
    with pytest.raises(DiscoveryError, match="no range"):
        find("closed-form", Task(mapped), ClosedFormConfig(first_layer=40))


def test_a_network_of_zeros_is_refused_with_a_remedy(planted, mapped):
    planted.first.weight.zero_()
    with pytest.raises(DiscoveryError, match="no linear layer") as caught:
        find("closed-form", Task(planted), ClosedFormConfig())
    assert caught.value.remedy
    with pytest.raises(DiscoveryError, match="do not vary"):
        find("pca", Task(planted), MainAxesConfig(samples=100))
    for parameter in mapped.parameters():
        parameter.zero_()
    for name, config in (("closed-form", ClosedFormConfig()), ("pca", MainAxesConfig(samples=100))):
        with pytest.raises(DiscoveryError) as caught:
            find(name, Task(mapped), config)
        assert caught.value.remedy
