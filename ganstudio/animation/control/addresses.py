"""What can be moved from outside, and the OSC addresses of it: `/ganstudio/` and the name of a parameter."""

from urllib.parse import quote, unquote

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.parameters import EDIT_PREFIX, PARAMETERS, parameter_of

ROOT = "/ganstudio/"
SEED = "seed"
COMMANDS = {
    "new_picture": "New picture",
    "favourite": "Favourite",
    "play": "Play",
    "stop": "Stop",
}
_KEPT = ":~-_.!$&()+;=@'"  # besides letters and figures; OSC keeps space # * , / ? [ ] { } for itself
_LONGEST = 300


def address_of(target: str) -> str:
    """The OSC address of a parameter, of the seed or of a command."""
    return ROOT + quote(target, safe=_KEPT)


def target_of(address: str) -> str | None:
    """What an address names; None for one that is none of ours."""
    if not address.startswith(ROOT) or not len(ROOT) < len(address) <= _LONGEST:
        return None
    target = unquote(address.removeprefix(ROOT), errors="replace")
    return target if is_target(target) else None


def is_target(target: str) -> bool:
    """Whether it names something that can be moved from outside, in some model."""
    if target == SEED or target in COMMANDS:
        return True
    is_direction = target.startswith(EDIT_PREFIX) and len(target) > len(EDIT_PREFIX)
    return is_direction or any(one.name == target for one in PARAMETERS if one.limits is not None)


def check_target(target: object) -> None:
    """Refuse what cannot be moved from outside.

    Raises:
        AnimationError: It is none of the targets.
    """
    if not isinstance(target, str) or len(target) > _LONGEST or not is_target(target):
        raise AnimationError(str(target)[:60], "nothing of this name can be moved", "choose one of the list")


def title_of_target(target: str) -> str:
    """What people call it, where the model says nothing better."""
    return {SEED: "Seed", **COMMANDS}.get(target) or parameter_of(target).title
