"""Mixed models: every weight where it should come from, in every family; refusals; what goes along."""

import numpy as np
import pytest
import torch

from ganstudio.__main__ import main
from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.fingerprints import fingerprint_of
from ganstudio.checkpoints.mixing.mixer import ModelMixer, interpolate, measure_mean_w, size_of
from ganstudio.checkpoints.mixing.mixing import ModelsMixed, mix_models
from ganstudio.checkpoints.mixing.shares import MixError, MixShares
from ganstudio.cli.running import REFUSED, USAGE
from tests.checkpoints.mixing.conftest import save
from tests.networks.every_family import CONDITIONAL, UNCONDITIONAL, build, latents

CPU = torch.device("cpu")
FAMILIES = [*CONDITIONAL, *UNCONDITIONAL]


def mix(pair, target, make_shares):
    done = list(mix_models(*pair, target, make_shares))[-1]
    assert isinstance(done, ModelsMixed)
    return read(done.path)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_tensor_is_named_by_its_resolution_and_the_ends_are_the_models(pair, tmp_path, name):
    first, second = (read(path) for path in pair(name))
    mixer = ModelMixer(first, second)
    generator = build(name)
    assert mixer.sizes[-1] == generator.spec.resolution
    assert list(mixer.sizes) == sorted(set(mixer.sizes))
    for share, source in ((0.0, first), (1.0, second)):
        mixed = mixer.mix(MixShares.everywhere(mixer.sizes, share))
        assert all(np.array_equal(mixed.weights[key], array) for key, array in source.weights.items())
        drawn = build_generator(mixed, CPU)
        z = latents(generator, 1)
        with torch.no_grad():
            assert torch.equal(drawn(z), build_generator(source, CPU)(z))


@pytest.mark.parametrize("name", FAMILIES)
def test_half_is_the_mean_of_the_weights(pair, tmp_path, name):
    paths = pair(name)
    mixed = mix(paths, tmp_path / "half.safetensors", lambda sizes: MixShares.everywhere(sizes, 0.5))
    first, second = (read(path) for path in paths)
    for key, array in mixed.weights.items():
        if array.dtype.kind == "f" and key != "average":
            expected = (first.weights[key].astype(np.float64) + second.weights[key]) / 2
            assert np.allclose(array, expected, atol=1e-6)
    assert build_generator(mixed, CPU)(latents(build(name), 1)).isfinite().all()


