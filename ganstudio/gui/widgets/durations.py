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
