"""The house rules that no other tool checks."""

import ast
import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import ganstudio

ROOT = Path(ganstudio.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
MODULES = [module.name for module in pkgutil.walk_packages([str(ROOT)], "ganstudio.")]
CORE = [name for name in MODULES if not name.startswith("ganstudio.gui") and name != "ganstudio.__main__"]
TORCH_FREE = [
    name
    for name in MODULES
    if name.split(".")[1]
    in {
        "gui",
        "datasets",
        "project",
        "cli",
        "images",
        "files",
        "errors",
        "registry",
        "devices",
        "recognition",
        "config_fields",
    }
    or name in {"ganstudio.checkpoints.catalogue", "ganstudio.checkpoints.builtin", "ganstudio.rendering.request"}
    or name
    in {
        f"ganstudio.training.{part}"
        for part in ("config", "presets", "events", "origin", "runs.run_folder", "watch.health")
    }
    or name.startswith(
        ("ganstudio.training.runs.readers", "ganstudio.checkpoints.latents", "ganstudio.latent.discovery")
    )
    or name in {"ganstudio.checkpoints.writers.catalogue", "ganstudio.checkpoints.writers.base"}
]


def run_python(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_core_stands_without_qt():
    block = "import sys\nfor name in ('PySide6', 'shiboken6', 'pyqtgraph'): sys.modules[name] = None\n"
    run_python(block + f"import importlib\nfor name in {CORE!r}: importlib.import_module(name)")


def test_the_window_does_not_wait_for_torch():
    run_python(
        "import importlib, sys\n"
        f"for name in {TORCH_FREE!r}: importlib.import_module(name)\n"
        "assert 'torch' not in sys.modules, 'torch was loaded'"
    )


@pytest.mark.parametrize(
    ("package", "folder", "registry"),
    [
        ("networks", "networks", "NETWORKS"),
        ("losses", "losses", "LOSSES"),
        ("checkpoints", "checkpoints/formats", "FORMATS"),
        ("checkpoints.containers", "checkpoints/containers", "CONTAINERS"),
        ("checkpoints.latents", "checkpoints/latents", "LATENT_FORMATS"),
        ("checkpoints.writers", "checkpoints/writers", "WRITERS"),
        ("training.runs.readers", "training/runs/readers", "RUN_READERS"),
        ("latent.discovery", "latent/discovery", "METHODS"),
        ("cli", "cli", "VERBS"),
    ],
)
def test_every_plugin_file_is_imported_and_registers_something(package, folder, registry):
    registering = re.compile(rf"^{registry}\.add\(|^@{registry}\.register\(", re.MULTILINE)
    files = {path.stem for path in (ROOT / folder).glob("*.py") if registering.search(path.read_text())}
    catalogue = import_module(f"ganstudio.{package}.catalogue")
    assert files
    assert files <= set(vars(catalogue)), "a plug-in file is not imported by its catalogue"
    assert len(getattr(catalogue, registry)) >= len(files)


@pytest.fixture(scope="module")
def sources() -> dict[str, ast.Module]:
    """All files, read once: one test over all is ten times as quick as one for each."""
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


@pytest.fixture(scope="module")
def calls(sources) -> list[tuple[str, str, ast.Call]]:
    """Every call of a name as (file, dotted name, node)."""
    return [
        (path, dotted(node.func), node)
        for path, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


def dotted(called: ast.expr) -> str:
    """The name of what is called, such as "torch.load"; of what is called on something made on the spot, its end."""
    if isinstance(called, ast.Attribute):
        return f"{dotted(called.value)}.{called.attr}"
    return called.id if isinstance(called, ast.Name) else ""


def test_nothing_in_a_file_can_run(calls):
    forbidden = {"eval", "exec", "pickle.load", "pickle.loads", "torch.load", "yaml.load", "compile", "__import__"}
    found = []
    for path, name, node in calls:
        runs_pickles = False
        if name in {"np.load", "numpy.load"}:
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            runs_pickles = given.get("allow_pickle") != "False"
        if name in forbidden or name.endswith(".extractall") or runs_pickles:
            found.append(f"{path}:{node.lineno}: {name}")
    assert found == []


def test_threads_have_one_place(calls):
    threads = {"threading.Thread", "QThread", "QThreadPool", "QRunnable", "ThreadPoolExecutor"}
    found = [f"{path}:{node.lineno}: {name}" for path, name, node in calls if name in threads and path != "gui/jobs.py"]
    assert found == []


def test_everything_is_caught_in_one_place(sources):
    found = []
    for path, tree in sources.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and path != "gui/jobs.py":
                caught = "everything" if node.type is None else ast.unparse(node.type)
                cleans_up = caught == "BaseException" and isinstance(node.body[-1], ast.Raise)
                if caught in {"everything", "Exception", "BaseException"} and not cleans_up:
                    found.append(f"{path}:{node.lineno}: {caught}")
    assert found == []


def test_files_stay_small_and_names_say_something():
    long = [path for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 600]
    vague = [path for path in SOURCES if path.stem in {"utils", "helpers", "common", "misc", "manager"}]
    assert (long, vague) == ([], [])
