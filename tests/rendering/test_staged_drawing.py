"""Drawing in stages: whatever was kept, the picture is the one that a fresh start draws, to the bit."""

from dataclasses import replace

import pytest
import torch

from ganstudio.networks.alias_free.config import StyleGAN3Config
from ganstudio.networks.noise import CONSTANT, NONE, Noise
from ganstudio.networks.prepared.stylegan2 import PreparedSynthesis
from ganstudio.networks.staged import draw
from ganstudio.networks.stylegan1 import StyleGAN1Config, StyleGAN1Generator
from ganstudio.networks.stylegan2 import StyleGAN2Config, StyleGAN2Generator
from ganstudio.networks.stylegan3 import AliasFreeGenerator
from ganstudio.rendering.kept_states import KeptStates
from ganstudio.rendering.layer_costs import LayerCosts
from ganstudio.rendering.staged_drawing import StagedDrawing, is_out_of_memory

MAPPING = {"z_dim": 8, "w_dim": 8, "mapping_widths": (8, 8)}
STYLEGAN2 = StyleGAN2Config(resolution=32, widths=(8, 8, 8, 4), **MAPPING)


def build(family: str) -> torch.nn.Module:
    random = torch.Generator().manual_seed(0)
    if family == "stylegan1":
        generator = StyleGAN1Generator(StyleGAN1Config(resolution=16, widths=(8, 8, 4), **MAPPING), random)
    elif family == "stylegan3":
        config = StyleGAN3Config(resolution=32, z_dim=8, w_dim=8, channel_base=128, channel_max=8, num_layers=4)
        generator = AliasFreeGenerator(config, random)
    else:
        generator = StyleGAN2Generator(replace(STYLEGAN2, architecture=family), random)
    for layer in generator.modules():
        if hasattr(layer, "noise_strength"):
            torch.nn.init.ones_(layer.noise_strength)
    return generator.eval().requires_grad_(False)


def full(drawing: StagedDrawing, w_plus: torch.Tensor, noise: Noise = CONSTANT) -> torch.Tensor:
    *_, picture = drawing.draw(w_plus, noise)
    return picture


@pytest.mark.parametrize("family", ["skip", "resnet", "orig", "prepared", "stylegan1", "stylegan3"])
@torch.inference_mode()
def test_a_kept_picture_is_the_fresh_one_to_the_bit_whatever_the_edits(family):
    generator = build("skip" if family == "prepared" else family)
    stages = PreparedSynthesis(generator.synthesis) if family == "prepared" else generator.stages()
    random = torch.Generator().manual_seed(1)
    drawing = StagedDrawing(stages, generator.spec)
    num_ws = generator.spec.num_ws
    w_plus = torch.randn(1, num_ws, 8, generator=random)
    seen = [w_plus]
    for step in range(60):
        kind = int(torch.randint(5, (), generator=random))
        if kind == 0:  # another picture
            w_plus = torch.randn(1, num_ws, 8, generator=random)
        elif kind == 1:  # truncation
            w_plus = w_plus * 0.9
        elif kind == 2:  # undo
            w_plus = seen[int(torch.randint(len(seen), (), generator=random))]
        else:  # an edit of some layers
            first, last = sorted(torch.randint(num_ws + 1, (2,), generator=random).tolist())
            w_plus = w_plus.clone()
            w_plus[:, first:last] += torch.randn(8, generator=random)
        noise = NONE if step % 7 == 3 else CONSTANT
        if step % 3 == 1:  # a newer request comes while some layers are done
            steps = drawing.draw(w_plus, noise)
            for _ in range(1 + int(torch.randint(3, (), generator=random))):
                next(steps, None)
            steps.close()
            continue
        seen.append(w_plus)
        assert torch.equal(full(drawing, w_plus, noise), draw(stages, w_plus, noise))


@torch.inference_mode()
def test_only_the_layers_that_an_edit_touches_are_done_again():
    generator = build("skip")
    drawing = StagedDrawing(generator.stages(), generator.spec)
    w_plus = torch.randn(1, generator.spec.num_ws, 8)
    assert len(list(drawing.draw(w_plus))) == 7 + 1
    edited = w_plus.clone()
    edited[:, 4:] += 1
    assert len(list(drawing.draw(edited))) == 3 + 1
    edited[:, -1:] += 1
    assert len(list(drawing.draw(edited))) == 1 + 1
    drawing.release()
    assert len(list(drawing.draw(edited))) == 7 + 1


