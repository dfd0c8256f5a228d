"""Runs that take a second."""

from dataclasses import replace

import pytest

from ganstudio.training.config import TrainingConfig

NETWORK = {"resolution": 28, "channels": 1, "num_classes": 0, "z_dim": 8, "base_channels": 4, "max_channels": 8}


@pytest.fixture
def tiny_config() -> TrainingConfig:
    """Forty steps of a tiny DCGAN with everything that carries state: EMA, R1, flips, batch normalisation."""
    return TrainingConfig(
        network_config=NETWORK,
        kimg=0.32,
        batch_size=8,
        parts={"r1": {"interval": 2}},
        ema_kimg=0.05,
        x_flip=True,
        threads=1,
        device="cpu",
        sample_kimg=0.1,
        snapshot_kimg=0.1,
        score_kimg=0.2,
        log_kimg=0.04,
        state_seconds=3600.0,
        sample_count=4,
    )


@pytest.fixture
def conditional_config(tiny_config: TrainingConfig) -> TrainingConfig:
    """The same with two classes."""
    return replace(tiny_config, network_config={**NETWORK, "num_classes": 2})