@pytest.mark.parametrize("name", ["stylegan2", "stylegan3", "biggan", "dcgan", "fastgan", "lucidrains_stylegan2"])
def test_swapped_layers_begin_with_one_model_and_end_with_the_other(pair, tmp_path, name):
    paths = pair(name)
    first, second = (read(path) for path in paths)
    sizes = ModelMixer(first, second).sizes
    at = sizes[len(sizes) // 2]
    mixed = mix(paths, tmp_path / "swapped.safetensors", lambda known: MixShares.swapped(known, at))
    prefixes = build(name).map_sizes()
    kinds = set()
    for key, array in mixed.weights.items():
        is_second = size_of(key, prefixes) >= at
        assert np.array_equal(array, (second if is_second else first).weights[key]), key
        kinds.add(is_second)
    assert kinds == {True, False}


def test_low_layers_of_one_and_high_layers_of_the_other_draw_as_a_network_put_together_by_hand(pair, tmp_path):
    paths = pair("stylegan2")
    one, other = (build_generator(read(path), CPU) for path in paths)
    mixed = build_generator(mix(paths, tmp_path / "m.safetensors", lambda sizes: MixShares.swapped(sizes, 16)), CPU)
    for index in (3, 4):  # those of 16 px
        one.synthesis.layers[index] = other.synthesis.layers[index]
    one.synthesis.colours[2] = other.synthesis.colours[2]
    z = latents(one)
    assert torch.equal(mixed(z), one(z))


def test_the_mean_w_between_two_mappings_is_measured(pair, tmp_path):
    mixed = build_generator(
        mix(
            pair("stylegan2"), tmp_path / "m.safetensors", lambda sizes: MixShares(0.5, tuple((s, 0.5) for s in sizes))
        ),
        CPU,
    )
    assert torch.allclose(mixed.mean_w, measure_mean_w(mixed), atol=1e-6)
    classes = build_generator(read(save(tmp_path / "xl.safetensors", "stylegan_xl centroids")), CPU)
    z = torch.randn(4000, 6, generator=torch.Generator().manual_seed(0))[:1333]
    expected = classes.map(z, torch.full((1333,), 2))[:, 0].mean(0)
    assert torch.allclose(measure_mean_w(classes)[2], expected, atol=1e-5)


def test_counters_are_those_of_the_nearer_model():
    first, second = np.array(3), np.array(10)
    assert interpolate(first, second, 0.4) == 3
    assert interpolate(first, second, 0.6) == 10


Z, W, S = (DirectionInfo(space, space, -3, 3, 0.9, space=space, entanglement=0.1) for space in ("z", "w", "style"))


@pytest.mark.parametrize(
    ("shares", "step", "names"),
    [
        (lambda sizes: MixShares.everywhere(sizes, 0.3), 0.1, ["z", "w", "style"]),
        (lambda sizes: MixShares.everywhere(sizes, 0.7), 0.2, ["z", "w", "style"]),
        (lambda sizes: MixShares.swapped(sizes, 16), 0.1, ["z", "w"]),
    ],
    ids=["first", "second", "swapped"],
)
def test_directions_are_those_of_the_model_that_the_latents_are_of(tmp_path, shares, step, names):
    paths = [save(tmp_path / f"{seed}.safetensors", "stylegan2", seed, (Z, W, S)) for seed in (0, 1)]
    mixed = mix(paths, tmp_path / "m.safetensors", shares)
    assert [info.name for info in mixed.description.directions] == names
    assert all(info.quality is None and info.entanglement is None for info in mixed.description.directions)
    for name in names:
        assert np.allclose(mixed.directions[name], step)


def test_facts_tell_where_it_comes_from(pair, tmp_path):
    paths = pair("stylegan2")
    facts = mix(paths, tmp_path / "m.safetensors", lambda sizes: MixShares.swapped(sizes, 16, 1)).description.facts
    assert facts["mixed_first"] == f"first.safetensors (SHA-256 {fingerprint_of(paths[0]).sha256})"
    assert facts["mixed_second"].startswith("second.safetensors (SHA-256 ")
    assert facts["mixed_shares_of_second"] == "latent 0, 4 px 0, 8 px 0.5, 16 px 1"


@pytest.mark.parametrize(
    ("other", "values", "words"),
    [
        ("stylegan3", {}, "they differ in family: stylegan2 in a.safetensors, stylegan3 in b.safetensors"),
        ("stylegan2", {"resolution": 8, "widths": (5, 4)}, "they differ in resolution: 16 in a.safetensors, 8 in"),
        ("stylegan2", {"widths": (5, 4, 4)}, "they differ in widths: (5, 4, 3)"),
        ("stylegan2", {"clamp": 2.0}, "they differ in clamp: 0.0"),
    ],
)
def test_models_of_different_networks_are_refused_and_told_apart(tmp_path, other, values, words):
    first = save(tmp_path / "a.safetensors", "stylegan2")
    second = save(tmp_path / "b.safetensors", other, **values)
    with pytest.raises(MixError) as caught:
        list(mix_models(first, second, tmp_path / "m.safetensors", lambda sizes: MixShares.everywhere(sizes, 0.5)))
    assert words in caught.value.message
    assert not (tmp_path / "m.safetensors").exists()


def test_a_source_is_never_written_over(pair, tmp_path):
    first, second = pair("mlp")
    for target in (first, second, tmp_path):
        with pytest.raises(MixError):
            list(mix_models(first, second, target, lambda sizes: MixShares.everywhere(sizes, 0.5)))


def test_shares_say_what_they_are():
    sizes = (4, 8, 16, 32)
    assert MixShares.swapped(sizes, 16).sizes == ((4, 0.0), (8, 0.0), (16, 1.0), (32, 1.0))
    assert MixShares.swapped(sizes, 32, 2).sizes == (
        (4, 0.0),
        (8, pytest.approx(1 / 3)),
        (16, pytest.approx(2 / 3)),
        (32, 1.0),
    )
    assert MixShares.swapped(sizes, 4, 3).sizes == tuple((size, 1.0) for size in sizes)
    changed = MixShares.everywhere(sizes, 0.5).changed({"latent": 1.0, "8": 0.0})
    assert (changed.of(0), changed.of(8), changed.of(16), changed.of(7)) == (1.0, 0.0, 0.5, 0.0)
    assert changed.words == "latent 1, 4 px 0.5, 8 px 0, 16–32 px 0.5"
    with pytest.raises(MixError, match="no such part"):
        changed.changed({"64": 1.0})
    with pytest.raises(MixError, match="out of range"):
        MixShares(1.5)
    with pytest.raises(MixError, match="out of range"):
        MixShares(0, ((4, float("nan")),))


def test_the_command_line_mixes(pair, tmp_path, capsys):
    first, second = map(str, pair("stylegan2"))
    out = str(tmp_path / "out.safetensors")
    assert (
        main(["mix", first, second, "--output", out, "--swap-from", "16", "--over", "1", "--set", "latent=0.25"]) == 0
    )
    assert "latent 0.25, 4 px 0, 8 px 0.5, 16 px 1" in capsys.readouterr().out
    assert main(["mix", first, second, "--output", out]) == 0
    assert "latent 0.5, 4–16 px 0.5" in capsys.readouterr().out
    assert main(["mix", first, second, "--output", out, "--over", "1"]) == USAGE
    assert main(["mix", first, second, "--output", out, "--set", "latent=x"]) == USAGE
    assert main(["mix", first, str(tmp_path / "none"), "--output", out]) == REFUSED
    capsys.readouterr()
    assert main(["mix", first, second, "--output", out, "--set", "64=1"]) == 1
    assert "it has latent, 4, 8, 16" in capsys.readouterr().err
