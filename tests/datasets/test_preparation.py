import errno
import json
import multiprocessing
import os
import time
from collections import namedtuple

import numpy as np
import pytest
from picture_files import FilesSource, colours, encode

from ganstudio.datasets import cache as cache_module
from ganstudio.datasets.base import DatasetError
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.fitting import prepare_picture
from ganstudio.datasets.preparation import (
    DatasetPrepared,
    PictureSkipped,
    PicturesPrepared,
    PreparationConfig,
    cache_key,
    prepare,
)
from ganstudio.datasets.prepared import DatasetFacts, open_prepared

CONFIG = PreparationConfig(16)


def files(count=12):
    return [encode(colours(20, 30, seed)) for seed in range(count)]


def run(source, config=CONFIG, cache=None):
    *_, last = prepare(source, config, cache)
    assert isinstance(last, DatasetPrepared)
    return last.dataset


def test_the_cache_holds_exactly_the_prepared_pictures(cache):
    source = FilesSource(files(), [index % 3 for index in range(12)], ["a", "b", "c"])
    dataset = run(source, CONFIG, cache)
    expected = np.stack([prepare_picture(source.read(index), CONFIG) for index in range(12)])
    assert np.array_equal(dataset.pixels, expected)
    assert isinstance(dataset.pixels, np.memmap)
    assert not dataset.pixels.flags.writeable
    assert dataset.labels.tolist() == [index % 3 for index in range(12)]
    assert dataset.labels.dtype == np.int64
    assert dataset.facts() == DatasetFacts(12, 16, 3, 3, ("a", "b", "c"), "files", 0)
    assert len(dataset) == 12


def test_events_tell_how_far_it_is(cache):
    events = list(prepare(FilesSource(files()), CONFIG, cache))
    assert events[0] == PicturesPrepared(0, 12)
    assert events[-2] == PicturesPrepared(12, 12)
    assert isinstance(events[-1], DatasetPrepared)


def test_bad_pictures_are_left_out_with_their_reasons(cache):
    data = files()
    data[3], data[7], data[9] = b"", data[7][:50], b"text"
    source = FilesSource(data, range(12), [str(index) for index in range(12)])
    events = list(prepare(source, CONFIG, cache))
    skipped = [event for event in events if isinstance(event, PictureSkipped)]
    assert [event.name for event in skipped] == ["3.png", "7.png", "9.png"]
    dataset = events[-1].dataset
    assert dataset.labels.tolist() == [0, 1, 2, 4, 5, 6, 8, 10, 11]
    assert [(one.name, one.reason) for one in dataset.skipped] == [(one.name, one.reason) for one in skipped]
    assert dataset.facts().count == 9
    assert dataset.facts().skipped_count == 3
    assert dataset.facts().class_count == 12


def test_the_second_time_reads_no_picture(cache):
    source = FilesSource(files())
    first = run(source, CONFIG, cache)
    reads = source.reads
    second = run(source, CONFIG, cache)
    assert source.reads == reads
    assert second.digest == first.digest
    assert second.folder == first.folder


def test_another_config_or_content_is_another_cache(cache):
    source = FilesSource(files())
    keys = {
        cache_key(source, config) for config in (CONFIG, PreparationConfig(16, 1), PreparationConfig(16, fit="pad"))
    }
    keys |= {cache_key(FilesSource(files(11)), CONFIG), cache_key(FilesSource(files(), [0] * 12), CONFIG)}
    assert len(keys) == 5


def test_the_digest_follows_pixels_and_labels(cache):
    digests = {
        run(source, CONFIG, cache).digest
        for source in (
            FilesSource(files()),
            FilesSource(files(11)),
            FilesSource(files()[::-1]),
            FilesSource(files(), [0, 1] * 6, "ab"),
        )
    }
    assert len(digests) == 4


def test_one_picture_is_enough_to_prepare(cache):
    assert len(run(FilesSource(files(1)), CONFIG, cache)) == 1


def test_no_usable_picture_is_an_error_that_helps(cache):
    source = FilesSource([b"text", b"", b"\0", b"more", b"still more"])
    with pytest.raises(DatasetError) as caught:
        list(prepare(source, CONFIG, cache))
    assert "none of its 5 pictures" in caught.value.reason
    assert "0.png" in caught.value.reason
    assert "4.png" not in caught.value.reason
    assert caught.value.remedy
    assert [*cache.iterdir()] == []


@pytest.mark.parametrize("events", range(1, 8))
def test_a_cancelled_preparation_leaves_nothing(cache, monkeypatch, events):
    monkeypatch.setattr("ganstudio.datasets.preparation._REPORT_SECONDS", 0.0)
    work = prepare(FilesSource(files()), CONFIG, cache)
    for _ in range(events):
        next(work)
    work.close()
    assert not cache.exists() or [*cache.iterdir()] == []


def test_avatars_bring_labels_and_factors(cache):
    source = open_source("avatars:70")
    dataset = run(source, PreparationConfig(32), cache)
    assert np.array_equal(dataset.pixels, source.draw(range(70), 32))
    assert np.array_equal(dataset.factors, np.stack([source.factors(index) for index in range(70)]))
    assert dataset.factor_names == source.factor_names
    assert dataset.labels.tolist() == [source.label(index) for index in range(70)]
    assert run(source, PreparationConfig(32, channels=1), cache).pixels.shape == (70, 32, 32, 1)


