"""The two players, their optimisers and the averaged generator: one step of the game at a time."""

import copy
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.losses.catalogue import LOSSES
from ganstudio.losses.path_length import PathLength
from ganstudio.losses.r1 import r1_penalty
from ganstudio.networks.base import Discriminator, Generator, MappedGenerator, NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import TrainingDivergedError
from ganstudio.training.game.fakes import Fakes, draw_fakes

EMA_RAMP = 0.05  # the average's half-life is at most this share of what was shown so far (Karras et al. 2020b)
MEAN_W_SHARE = 0.005  # of the way that the mean w goes to that of each step (Karras et al. 2019, appendix B)
PATH_SHRINK = 2  # path lengths are measured on so many times fewer pictures (Karras et al. 2020, appendix B)


@dataclass(frozen=True)
class Batch:
    """Real pictures float32 `(N, C, H, W)` in [-1, 1] and their classes int64 `(N,)`, or None."""

    images: Tensor
    labels: Tensor | None


class Pair:
    """Generator, discriminator and all that changes while they play.

    Args:
        config: Settings of the run.
        device: Where they live.

    Raises:
        NetworkConfigError: `config.network_config` cannot be built, or the family is not for training.
    """

    def __init__(self, config: TrainingConfig, device: torch.device) -> None:
        self.config = config
        self.device = device
        architecture = NETWORKS[config.network]
        if architecture.build_discriminator is None:
            raise NetworkConfigError(config.network, "this family can be opened but not trained", "choose another")
        self.network_config = architecture.make_config(config.network_config)
        weights_random = torch.Generator().manual_seed(config.seed)
        self.generator: Generator = architecture.build_generator(self.network_config, weights_random).to(device)
        self.discriminator: Discriminator = architecture.build_discriminator(self.network_config, weights_random).to(
            device
        )
        for network in (self.generator, self.discriminator):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # a tenth faster (CPU, DCGAN)
        self.averaged: Generator = copy.deepcopy(self.generator).eval().requires_grad_(requires_grad=False)
        average, current = self.averaged.state_dict(), self.generator.state_dict()
        names = [name for name in current if name not in self.averaged.tracked]
        self._averages = [average[name] for name in names if average[name].is_floating_point()]
        self._averaged_from = [current[name] for name in names if average[name].is_floating_point()]
        self._counts = [(average[name], current[name]) for name in names if not average[name].is_floating_point()]
        self.path_length = PathLength().to(device)
        self.random = torch.Generator(device=device).manual_seed(config.seed + 1)
        self.loss = LOSSES[config.loss]
        self.generator_optimizer = self._make_optimizer(self.generator, config.generator_lr)
        self.discriminator_optimizer = self._make_optimizer(self.discriminator, config.discriminator_lr)

    def step(self, batch: Batch, step: int, kimg: float) -> dict[str, Tensor]:
        """Play one round: discriminator, generator, average.

        Args:
            batch: Real pictures.
            step: Rounds played before.
            kimg: Pictures shown before, in thousands.

        Returns:
            Scalars of this round, named as in `events.ScalarsLogged`.

        Raises:
            TrainingDivergedError: A loss or a gradient is no number; nothing was updated with it.
        """
        self._set_learning_rates(kimg)
        if self.config.x_flip:
            batch = Batch(self._flip_at_random(batch.images), batch.labels)
        scalars = self._step_discriminator(batch, step)
        if kimg < self.config.generator_delay_kimg:
            return scalars
        fakes, of_generator = self._step_generator(batch, step)
        self._average(len(batch.images), kimg)
        if isinstance(self.averaged, MappedGenerator):  # an even mean at first, soon a moving one
            self.averaged.track_mean_w(fakes.z, batch.labels, max(MEAN_W_SHARE, 1 / (step + 1)))
        return scalars | of_generator

    def _draw(self, count: int, labels: Tensor | None) -> Fakes:
        return draw_fakes(self.generator, count, labels, self.config.style_mixing, self.random)

    def _step_discriminator(self, batch: Batch, step: int) -> dict[str, Tensor]:
        penalised = self.config.r1_gamma > 0 and step % self.config.r1_interval == 0
        real_images = batch.images.detach().requires_grad_(penalised)
        with torch.no_grad():
            fake_images = self._draw(len(real_images), batch.labels).images
        real_logits = self.discriminator(real_images, batch.labels)
        fake_logits = self.discriminator(fake_images, batch.labels)
        loss = self.loss.discriminator(real_logits, fake_logits)
        scalars = {"loss_discriminator": loss.detach()}
        if penalised:
            penalty = r1_penalty(real_images, real_logits)
            scalars["r1_penalty"] = penalty.detach()
            loss = loss + penalty * (self.config.r1_gamma / 2 * self.config.r1_interval)
        scalars["gradient_discriminator"] = self._descend(self.discriminator, self.discriminator_optimizer, loss)
        scalars["d_real"] = real_logits.detach().sigmoid().mean()
        scalars["d_fake"] = fake_logits.detach().sigmoid().mean()
        return scalars

    def _step_generator(self, batch: Batch, step: int) -> tuple[Fakes, dict[str, Tensor]]:
        self.discriminator.requires_grad_(requires_grad=False)
        try:
            fakes = self._draw(len(batch.images), batch.labels)
            loss = self.loss.generator(self.discriminator(fakes.images, batch.labels))
            scalars = {"loss_generator": loss.detach()}
            if self.config.path_length_weight > 0 and step % self.config.path_length_interval == 0:
                loss = loss + self._path_penalty(batch.labels, len(batch.images), scalars)
            scalars["gradient_generator"] = self._descend(self.generator, self.generator_optimizer, loss)
        finally:
            self.discriminator.requires_grad_(requires_grad=True)
        return fakes, scalars

    def _path_penalty(self, labels: Tensor | None, count: int, scalars: dict[str, Tensor]) -> Tensor | float:
        """The weighted penalty; 0 for a generator without w."""
        count = max(1, count // PATH_SHRINK)
        fakes = self._draw(count, None if labels is None else labels[:count])
        if fakes.w_plus is None:
            return 0.0
        penalty: Tensor = self.path_length(fakes.images, fakes.w_plus, self.random)
        scalars["path_length"] = self.path_length.mean.clone()
        return penalty * (self.config.path_length_weight * self.config.path_length_interval)

    def _descend(self, network: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor) -> Tensor:
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.get_total_norm([p.grad for p in network.parameters() if p.grad is not None])
        if not math.isfinite(float(loss.detach() + norm)):
            raise TrainingDivergedError(
                "training",
                "a loss or gradient is no number any more",
                "lower the learning rates or raise R1, then resume",
            )
        optimizer.step()
        return norm

    @torch.no_grad()
    def _average(self, count: int, kimg: float) -> None:
        half_life = min(self.config.ema_kimg, EMA_RAMP * kimg)
        keep = 0.5 ** (count / 1000 / half_life) if half_life > 0 else 0.0
        torch._foreach_lerp_(self._averages, self._averaged_from, 1 - keep)
        for average, value in self._counts:
            average.copy_(value)

    def _flip_at_random(self, images: Tensor) -> Tensor:
        flipped = torch.rand(len(images), 1, 1, 1, generator=self.random, device=self.device) < 0.5
        return torch.where(flipped, images.flip(3), images)

    def _set_learning_rates(self, kimg: float) -> None:
        progress = min(kimg / self.config.kimg, 1.0)
        final = self.config.final_lr_fraction
        factor = final + (1 - final) * 0.5 * (1 + math.cos(math.pi * progress))
        for optimizer, rate in (
            (self.generator_optimizer, self.config.generator_lr),
            (self.discriminator_optimizer, self.config.discriminator_lr),
        ):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor

    def _make_optimizer(self, network: nn.Module, rate: float) -> torch.optim.Adam:
        betas = (self.config.beta1, self.config.beta2)
        return torch.optim.Adam(network.parameters(), rate, betas, fused=self.device.type in ("cpu", "cuda"))
