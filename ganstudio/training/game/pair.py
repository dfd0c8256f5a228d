"""The two players, their optimisers and the averaged generator: one round of the game at a time."""

import copy
import math
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.devices import mixed_type
from ganstudio.losses.base import AdversarialLoss
from ganstudio.losses.catalogue import LOSSES
from ganstudio.networks.base import Discriminator, Generator, MappedGenerator, NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.draws import Draws
from ganstudio.networks.packs import pack_pictures
from ganstudio.networks.peers import ALONE, Peers, sharing
from ganstudio.networks.shared_batch_norm import share_batch_norms
from ganstudio.training.config import TrainingConfig
from ganstudio.training.game.batch import Batch, Feed, Round, Scalars
from ganstudio.training.game.compiling import compile_generator
from ganstudio.training.game.fakes import Fakes, draw_fakes
from ganstudio.training.game.learning import Learner
from ganstudio.training.game.rates import learning_rate_factor, make_optimizer, set_rate
from ganstudio.training.game.recording import (
    LONGEST,
    STEPS_OF_SHARE,
    HeldBatches,
    Learned,
    Recorder,
    may_record,
)
from ganstudio.training.parts.base import Drawn, Game, Judged, Moment, Part, Players, Term, make_settings
from ganstudio.training.parts.catalogue import PARTS

__all__ = ["Batch", "Feed", "Pair", "Round", "Scalars"]

EMA_RAMP = 0.05  # the average's half-life is at most this share of what was shown so far (Karras et al. 2020b)
MEAN_W_SHARE = 0.005  # of the way that the mean w goes to that of each step (Karras et al. 2019, appendix B)


