"""Run folders of other programs, whole and damaged, become one kind of record."""

import json

import pytest
from run_folders import write_numbered, write_nvlabs, write_tensorflow_era

from ganstudio.training.errors import RunFolderError
from ganstudio.training.runs.readers import lines
from ganstudio.training.runs.readers.catalogue import is_run, open_run
from ganstudio.training.runs.readers.numbered import list_numbered
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory, series


@pytest.mark.parametrize("stats", ["stats.jsonl", "training_stats.jsonl"])
def test_an_nvlabs_run(tmp_path, stats):
    folder = write_nvlabs(tmp_path / "00000-stylegan2-faces", stats)
    record = open_run(folder)
    assert (record.format, record.unit, record.title) == ("nvlabs", "kimg", "00000-stylegan2-faces")
    assert (record.planned, record.moment, record.tile_px) == (25000, 8.0, 32)
    losses = record.curve("loss_generator")
    assert losses.name == "Loss/G/loss"
    assert (losses.moments, losses.values) == ((0.0, 4.0, 8.0), (1.0, 2.0, 3.0))
    assert "Loss/signs/real" not in {curve.name for curve in record.curves}, "NaN is no point"
    assert [moment for moment, _ in record.sheets] == [0.0, 4.0, 8.0]
    assert record.reals == folder / "reals.png"
    best = record.best_snapshot()
    assert best.path == folder / "network-snapshot-000004.pkl"
    assert best.reason == "lowest fid50k_full: 20 of 3 measured"
    assert record.facts["loss_kwargs.r1_gamma"] == 8.2
    assert record.skipped_lines == 0
    assert open_run(folder / "training_options.json").path == folder


def test_garbled_and_endless_lines_are_counted_and_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 2000)
    folder = write_nvlabs(tmp_path / "run")
    good = (folder / "stats.jsonl").read_bytes()
    deep = b"[" * 1500 + b"\n"
    endless = b'{"Loss/G/loss": "' + b"a" * 9000 + b'"}\n'
    rubbish = b'\xff\xfe\x00\n[1, 2]\nnull\n{"Progress/kimg": {"mean": 1e400}}\n{"Progress/kimg": true}\n'
    (folder / "stats.jsonl").write_bytes(rubbish + deep + endless + good + b'{"Progress/kimg": {"me')
    record = open_run(folder)
    assert record.curve("loss_generator").values == (1.0, 2.0, 3.0)
    assert record.skipped_lines == 8
    (folder / "metric-fid50k_full.jsonl").write_text('{"results": 3}\n{"results": {"fid50k_full": "x"}}\n7\n')
    assert open_run(folder).best_snapshot().reason.startswith("the last one")
    (folder / "training_options.json").write_text("{")
    assert open_run(folder).warnings == ("training_options.json is damaged",)


def test_the_number_of_lines_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINES", 10)
    path = tmp_path / "log.jsonl"
    path.write_text("{}\n" * 50)
    skipped = lines.SkipCount()
    assert len(list(lines.read_records(path, skipped))) == 10
    assert skipped.lines == 1


def test_the_log_is_the_fallback(tmp_path):
    record = open_run(write_tensorflow_era(tmp_path / "00001-sgan"))
    assert record.curve("seconds_per_kimg").values == (612.3, 80.01)
    assert record.curve("seconds_per_kimg").moments == (0.1, 6.1)
    assert record.best_snapshot().path.name == "network-snapshot-000006.pkl"
    assert record.measurements[0].value == 300.1234


def test_metrics_where_more_is_better(tmp_path):
    folder = write_nvlabs(tmp_path / "run")
    (folder / "metric-fid50k_full.jsonl").unlink()
    with (folder / "metric-pr50k3_full.jsonl").open("w") as file:
        for kimg, recall in ((0, 0.1), (4, 0.4), (8, 0.3)):
            name = f"C:\\runs\\network-snapshot-{kimg:06d}.pkl"
            file.write(json.dumps({"results": {"pr50k3_full_recall": recall}, "snapshot_pkl": name}) + "\n")
    best = open_run(folder).best_snapshot()
    assert (best.moment, best.reason) == (4.0, "highest pr50k3_full_recall: 0.4 of 3 measured")