def test_a_folder_twice_gives_the_same_order_and_digest(tmp_path, cache):
    (tmp_path / "set").mkdir()
    for index in (3, 10, 1, 2):
        (tmp_path / "set" / f"{index}.png").write_bytes(encode(colours(16, 16, index)))
    (tmp_path / "set" / "notes.txt").write_text("text")
    first = run(open_source(tmp_path / "set"), CONFIG, cache)
    second = run(open_source(tmp_path / "set"), CONFIG, tmp_path / "other")
    assert first.digest == second.digest
    assert np.array_equal(first.pixels[3], colours(16, 16, 10))
    assert first.facts().skipped_count == 1
    assert first.skipped[0].name == "notes.txt"


def test_the_cache_folder_of_the_user_is_the_default(own_home):
    assert own_home in run(FilesSource(files())).folder.parents


def garble_size(folder):
    with (folder / "pixels.npy").open("ab") as file:
        file.write(b"x")


def garble_bytes(folder):
    path = folder / "pixels.npy"
    data = bytearray(path.read_bytes())
    data[-2000:] = bytes(2000)
    path.write_bytes(data)


def garble_meta(folder):
    (folder / "meta.json").write_text("{")


def change_schema(folder):
    meta = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps(meta | {"schema": 0}))


def drop_labels(folder):
    (folder / "labels.npy").unlink()


@pytest.mark.parametrize("damage", [garble_size, garble_bytes, garble_meta, change_schema, drop_labels])
def test_a_damaged_cache_is_made_again(cache, damage):
    source = FilesSource(files(), [0, 1] * 6, "ab")
    first = run(source, CONFIG, cache)
    expected, digest = np.array(first.pixels), first.digest
    first.close()
    damage(first.folder)
    with pytest.raises(DatasetError, match="damaged"):
        open_prepared(first.folder)
    again = run(source, CONFIG, cache)
    assert np.array_equal(again.pixels, expected)
    assert again.digest == digest
    assert [path.name for path in cache.iterdir()] == [first.folder.name]


def test_a_disk_without_room_is_refused_before_anything_is_written(cache, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(cache_module.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**6))
    source = FilesSource(files())
    with pytest.raises(DatasetError, match="only 1 MB are free") as caught:
        list(prepare(source, CONFIG, cache))
    assert "lower resolution" in caught.value.remedy
    assert source.reads == 0
    assert [*cache.iterdir()] == []


class FullDisk:
    """A file that takes so many bytes and no more."""

    def __init__(self, file, room):
        self.file, self.room = file, room

    def write(self, data):
        self.room -= len(data) if isinstance(data, bytes) else data.nbytes
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.file.write(data)

    def __getattr__(self, name):
        return getattr(self.file, name)


def test_a_disk_that_becomes_full_meanwhile_leaves_nothing(cache, monkeypatch):
    begin = cache_module.CacheWriter.__post_init__

    def begin_on_a_full_disk(writer):
        begin(writer)
        writer._file = FullDisk(writer._file, 3000)

    monkeypatch.setattr(cache_module.CacheWriter, "__post_init__", begin_on_a_full_disk)
    with pytest.raises(DatasetError, match="became full") as caught:
        list(prepare(FilesSource(files()), CONFIG, cache))
    assert "free some space" in caught.value.remedy
    assert [*cache.iterdir()] == []


def test_a_cache_folder_that_is_a_file_is_an_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DatasetError, match="cannot be used"):
        list(prepare(FilesSource(files()), CONFIG, tmp_path / "file"))


def test_whoever_comes_second_takes_what_the_first_made(cache):
    source = FilesSource(files())
    slow = prepare(source, CONFIG, cache)
    next(slow)
    first = run(source, CONFIG, cache)
    *_, last = slow
    assert last.dataset.digest == first.digest
    assert len([*cache.iterdir()]) == 1


def test_two_that_finish_at_once_leave_one_whole_cache(cache, monkeypatch):
    monkeypatch.setattr("ganstudio.datasets.preparation._REPORT_SECONDS", 0.0)
    works = [prepare(FilesSource(files()), CONFIG, cache) for _ in range(2)]
    for _ in range(6):
        for work in works:
            next(work)
    datasets = [[*work][-1].dataset for work in works]
    assert datasets[0].digest == datasets[1].digest
    assert np.array_equal(datasets[0].pixels, datasets[1].pixels)
    assert len([*cache.iterdir()]) == 1


def prepare_in_a_process(cache, answers):
    answers.put(run(FilesSource(files(40)), CONFIG, cache).digest)


def test_processes_at_once_agree(cache):
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    workers = [context.Process(target=prepare_in_a_process, args=(cache, answers)) for _ in range(2)]
    for worker in workers:
        worker.start()
    digests = {answers.get(timeout=60) for _ in workers}
    for worker in workers:
        worker.join(60)
    answers.close()
    answers.join_thread()
    assert len(digests) == 1
    assert len([*cache.iterdir()]) == 1


def test_leftovers_of_killed_preparations_are_swept_after_a_day(cache):
    old, young = cache / ".ganstudio-old.part", cache / ".ganstudio-young.part"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "pixels.npy").write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old / "pixels.npy", (two_days_ago, two_days_ago))
    os.utime(old, (two_days_ago, two_days_ago))
    run(FilesSource(files()), CONFIG, cache)
    assert not old.exists()
    assert young.exists()


def test_closing_while_someone_looks_is_safe(cache):
    dataset = run(FilesSource(files()), CONFIG, cache)
    row = dataset.pixels[3]
    before = np.array(row)
    dataset.close()
    dataset.close()
    assert np.array_equal(row, before)
    assert len(dataset) == 0
