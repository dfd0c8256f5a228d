"""Several processes that share each batch: they equal one with the whole batch, stop together and end together."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ganstudio.checkpoints.formats.native import read_file
from ganstudio.devices import Launched, default_threads, launched
from ganstudio.networks.draws import Share
from ganstudio.networks.peers import Peers
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.processes import Processes
from ganstudio.training.runs.run_folder import RunFolder
from tests.training.sharing_processes import ROUNDS, make_config, play, start_together

CASES = ("mlp", "dcgan", "normalised", "spectral", "cured", "stylegan2")


@pytest.fixture(scope="module")
def shared_runs(tmp_path_factory) -> Path:
    """The runs of all cases, played by two processes."""
    folder = tmp_path_factory.mktemp("shared")
    for code, said in start_together(folder, *CASES, "part-dcgan", "stop-mlp"):
        assert code == 0, said
    return folder


def assert_same_state(run: RunFolder, other: RunFolder, unseen: str = "nothing") -> None:
    """The newest states agree to rounding; a weight that the loss does not see goes with the noise of rounding."""
    (_, ours), (_, theirs) = read_file(run.states()[-1][1]), read_file(other.states()[-1][1])
    assert set(ours) == set(theirs)
    assert np.array_equal(ours["random"], theirs["random"])
    for name in set(ours) - {"random"}:
        if unseen not in name and not name.startswith("discriminator_optimizer.3" if unseen != "nothing" else "-"):
            assert np.allclose(ours[name], theirs[name], rtol=1e-4, atol=1e-6), name


@pytest.mark.parametrize("case", CASES)
def test_two_processes_equal_one_with_the_whole_batch(shared_runs, tmp_path, case):
    play(tmp_path, case)
    alone, shared = RunFolder(tmp_path / case), RunFolder(shared_runs / case)
    assert_same_state(alone, shared, "discriminator.head.linear.bias" if case == "mlp" else "nothing")
    assert len(alone.read("scalars")) == ROUNDS
    for ours, theirs in zip(alone.read("scalars"), shared.read("scalars"), strict=True):
        for name in set(ours) - {"images_per_second"}:
            assert ours[name] == pytest.approx(theirs[name], rel=1e-3, abs=1e-5), name


def test_one_process_goes_on_where_two_stopped(shared_runs, tmp_path):
    run = RunFolder(shared_runs / "part" / "dcgan")
    assert [kimg for kimg, _ in run.states()] == [0.024]
    play(run.path.parent, "dcgan", resume=True)
    play(tmp_path, "dcgan")
    assert_same_state(RunFolder(tmp_path / "dcgan"), run)


def test_when_one_is_asked_to_stop_all_stop_at_its_round_and_the_first_saves(shared_runs):
    run = RunFolder(shared_runs / "stop" / "mlp")
    assert [kimg for kimg, _ in run.states()] == [0.024]
    assert not run.is_locked()


def test_numbers_that_are_none_in_one_process_are_met_alike_by_all(tmp_path):
    (code, said), (other_code, other_said) = start_together(tmp_path, "broken-dcgan")
    assert (code, other_code) == (0, 0), (said, other_said)
    warnings = [line for line in said.splitlines() if "no number" in line]
    assert "passed over" in warnings[0]
    assert "half as high" in warnings[1]
    assert "went back" in warnings[-1]
    run = RunFolder(tmp_path / "broken" / "dcgan")
    _, tensors = read_file(run.states()[-1][1])
    assert all(np.isfinite(value).all() for name, value in tensors.items() if value.dtype.kind == "f")
    assert run.states()[-1][0] == pytest.approx(0.064)


def test_a_process_that_dies_ends_the_others_with_a_clear_message(tmp_path):
    (code, said), (died, _) = start_together(tmp_path, "die-mlp")
    assert (code, died) == (1, 3)
    assert "another of its processes ended" in said
    assert "resume from the last saved state" in said


def test_a_batch_that_cannot_be_shared_equally_is_refused():
    four = Processes(Peers(Share(1, 4)))
    four.check(make_config("mlp"))
    with pytest.raises(TrainingConfigError, match="8 cannot be shared equally by 4 processes in 4 parts each"):
        four.check(replace(make_config("mlp"), accumulation=4))


def test_the_environment_of_a_launcher_is_read(monkeypatch):
    assert launched() == Launched()
    for name, value in {"RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "4"}.items():
        monkeypatch.setenv(name, value)
    assert launched() == Launched(5, 8, 1, 4)
    monkeypatch.setattr("ganstudio.devices.available_cores", lambda: 12)
    assert default_threads() == 3