class Pair:
    """Generator, discriminator and all that changes while they play.

    Args:
        config: Settings of the run.
        device: Where they live.
        peers: Who shares each batch with this process.

    Raises:
        NetworkConfigError: `config.network_config` cannot be built, or the family is not for training.
    """

    def __init__(self, config: TrainingConfig, device: torch.device, peers: Peers = ALONE) -> None:
        self.config = config
        self.device = device
        self.loss: AdversarialLoss = LOSSES[config.loss]
        self.peers = peers
        self._mixed_type = mixed_type(config.precision, device)
        self.draws = Draws(device, config.seed + 1)
        self.parts = _make_parts(config)
        self.pack = math.prod(part.pack_size() for part in self.parts.values())
        self.generator, self.discriminator, self.generator_config = _build(config, self.pack, device)
        for part in self.parts.values():
            part.join(Players(self.generator, self.discriminator, self.draws, self.pack))
        self.draws.share = peers.share  # only now: the layers of parts are drawn alike by all processes
        for network in (self.generator, self.discriminator):
            share_batch_norms(network, peers)
        self.averaged: Generator = copy.deepcopy(self.generator).eval().requires_grad_(requires_grad=False)
        compile_generator(self.generator, config)  # after the copy, which draws seldom
        average, current = self.averaged.state_dict(), self.generator.state_dict()
        names = [name for name in current if name not in self.averaged.tracked]
        self._averages = [average[name] for name in names if average[name].is_floating_point()]
        self._averaged_from = [current[name] for name in names if average[name].is_floating_point()]
        counts = [name for name in names if not average[name].is_floating_point()]
        self._counts, self._counted = [average[name] for name in counts], [current[name] for name in counts]
        self.part_modules = nn.ModuleDict(
            {name: module for name, part in self.parts.items() if (module := part.module()) is not None}
        )
        self.learner = Learner(config, self.draws, peers, self.pack)
        self._generator_weights = list(self.generator.parameters())
        self._discriminator_weights = list(chain(self.discriminator.parameters(), self.part_modules.parameters()))
        records = may_record(config, device, peers.share.total)
        self.generator_optimizer = make_optimizer(config, self._generator_weights, config.generator_lr, records)
        self.discriminator_optimizer = make_optimizer(
            config, self._discriminator_weights, config.discriminator_lr, records
        )
        self.recorder = Recorder(self.learner, self.draws) if records else None
        self._latents: tuple[Tensor, Tensor | None] | None = None

    def play(self, feed: Feed, step: int, kimg: float) -> Round:
        """Play one round: discriminator, generator, average.

        Args:
            feed: Gives real pictures.
            step: Rounds played before.
            kimg: Pictures shown before, in thousands.

        Raises:
            TrainingDivergedError: A loss or a gradient is no number; nothing was updated with it.
        """
        with sharing(self.peers):
            return self._play(feed, self.moment(step, kimg), kimg)

    def forget_recordings(self) -> None:
        """Say that the memory of optimisers or parts is another one: after a state was restored."""
        if self.recorder is not None:
            self.recorder.forget()

    def _play(self, feed: Feed, moment: Moment, kimg: float) -> Round:
        self.set_learning_rates(moment)
        learned = self._learn_by_recording(feed, moment, kimg)
        if learned.latents is not None:
            self._track_mean_w(*learned.latents, moment)
            self.average(learned.shown, kimg)
        for part in self.parts.values():
            part.after_round(moment)
        return Round(learned.scalars | self._curves(), learned.shown * self.draws.share.total)

    def _learn_by_recording(self, feed: Feed, moment: Moment, kimg: float) -> Learned:
        """Let both learn, by replaying a recorded round where that is possible."""
        steps, waits = self.discriminator_steps(moment), kimg < self.config.generator_delay_kimg
        if self.recorder is None or steps > LONGEST:
            return self._learn(feed, moment, steps, waits)
        moment = replace(moment, share=(math.floor(moment.share * STEPS_OF_SHARE) + 0.5) / STEPS_OF_SHARE)
        branches = [part.branch(moment) for part in self.parts.values()]
        if None in branches:
            return self._learn(feed, moment, steps, waits)
        comparisons = self.config.generator_steps if self.loss.compares and not waits else 0
        held = HeldBatches.of(feed, steps, comparisons)
        key = (steps, waits, *branches)
        return self.recorder.play(key, held, lambda batches: self._learn(batches, moment, steps, waits))

    def _learn(self, feed: Feed, moment: Moment, count: int, waits: bool) -> Learned:
        """Let the discriminator learn `count` times, then the generator unless it waits."""
        scalars: Scalars = {}
        shown = 0
        kept: list[Fakes | None] = [None]  # held nowhere else, so that the memory is free when they are not needed
        for number in range(count):
            batch = self._flip(feed.take())
            keeps = self.config.reuse_fakes and not waits and number == count - 1 and self.learner.parts == 1
            of_discriminator, kept[0] = self.step_discriminator(batch, moment, keeps)
            scalars |= of_discriminator
            shown += len(batch.images)
        self._latents = None
        for _ in range(0 if waits else self.config.generator_steps):
            partners = self._flip(feed.partners()) if self.loss.compares else batch
            scalars |= self.step_generator(partners, moment, kept.pop() if kept else None)
        return Learned(scalars, shown, self._latents)

    def moment(self, step: int, kimg: float) -> Moment:
        """When a round is played."""
        return Moment(step, kimg, min(kimg / self.config.kimg, 1.0))

    def discriminator_steps(self, moment: Moment) -> int:
        """How often the discriminator learns in a round."""
        steps = self.config.discriminator_steps
        for part in self.parts.values():
            steps = part.discriminator_steps(moment, steps)
        return steps

    def step_discriminator(
        self, batch: Batch, moment: Moment, keeps_fakes: bool = False
    ) -> tuple[Scalars, Fakes | None]:
        """Let the discriminator learn once.

        Args:
            batch: Real pictures.
            moment: When.
            keeps_fakes: Draw generated pictures with gradients, so that the generator can learn of the same.

        Returns:
            Scalars, and the generated pictures where they were to be kept.
        """
        kept: list[Fakes] = []

        def lose(part: Batch) -> tuple[Tensor, Scalars]:
            kept.clear()
            keeps = keeps_fakes and self.learner.parts == 1
            fakes = self._draw(part, with_gradients=keeps)
            if keeps:
                kept.append(fakes)
            return self._discriminator_loss(part, fakes, moment)

        scalars, norm = self.learner.learn(batch, lose, self.discriminator_optimizer, self._discriminator_weights)
        for own in self.parts.values():
            own.after_discriminator(self.discriminator)
        return scalars | {"gradient_discriminator": norm}, kept[0] if kept else None

    def step_generator(self, batch: Batch, moment: Moment, fakes: Fakes | None = None) -> Scalars:
        """Let the generator learn once.

        Args:
            batch: Real pictures: their classes, and for a loss that compares their looks.
            moment: When.
            fakes: Pictures drawn with gradients by the generator as it is; new ones where None.
        """

        def lose(part: Batch) -> tuple[Tensor, Scalars]:
            nonlocal fakes
            if self.learner.parts > 1:
                fakes = None  # drawn as one, before the memory turned out to be too small
            drawn = fakes or self._draw(part, with_gradients=True)
            self._latents = drawn.z.detach(), part.labels
            return self._generator_loss(part, drawn, moment)

        with self._frozen_discriminator():
            scalars, norm = self.learner.learn(batch, lose, self.generator_optimizer, self._generator_weights)
        return scalars | {"gradient_generator": norm}

    def _track_mean_w(self, z: Tensor, labels: Tensor | None, moment: Moment) -> None:
        """Move the averaged generator's mean w towards that of latents: an even mean at first, soon a moving one."""
        if isinstance(self.averaged, MappedGenerator):
            share = max(MEAN_W_SHARE, 1 / (moment.step + 1))
            own = None if labels is None else self.peers.gather(labels)
            self.averaged.track_mean_w(self.peers.gather(z), own, share)

    @torch.no_grad()
    def average(self, count: int, kimg: float) -> None:
        """Move the averaged generator towards the one that learns, as far as `count` more pictures shown ask for."""
        half_life = min(self.config.ema_kimg, EMA_RAMP * kimg)
        keep = 0.5 ** (count * self.draws.share.total / 1000 / half_life) if half_life > 0 else 0.0
        torch._foreach_lerp_(self._averages, self._averaged_from, 1 - keep)
        if self._counts:
            torch._foreach_copy_(self._counts, self._counted)

    def judge(self, images: Tensor, labels: Tensor | None, moment: Moment) -> Tensor:
        """The logits of images `(N, C, H, W)` as the discriminator sees them at a moment; one for each pack."""
        return self._look(images, labels, self._game(moment))[0]

    @torch.no_grad()
    def judge_plainly(self, images: Tensor, labels: Tensor | None) -> Tensor:
        """The logits of images `(N, C, H, W)` as they are, without augmentation or noise; nothing changes by asking."""
        count = len(images) // self.pack * self.pack
        images = images[:count]
        if self.pack > 1:
            images, labels = pack_pictures(images, self.pack), None
        was_training = self.discriminator.training
        self.discriminator.eval()
        features = self.discriminator.features(images)
        logits = self._logits_of(features, labels)
        self.discriminator.train(was_training)
        return logits

    @property
    def makes_unreal_pictures(self) -> bool:
        """Whether augmentation shows the discriminator nothing but real pictures and such as could not be real."""
        augmenting = [part for part in self.parts.values() if part.augments]
        return bool(augmenting) and all(part.makes_unreal_pictures() for part in augmenting)

    @torch.no_grad()
    def augment_plainly(self, images: Tensor, seed: int) -> Tensor:
        """Pictures `(N, C, H, W)` augmented as in this run now, in [-1, 1]; nothing changes by asking."""
        game = replace(self._game(self.moment(0, 0.0)), draws=Draws(self.device, seed))
        for part in self.parts.values():
            images = part.show(images, game) if part.augments else images
        return images.clamp(-1, 1)

    def set_learning_rates(self, moment: Moment) -> None:
        """Set what the optimisers go by in this round."""
        factor = learning_rate_factor(self.config, moment.share)
        for optimizer, rate in (
            (self.generator_optimizer, self.config.generator_lr),
            (self.discriminator_optimizer, self.config.discriminator_lr),
        ):
            for group in optimizer.param_groups:
                set_rate(group, rate * factor)

    def _game(self, moment: Moment) -> Game:
        def judge(images: Tensor, labels: Tensor | None) -> Tensor:
            return self._look(images, labels, game)[0]

        game = Game(judge, self.discriminator, self.generator, self.draws, moment, self.loss.threshold)
        return game

    def _look(self, images: Tensor, labels: Tensor | None, game: Game) -> tuple[Tensor, Tensor, Tensor]:
        """Logits and features of pictures, through all parts that change either, and the pictures as they were seen."""
        for part in self.parts.values():
            images = part.show(images, game)
        if self.pack > 1:
            images, labels = pack_pictures(images, self.pack), None
        with self._mixed():
            features = self.discriminator.features(images)
        return self._logits_of(features.float(), labels), features.float(), images

    def _logits_of(self, features: Tensor, labels: Tensor | None) -> Tensor:
        with self._mixed():
            logits = self.discriminator.judge(features, labels).float()
        for part in self.parts.values():
            if (more := part.add_to_logits(features)) is not None:
                logits = logits + more
        return logits

    def _draw(self, batch: Batch, with_gradients: bool) -> Fakes:
        mixing, count = self.config.style_mixing, len(batch.images)
        with torch.set_grad_enabled(with_gradients), self._mixed():
            fakes = draw_fakes(self.generator, count, batch.labels, mixing, self.draws)
        return replace(fakes, images=fakes.images.float())

    def _mixed(self) -> AbstractContextManager[Any]:
        """Let torch choose the operations that are computed in the shorter type, where there is one."""
        if self._mixed_type is None:
            return nullcontext()
        return torch.autocast(self.device.type, self._mixed_type)

    def _discriminator_loss(self, batch: Batch, fakes: Fakes, moment: Moment) -> tuple[Tensor, Scalars]:
        game = self._game(moment)
        asked = [part.wants_gradients(moment) for part in self.parts.values()]
        real_images = batch.images.detach().requires_grad_(any(real for real, _ in asked))
        fake_images = fakes.images.detach().requires_grad_(any(fake for _, fake in asked))
        real_logits, real_features, real_shown = self._look(real_images, batch.labels, game)
        fake_logits, fake_features, _ = self._look(fake_images, batch.labels, game)
        all_real, all_fake = self.peers.gather(real_logits), self.peers.gather(fake_logits)
        loss = self.loss.discriminator(all_real, all_fake)
        scalars = {"loss_discriminator": loss.detach()}
        judged = Judged(
            real_images, fake_images, real_logits, fake_logits, batch.labels, real_features, fake_features, real_shown
        )
        for part in self.parts.values():
            loss = _add(loss, part.for_discriminator(judged, game), scalars)
        with torch.no_grad():
            real, fake = all_real.detach(), all_fake.detach()
            scalars["d_real"], scalars["d_fake"] = self.loss.probabilities(real, fake)
            scalars["accuracy"] = self.loss.accuracy(real, fake)
            for part in self.parts.values():
                part.watch(judged, game)
        return loss, scalars

    def _generator_loss(self, batch: Batch, fakes: Fakes, moment: Moment) -> tuple[Tensor, Scalars]:
        game = self._game(moment)
        logits, features, _ = self._look(fakes.images, batch.labels, game)
        real_logits = None
        if self.loss.compares:
            with torch.no_grad():
                real_logits = self.peers.gather(self._look(batch.images, batch.labels, game)[0])
        loss = self.loss.generator(self.peers.gather(logits), real_logits)
        scalars = {"loss_generator": loss.detach()}
        drawn = Drawn(fakes, logits, batch.labels, features)
        for part in self.parts.values():
            loss = _add(loss, part.for_generator(drawn, game), scalars)
        return loss, scalars

    @contextmanager
    def _frozen_discriminator(self) -> Iterator[None]:
        """Without gradients for the discriminator's weights; those that are frozen anyway stay so."""
        learning = [weight for weight in self._discriminator_weights if weight.requires_grad]
        for weight in learning:
            weight.requires_grad_(False)
        try:
            yield
        finally:
            for weight in learning:
                weight.requires_grad_(True)

    def _flip(self, batch: Batch) -> Batch:
        """Mirror each picture half of the time, where the settings say so."""
        if not self.config.x_flip:
            return batch
        flipped = self.draws.uniform(len(batch.images), 1, 1, 1) < 0.5
        return Batch(torch.where(flipped, batch.images.flip(3), batch.images), batch.labels)

    def _curves(self) -> Scalars:
        curves: Mapping[str, Any] = {
            name: value for part in self.parts.values() for name, value in part.curves().items()
        }
        return {name: torch.as_tensor(value) for name, value in curves.items()}