def test_a_stylegan_xl_run_keeps_its_best_model(tmp_path):
    folder = write_nvlabs(tmp_path / "run")
    (folder / "best_model.pkl").write_bytes(b"x")
    (folder / "best_nimg.txt").write_text("6000\n")
    assert (6.0, folder / "best_model.pkl") in open_run(folder).snapshots


@pytest.mark.parametrize(
    ("kind", "unit", "models", "sheets"),
    [
        ("rosinality", "iterations", ["checkpoint/000100.pt", "checkpoint/010000.pt"], ["sample/000100.png"]),
        ("fastgan", "iterations", ["models/100.pth", "models/all_100.pth", "models/10000.pth"], ["images/100.jpg"]),
        ("dcgan_example", "epochs", ["netG_epoch_1.pth", "netD_epoch_1.pth", "netG_epoch_12.pth"],
         ["fake_samples_epoch_001.png"]),
        ("lucidrains", "snapshots", ["model_1.pt", "model_12.pt"], []),
    ],
)  # fmt: skip
def test_folders_of_numbered_files(tmp_path, kind, unit, models, sheets):
    folder = write_numbered(tmp_path / "models" / "mine", models, sheets)
    if kind == "lucidrains":
        write_numbered(tmp_path / "results" / "mine", [], ["1.jpg", "1-ema.jpg"])
    record = open_run(folder)
    assert (record.format, record.unit) == (kind, unit)
    assert len(record.snapshots) == 2
    assert record.snapshots[0][0] < record.snapshots[1][0]
    assert len(record.sheets) == 1
    assert record.best_snapshot().path == record.snapshots[1][1]


def test_a_kept_log_of_the_dcgan_example(tmp_path):
    folder = write_numbered(tmp_path, ["netG_epoch_0.pth"], [])
    (folder / "train.log").write_text(
        "Random Seed:  5\n[0/25][0/2] Loss_D: 1.5 Loss_G: 5.2 D(x): 0.51 D(G(z)): 0.50 / 0.01\n"
        "[0/25][1/2] Loss_D: 1.25 Loss_G: 4.5 D(x): 0.6 D(G(z)): 0.4 / 0.02\n"
    )
    record = open_run(folder)
    assert record.curve("loss_generator").moments == (0.0, 0.5)
    assert record.curve("d_fake").values == (0.5, 0.4)


def test_our_own_run(tiny_config, tmp_path):
    run = RunFolder(tmp_path / "ours")
    run.create(tiny_config, {"pictures": 40})
    for kimg in (1.0, 2.0):
        run.append("scalars", {"kimg": kimg, "loss_generator": kimg / 2})
        run.append("scores", {"kimg": kimg, "kid": 3 - kimg})
        run.snapshot_path(kimg).write_bytes(b"x")
    record = open_run(run.path)
    assert record.format == "ganstudio"
    assert record.curve("loss_generator").values == (0.5, 1.0)
    assert record.best_snapshot().reason == "lowest kid: 1 of 2 measured"
    assert record.facts["seed"] == tiny_config.seed
    (run.path / "run.json").write_text("{")
    with pytest.raises(RunFolderError, match=r"run\.json"):
        open_run(run.path)


def test_a_record_feeds_the_panels_history(tmp_path):
    history = RunHistory.of_record(open_run(write_nvlabs(tmp_path / "run")))
    assert series(history.scalars, "loss_generator") == ([0.0, 4.0, 8.0], [1.0, 2.0, 3.0])
    assert series(history.scores, "fid50k_full") == ([0.0, 4.0, 8.0], [90.0, 20.0, 30.0])
    assert len(history.samples) == len(history.snapshots) == 3


def test_other_folders_are_no_runs(tmp_path):
    assert not is_run(tmp_path)
    assert not is_run(tmp_path / "gone")
    with pytest.raises(RunFolderError, match="no training run"):
        open_run(tmp_path)
    with pytest.raises(RunFolderError, match="not there"):
        open_run(tmp_path / "gone")


def test_names_that_only_look_numbered_are_left_out(tmp_path):
    for name in (
        "fakes_init.png",
        "fakes000001.png",
        "fakes999999999999.png",
        "xfakes000001.png",
        "fakes000001.png.part",
    ):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for _, path in list_numbered(tmp_path, r"fakes(\d{1,9})\.png")] == ["fakes000001.png"]
