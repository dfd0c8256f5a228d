"""What has just happened in a game on points, in sentences for somebody who sees a GAN for the first time."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganstudio.training.toys.scene import Scene

DISCRIMINATOR, GENERATOR, ROUND = "discriminator", "generator", "round"  # who has learned
EVEN = 0.08  # this far from one half, D is as good as guessing
FAINT = 0.01  # of the steepest slope seen so far: the generator is told next to nothing


def explain_start() -> str:
    """Before anybody has learned."""
    return (
        "Nothing is learned yet. The generator turns random numbers into points, anywhere for now; the discriminator "
        "colours the plane by how real it finds each place, by accident for now. Let one of them learn."
    )


def explain(who: str, before: "Scene", after: "Scene", steepest: float) -> str:
    """What the last steps did.

    Args:
        who: `DISCRIMINATOR`, `GENERATOR` or `ROUND`.
        before: The scene before them.
        after: The scene after them.
        steepest: The steepest slope that the generator has been shown in this game.
    """
    words = {DISCRIMINATOR: _of_discriminator, GENERATOR: _of_generator, ROUND: _of_round}[who](before, after)
    if after.steepest < FAINT * steepest:
        words += " Its slope has become so faint that the generator is hardly told anything: the gradient vanishes."
    return words


def _of_discriminator(before: "Scene", after: "Scene") -> str:
    del before
    real, fake = after.real_belief, after.fake_belief
    begin = (
        f"The discriminator learned: it calls the real points {real:.0%} real and the generated ones {fake:.0%}. "
        "The landscape shows what it believes, "
    )
    return begin + (
        "and that is hardly more than guessing." if _is_even(after) else "the arrows where the generator is told to go."
    )


def _of_generator(before: "Scene", after: "Scene") -> str:
    was, now = before.fake_belief, after.fake_belief
    begin = "The generator learned: its points moved along the arrows, the landscape stayed. "
    if now >= was:
        return begin + f"They now lie where the discriminator says {now:.0%} real, {was:.0%} before."
    return begin + f"They overshot: the discriminator calls them {now:.0%} real, {was:.0%} before."


def _of_round(before: "Scene", after: "Scene") -> str:
    real, fake = after.real_belief, after.fake_belief
    del before
    begin = "Both learned. "
    if _is_even(after):
        return begin + "The discriminator can hardly tell the two kinds apart any more: near 50 %, the game is even."
    if real > fake:
        ahead = f"real points look {real:.0%} real to it, generated ones {fake:.0%}"
        return begin + f"The discriminator is ahead: {ahead}. The generator follows the arrows."
    return begin + (
        f"The generator is ahead: its points look {fake:.0%} real to the discriminator, the real ones {real:.0%}."
    )


def _is_even(scene: "Scene") -> bool:
    return abs(scene.real_belief - 0.5) < EVEN and abs(scene.fake_belief - 0.5) < EVEN
