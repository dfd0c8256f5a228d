import zipfile
from pathlib import Path

from ganstudio.checkpoints.listing import FolderScanned, holds_zipped_weights, scan_folder


def scanned(folder: Path, limit: int = 1000) -> FolderScanned:
    *_, last = scan_folder(folder, limit)
    assert isinstance(last, FolderScanned)
    return last


def test_weights_are_found_by_their_first_bytes(tmp_path: Path, tiny_checkpoint: Path) -> None:
    data = tiny_checkpoint.read_bytes()
    folder = tmp_path / "folder"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in ("a/b/model.txt", "model.dat", ".hidden/model.safetensors"):
        (folder / name).write_bytes(data)
    (folder / "notes.pkl").write_text("words" * 100)
    (folder / "empty.pt").write_bytes(b"")
    (folder / "loop").symlink_to(folder)
    (folder / "gone").symlink_to(folder / "nowhere")
    found = scanned(folder)
    assert [path.name for path in found.files] == ["model.txt", "model.dat"]
    assert found.others == 2
    assert found.is_complete


def test_so_many_are_listed_and_no_more(tmp_path: Path, tiny_checkpoint: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.safetensors").write_bytes(tiny_checkpoint.read_bytes())
    found = scanned(tmp_path, 3)
    assert len(found.files) == 3
    assert not found.is_complete
    assert scanned(tmp_path / "not there").files == ()


def test_zips_of_weights_are_told_from_zips_of_pictures(tmp_path: Path) -> None:
    for name, entry in (("weights", "archive/data.pkl"), ("pictures", "0.png")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(entry, b"x")
        path = tmp_path / name
        assert holds_zipped_weights(path, path.read_bytes()) == (name == "weights")
    cut = (tmp_path / "weights").read_bytes()[:60]
    (tmp_path / "cut").write_bytes(cut)
    assert holds_zipped_weights(tmp_path / "cut", cut)
