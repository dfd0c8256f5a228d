"""A box of choices for inputs that come and go: ports, microphones."""

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox


def list_inputs(box: QComboBox, names: Iterable[str], wanted: str, first: str) -> None:
    """Offer inputs; the one that is wanted stays on the list when it is not there.

    Args:
        box: Filled anew.
        names: What the system has.
        wanted: Which was chosen, "" for the first choice.
        first: The words for leaving the choice to the program.
    """
    there = list(names)
    box.clear()
    box.addItem(first, "")
    for name in dict.fromkeys((*there, *([wanted] if wanted else []))):
        box.addItem(name if name in there else f"{name} (not there)", name)
    box.setCurrentIndex(max(0, box.findData(wanted)))
