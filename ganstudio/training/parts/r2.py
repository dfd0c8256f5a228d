"""R2: the discriminator shall be flat at generated pictures, too. Source: Mescheder et al. 2018, eq. 10."""

from collections.abc import Hashable, Sequence

from ganstudio.training.parts.base import PARTS, Game, Judged, Moment, Part, Term
from ganstudio.training.parts.r1 import ZeroCentredSettings


@PARTS.register("r2")
class R2(Part[ZeroCentredSettings]):
    """Penalises the gradient at generated pictures."""

    title = "R2"
    description = (
        "Keeps the discriminator smooth at generated pictures; beside R1 it makes the relativistic loss converge."
    )
    settings_type = ZeroCentredSettings

    def branch(self, moment: Moment) -> Hashable:
        """See `Part`."""
        return self.settings.branch(moment)

    def wants_gradients(self, moment: Moment) -> tuple[bool, bool]:
        """See `Part`."""
        return False, self.settings.is_due(moment)

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """See `Part`."""
        from ganstudio.losses.zero_centred import zero_centred_penalty

        if not self.settings.is_due(game.moment):
            return ()
        penalty = zero_centred_penalty(judged.fake_images, judged.fake_logits)
        return (Term("r2_penalty", penalty, self.settings.weight(game.moment)),)
