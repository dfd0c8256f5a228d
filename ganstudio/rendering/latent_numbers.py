"""The numbers of the latent that a picture begins with, for whoever wants them elsewhere."""

from ganstudio.networks.spec import GeneratorSpec
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.point import LatentPoint, latent_point


def latent_numbers(look: Look, spec: GeneratorSpec) -> LatentPoint | None:
    """The latent of a look before truncation and steps; None for one between several pictures.

    Args:
        look: The look.
        spec: Of its model, whose z a seed stands for.
    """
    if look.between is not None:
        return None
    if look.point is not None and not (look.blend_seed is not None and look.blend > 0):
        return look.point
    from ganstudio.latent.interpolation import slerp  # late: the window must open without waiting for torch
    from ganstudio.latent.seed_pad import z_on_pad
    from ganstudio.latent.spaces import sample_z

    z = z_on_pad(look.seed, look.drift, spec.z_dim, spec.latent_law)
    if look.point is not None:
        if look.point.space != "z" or look.point.shape != (spec.z_dim,):
            return look.point
        z = z.new_tensor(look.point.array)[None]
    if look.blend_seed is not None and look.blend > 0:
        z = slerp(z, sample_z([look.blend_seed], spec.z_dim, spec.latent_law), look.blend)
    return latent_point("z", z[0].numpy())
