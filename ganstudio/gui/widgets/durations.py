"""Times in a person's words."""


def say_duration(seconds: float) -> str:
    """Say how long: "45 s", "12 min", "3 h 20 min"; rounded so that it does not dance."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


_SAYS_AFTER_S = 2.0  # earlier, what is left is anybody's guess


def say_left(doing: str, fraction: float, elapsed_s: float) -> str:
    """Say what is being done and, where that can be told, how long it still takes.

    Args:
        doing: What is being done.
        fraction: How much is done, 0 to 1.
        elapsed_s: Since it was begun.
    """
    if elapsed_s < _SAYS_AFTER_S or not 0.02 < fraction < 1:
        return doing
    return f"{doing}, about {say_duration(elapsed_s * (1 / fraction - 1))} left"
