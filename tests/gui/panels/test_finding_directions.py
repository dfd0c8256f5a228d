"""Finding directions from the window; the button itself is tested with the Explore workspace."""

from dataclasses import replace
from pathlib import Path

import pytest

from ganstudio.checkpoints.building import replace_directions
from ganstudio.checkpoints.catalogue import read
from ganstudio.gui.services import direction_finding


def test_avatars_give_named_directions(tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direction_finding, "LABELLED_PICTURES", 60)
    monkeypatch.setattr(direction_finding, "READING_STEPS", 12)
    monkeypatch.setattr(direction_finding, "SAMPLES", 200)
    checkpoint = read(tiny_checkpoint)
    facts = {**checkpoint.description.facts, "data": "avatars:60"}
    checkpoint = replace(checkpoint, description=replace(checkpoint.description, facts=facts))
    replace_directions(tiny_checkpoint, checkpoint, [])
    target = tmp_path / "models" / "found.safetensors"
    *events, saved = direction_finding.find_directions(tiny_checkpoint, target)
    assert saved == direction_finding.DirectionsSaved(target)
    assert events[0].doing == "drawing labelled pictures"
    assert [event.fraction for event in events] == sorted(event.fraction for event in events)
    assert all(info.origin in ("factor", "pca") for info in read(target).description.directions)
