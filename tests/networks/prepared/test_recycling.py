"""Memory that is handed out again only when nothing looks at it any more."""

import torch

from ganstudio.networks.prepared import recycling
from ganstudio.networks.prepared.recycling import Recycler


def test_what_is_in_use_is_left_alone():
    recycler = Recycler()
    first = recycler.take(4, 5).fill_(1)
    view = first[1:].permute(1, 0)
    del first
    second = recycler.take(4, 5).fill_(2)
    assert bool((view == 1).all())
    assert second.data_ptr() != view.data_ptr()


def test_what_is_free_is_used_again_for_as_much_and_for_half():
    recycler = Recycler()
    place = recycler.take(100).data_ptr()
    assert recycler.take(10, 10).data_ptr() == place
    assert recycler.take(50).data_ptr() == place
    assert recycler.take(49).data_ptr() != place
    assert recycler.take(101).data_ptr() != place


def test_what_a_round_has_not_used_is_given_back():
    recycler = Recycler()
    kept = recycler.take(100)
    recycler.take(1000)
    for _ in range(3):
        recycler.begin()
        recycler.take(10)
    assert recycler.held == 110
    del kept
    recycler.begin()
    assert recycler.held == 10


def test_memory_taken_in_inference_mode_serves_outside():
    recycler = Recycler()
    with torch.inference_mode():
        recycler.take(10).fill_(1)
    recycler.take(10).fill_(2)
    assert recycler.held == 10


def test_holds_no_more_than_it_may(monkeypatch):
    monkeypatch.setattr(recycling, "_MOST_HELD", 100)
    recycler = Recycler()
    pieces = [recycler.take(60) for _ in range(3)]
    assert recycler.held == 60
    assert len({piece.data_ptr() for piece in pieces}) == 3
    recycler.clear()
    assert recycler.held == 0