@torch.inference_mode()
def test_what_is_kept_stays_within_its_limit():
    generator = build("skip")
    stages = generator.stages()
    w_plus = torch.randn(1, generator.spec.num_ws, 8)
    kept = KeptStates(stages, limit=9000)
    state = stages.start(w_plus)
    for _ in range(stages.num_layers - 1):
        state = stages.advance(state, w_plus)
        kept.keep(state, w_plus, CONSTANT)
    assert 2000 < kept.size <= 9000
    found = kept.find(w_plus, CONSTANT)
    assert 0 < found.layer < stages.num_layers - 1
    assert kept.find(w_plus, NONE).layer == 0
    kept.clear()
    assert kept.size == 0
    assert kept.find(w_plus, CONSTANT).layer == 0


@torch.inference_mode()
def test_coarse_pictures_come_first_once_their_colours_are_known():
    generator = build("skip")
    drawing = StagedDrawing(generator.stages(), generator.spec, frame_ms=1e-6)  # no machine is that quick
    w_plus = torch.randn(2, generator.spec.num_ws, 8)
    for _ in range(2):  # the first measures, the second learns
        pictures = [picture for picture in drawing.draw(w_plus[:1]) if picture is not None]
        assert [picture.shape[-1] for picture in pictures] == [32]
        drawing.release()
    assert drawing.learned == 1
    pictures = [picture for picture in drawing.draw(w_plus[1:]) if picture is not None]
    sides = [picture.shape[-1] for picture in pictures]
    assert sides[-1] == 32
    assert sides[0] < 32
    assert sides == sorted(sides)
    assert torch.equal(pictures[-1], draw(generator.stages(), w_plus[1:]))


@torch.inference_mode()
def test_a_quick_network_shows_no_coarse_pictures():
    generator = build("skip")
    drawing = StagedDrawing(generator.stages(), generator.spec, frame_ms=1e6)
    for _ in range(3):
        drawing.release()
        pictures = [step for step in drawing.draw(torch.randn(1, generator.spec.num_ws, 8)) if step is not None]
        assert len(pictures) == 1
    assert drawing.learned == 0


def test_the_finest_level_that_holds_the_frame_budget_is_shown_then_finer_ones():
    costs = LayerCosts(6, frame_ms=33)
    assert costs.choose_previews(0, [1, 2, 3, 4, 5]) == []  # nothing is known yet
    for layer, cost in enumerate([5, 10, 15, 100, 400, 800]):
        costs.note(layer, cost)
    assert costs.is_slow
    assert costs.choose_previews(0, [1, 2, 3, 4, 5]) == [3, 5]  # 55 of 1330 / 24 ms; 530 of 1330 ms
    assert costs.choose_previews(4, [1, 2, 3, 4, 5]) == [5]
    assert costs.choose_previews(5, [1, 2, 3, 4, 5]) == []


def test_where_no_level_holds_the_budget_the_coarsest_is_shown():
    costs = LayerCosts(3, frame_ms=33)
    for layer, cost in enumerate([300, 300, 300]):
        costs.note(layer, cost)
    assert costs.choose_previews(0, [1, 2]) == [1]


def test_a_busy_moment_does_not_decide_alone():
    costs = LayerCosts(1)
    for cost in (10, 10, 1000):
        costs.note(0, cost)
    assert costs.between(0, 1) == pytest.approx(307)


def test_memory_that_does_not_last_is_told_from_other_errors():
    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    assert not is_out_of_memory(RuntimeError("shapes do not fit"))
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 55, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)


@torch.inference_mode()
def test_other_noise_in_the_last_layer_leaves_the_first_ones_as_they_are():
    generator = build("skip")
    stages = generator.stages()
    drawing = StagedDrawing(stages, generator.spec)
    w_plus = torch.randn(1, generator.spec.num_ws, 8)
    assert len(list(drawing.draw(w_plus, Noise(seed=3)))) == 7 + 1
    last = Noise(seed=3, layers=((6, 2.0),))
    assert len(list(drawing.draw(w_plus, last))) == 1 + 1
    assert torch.equal(full(drawing, w_plus, last), draw(stages, w_plus, last))
    middle = Noise(seed=3, layers=((3, 0.0),))
    assert len(list(drawing.draw(w_plus, middle))) == 4 + 1
    assert torch.equal(full(drawing, w_plus, middle), draw(stages, w_plus, middle))
    assert len(list(drawing.draw(w_plus, Noise(seed=4)))) == 7 + 1
