"""Suggested names."""

import torch

from ganstudio.latent.naming import suggest_by_others, suggest_name

LATENTS = torch.randn(500, 6, generator=torch.Generator().manual_seed(0))


def test_what_goes_along_gives_the_name_and_its_sign() -> None:
    values = torch.stack([LATENTS[:, 1], -LATENTS[:, 0] + 0.3 * LATENTS[:, 4]], dim=1)
    found = suggest_name(torch.eye(6)[0], LATENTS, values, ("Smile", "Age"))
    assert found is not None
    assert found.title == "Less age"
    expected = torch.corrcoef(torch.stack([LATENTS[:, 0], values[:, 1]]))[0, 1]
    assert abs(found.correlation - float(expected)) < 1e-6


def test_what_nothing_goes_along_with_has_no_name() -> None:
    assert suggest_name(torch.eye(6)[2], LATENTS, LATENTS[:, :1], ("Smile",)) is None
    unknown = torch.full((500, 1), torch.nan)
    assert suggest_name(torch.eye(6)[0], LATENTS, unknown, ("Smile",)) is None
    assert suggest_name(torch.eye(6)[0], LATENTS, torch.ones(500, 1), ("Smile",)) is None
    assert suggest_by_others(torch.eye(6)[0], LATENTS, {}) is None


def test_only_what_is_known_counts() -> None:
    values = LATENTS[:, :1].clone()
    values[50:] = torch.nan
    found = suggest_name(torch.eye(6)[0], LATENTS, values, ("Smile",))
    assert found is not None
    assert found.correlation > 0.999


def test_a_named_direction_that_leads_the_same_way_gives_the_name() -> None:
    found = suggest_by_others(torch.eye(6)[3], LATENTS, {"Smile": torch.eye(6)[0], "Age": 2 * torch.eye(6)[3]})
    assert str(found) == "Age (r 1.00)"
