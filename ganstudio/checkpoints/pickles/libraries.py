"""Top-level modules that are no person's project: a class of theirs may be named, but none of their functions."""

import sys
from typing import Final

LIBRARIES: Final = frozenset((
    "_pytest", "absl", "accelerate", "aiohttp", "anyio", "apex", "asyncssh", "attr", "attrs", "bdb", "bokeh",
    "boto3", "botocore", "bs4", "celery", "certifi", "cffi", "chainer", "click", "cloudpickle", "commands",
    "conda", "cPickle", "cryptography", "cStringIO", "cupy", "cv2", "cython", "dask", "datasets", "dateutil",
    "deepspeed", "diffusers", "dill", "distributed", "distutils", "django", "docker", "docutils", "einops",
    "elasticsearch", "fabric", "fairscale", "fastai", "fastapi", "filelock", "fire", "flask", "fsspec", "future",
    "ganstudio", "gevent", "google", "gradio", "graphviz", "greenlet", "grpc", "gunicorn", "h5py", "horovod",
    "httpx", "huggingface_hub", "imageio", "imp", "invoke", "ipykernel", "IPython", "jax", "jinja2", "joblib",
    "jsonpickle", "jupyter", "keras", "kornia", "lightning", "lightning_fabric", "lightning_utilities", "lmdb",
    "lxml", "mako", "markdown", "matplotlib", "mlflow", "mmcv", "monai", "multiprocess", "mypy", "nbconvert",
    "networkx", "nltk", "nose", "notebook", "numba", "numexpr", "numpy", "omegaconf", "onnx", "onnxruntime",
    "openai", "optuna", "pandas", "paramiko", "pathos", "peewee", "pexpect", "PIL", "pip", "pkg_resources",
    "platformdirs", "plotly", "ply", "polars", "pox", "ppft", "prompt_toolkit", "psutil", "ptyprocess", "py",
    "pyarrow", "pycparser", "pydantic", "pydantic_core", "pygments", "pymongo", "PyQt5", "PyQt6", "pyqtgraph",
    "PySide6", "pyspark", "pytest", "pytorch_lightning", "Queue", "ray", "redis", "regex", "requests", "rich",
    "ruamel", "safetensors", "scipy", "seaborn", "selenium", "sentencepiece", "setuptools", "sh", "shiboken6",
    "simplejson", "six", "skimage", "sklearn", "sqlalchemy", "srsly", "starlette", "streamlit", "StringIO",
    "sympy", "tensorboard", "tensorboardX", "tensorflow", "tf_keras", "timm", "tokenizers", "toolz", "torch",
    "torchaudio", "torchdata", "torchmetrics", "torchtext", "torchvision", "tornado", "tqdm", "transformers",
    "twisted", "typeguard", "typer", "uvicorn", "virtualenv", "wandb", "werkzeug", "wheel", "win32api", "win32com",
    "wrapt", "xformers", "xgboost", "yaml", "zmq",
))  # fmt: skip

_GONE_FROM_PYTHON: Final = (
    "__builtin__", "_osx_support", "_winapi", "asynchat", "asyncore", "audioop", "binhex", "cgi", "cgitb",
    "commands", "copy_reg", "crypt", "distutils", "dummy_thread", "exceptions", "htmllib", "httplib", "imghdr",
    "imp", "java", "lib2to3", "mailcap", "msilib", "nis", "nntplib", "nt", "os2emxpath", "ossaudiodev", "pipes",
    "popen2", "posix", "smtpd", "spwd", "sunau", "telnetlib", "thread", "urllib2", "uu", "xdrlib",
)  # fmt: skip

STANDARD: Final = (frozenset(sys.stdlib_module_names) | frozenset(_GONE_FROM_PYTHON)) - {"__main__"}