def _make_parts(config: TrainingConfig) -> dict[str, Part[Any]]:
    """The parts of a run by name, in the order in which they act."""
    return {name: PARTS[name](make_settings(name, config.parts[name])) for name in PARTS if name in config.parts}


def _build(config: TrainingConfig, pack: int, device: torch.device) -> tuple[Generator, Discriminator, Any]:
    architecture = NETWORKS[config.network]
    if architecture.build_discriminator is None:
        raise NetworkConfigError(config.network, "this family can be opened but not trained", "choose another")
    network_config = architecture.make_config(config.network_config)
    drawing = NETWORKS[config.generator_family]
    drawing_config = drawing.make_config(config.generator_config) if config.generator else network_config
    if _outside(drawing_config) != _outside(network_config):
        reason = f"it draws {_outside(drawing_config)}, {config.network} judges {_outside(network_config)}"
        raise NetworkConfigError(config.generator, reason, "give both the same pixels, channels and classes")
    random = torch.Generator().manual_seed(config.seed)
    generator: Generator = drawing.build_generator(drawing_config, random).to(device)
    discriminator: Discriminator = architecture.build_discriminator(network_config, random, pack).to(device)
    for network in (generator, discriminator):
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # a tenth faster (CPU, DCGAN)
    return generator, discriminator, drawing_config


def _outside(config: Any) -> tuple[int, int, int]:
    """What generator and discriminator have to agree on: resolution, channels and classes."""
    return config.resolution, config.channels, config.num_classes


def _add(loss: Tensor, terms: "tuple[Term, ...] | list[Term] | Any", scalars: Scalars) -> Tensor:
    for term in terms:
        scalars[term.name] = term.value.detach()
        if term.weight:
            loss = loss + term.value * term.weight
    return loss
