"""Files that run code when they are unpickled: each would make the canary file if anything in it ran."""

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pickle_parts as parts
from pickle_parts import call, name, stack_name, tuple_of, value, whole

Payload = Callable[[Path], bytes]


def calls_of(canary: Path) -> Iterator[tuple[str, bytes]]:
    """Calls by which code starts, or a step towards it is made."""
    shell, program = value(f"touch {canary}"), value(f"open({str(canary)!r}, 'w')")
    word = value("touch")
    argv = value(["touch", str(canary)])
    for module, function, argument in (
        ("os", "system", shell), ("posix", "system", shell), ("nt", "system", shell), ("os", "popen", shell),
        ("os", "execvp", argv), ("os", "_exit", value(0)), ("subprocess", "Popen", argv), ("subprocess", "call", argv),
        ("subprocess", "check_output", argv), ("subprocess", "getoutput", shell), ("commands", "getoutput", shell),
        ("builtins", "eval", program), ("builtins", "exec", program), ("__builtin__", "eval", program),
        ("__builtin__", "execfile", program), ("builtins", "__import__", value("os")), ("builtins", "open", program),
        ("builtins", "compile", program), ("builtins", "getattr", word), ("builtins", "map", word),
        ("builtins", "globals", word), ("builtins", "input", word), ("builtins", "breakpoint", word),
        ("builtins", "setattr", word), ("builtins", "type", word), ("builtins", "print", word),
        ("importlib", "import_module", value("os")), ("importlib.util", "spec_from_file_location", word),
        ("runpy", "run_path", word), ("runpy", "_run_code", word), ("pty", "spawn", word), ("pdb", "run", program),
        ("bdb", "Bdb", word), ("timeit", "timeit", program), ("cProfile", "run", program), ("profile", "run", program),
        ("trace", "Trace", word), ("code", "InteractiveInterpreter", word), ("codeop", "compile_command", program),
        ("ctypes", "CDLL", word), ("ctypes.util", "find_library", word), ("webbrowser", "open", word),
        ("pickle", "loads", word), ("_pickle", "loads", word), ("pickle", "Unpickler", word), ("shelve", "open", word),
        ("marshal", "loads", word), ("types", "FunctionType", word), ("types", "CodeType", word),
        ("operator", "attrgetter", word), ("operator", "methodcaller", word), ("_operator", "itemgetter", word),
        ("functools", "reduce", word), ("itertools", "starmap", word), ("shutil", "rmtree", word),
        ("shutil", "copyfile", word), ("pathlib", "PosixPath.touch", word), ("io", "open", word),
        ("_io", "FileIO", word), ("tempfile", "mkstemp", word), ("urllib.request", "urlretrieve", word),
        ("http.client", "HTTPConnection", word), ("socket", "create_connection", word), ("smtplib", "SMTP", word),
        ("ftplib", "FTP", word), ("ssl", "get_server_certificate", word), ("zipimport", "zipimporter", word),
        ("site", "execsitecustomize", word), ("doctest", "debug_script", program), ("pydoc", "locate", word),
        ("pydoc", "pipepager", word), ("idlelib.pyshell", "ModifiedInterpreter.runcommand", program),
        ("lib2to3.pgen2.grammar", "Grammar.loads", word), ("distutils.file_util", "write_file", word),
        ("ensurepip", "_run_pip", word), ("venv", "create", word), ("asyncio", "run", word),
        ("asyncio.unix_events", "_UnixSubprocessTransport._start", argv), ("multiprocessing", "Process", word),
        ("threading", "Thread", word), ("signal", "signal", word), ("sys", "exit", word), ("gc", "get_objects", word),
        ("inspect", "getattr_static", word), ("logging.config", "dictConfig", word), ("cgitb", "lookup", word),
        ("imaplib", "IMAP4_stream", word), ("uuid", "_get_command_stdout", word), ("platform", "popen", word),
        ("sqlite3", "connect", word), ("dbm", "open", word), ("nntplib", "NNTP", word), ("imp", "load_source", word),
        ("torch", "load", word), ("torch.serialization", "load", word), ("torch.serialization", "os.system", shell),
        ("torch.hub", "load", word), ("torch.jit", "load", word), ("torch", "compile", word),
        ("torch.jit.unsupported_tensor_ops", "execWrapper", program), ("torch.utils.cpp_extension", "load", word),
        ("torch.utils._config_module", "load_config", word), ("torch.distributed.run", "main", word),
        ("torch.utils.data.datapipes.utils.decoder", "basichandlers", word), ("torch.fx.graph_module", "_forward_from_src", program),
        ("torch._dynamo.guards", "GuardBuilder.get", program), ("torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression", program),
        ("torch._inductor.codecache", "compile_file", word), ("torch.nn.modules.module", "os.system", shell),
        ("torch.nn.functional", "relu", word), ("torch.nn.modules.linear", "Linear", word), ("torch", "os", word),
        ("numpy", "load", word), ("numpy", "fromfile", word), ("numpy.f2py.crackfortran", "getlincoef", program),
        ("numpy.testing._private.utils", "runstring", program), ("numpy.lib.npyio", "load", word), ("numpy", "memmap", word),
        ("numpy.ma.core", "_mareconstruct", word), ("numpy.core.multiarray", "fromfile", word),
        ("dill", "loads", word), ("dill._dill", "_eval_repr", program), ("dill._dill", "_import_module", value("os")),
        ("dill._dill", "_get_attr", word), ("dill._dill", "_setattr", word), ("dill.temp", "load_source", word),
        ("cloudpickle.cloudpickle", "_make_function", word), ("cloudpickle", "loads", word),
        ("joblib", "load", word), ("pandas", "read_pickle", word), ("pandas", "eval", program),
        ("sympy", "sympify", program), ("yaml", "unsafe_load", program), ("pip", "main", word), ("pip._internal", "main", word),
        ("setuptools._distutils.spawn", "spawn", argv), ("pkg_resources", "run_script", word), ("IPython", "embed", word),
        ("tensorflow", "io.write_file", word), ("keras.models", "load_model", word), ("requests", "get", word),
        ("transformers.dynamic_module_utils", "get_class_in_module", word), ("safetensors.torch", "load_file", word),
        ("PIL.ImageMath", "eval", program), ("PIL.Image", "open", word), ("ganstudio.files", "write_text_atomically", word),
        ("project.networks", "load_weights", word), ("__main__", "run", word),
    ):  # fmt: skip
        yield f"{module}.{function}", call(name(module, function), argument)


def ways(canary: Path) -> Iterator[tuple[str, bytes]]:
    """One call, hidden in every way in which a pickle can say it."""
    system, shell = name("os", "system"), value(f"touch {canary}")
    yield "global only", system
    yield "stack_global", call(stack_name("os", "system"), shell)
    yield "inst", b"(" + shell + b"ios\nsystem\n"
    yield "obj", b"(" + system + shell + b"o"
    yield "newobj", parts.new(name("subprocess", "Popen"), value(["touch", str(canary)]))
    yield "newobj_ex", name("subprocess", "Popen") + value((["touch", str(canary)],)) + value({}) + b"\x92"
    yield "newobj function", call(name("copyreg", "__newobj__"), system, shell)
    yield (
        "reconstructor",
        call(name("copy_reg", "_reconstructor"), name("os", "_wrap_close"), name("builtins", "object")),
    )
    yield "behind a value", parts.list_of(value(1), call(system, shell))
    yield "popped", call(system, shell) + b"0" + value({"a": 1})
    yield "popped mark", b"(" + call(system, shell) + b"1" + value({"a": 1})
    yield "as a key", b"}" + call(system, shell) + value(1) + b"s"
    yield "in a memo", call(system, shell) + b"q\x00" + b"0" + value({})
    yield "as a state", parts.build(parts.new(name("models", "Generator")), call(system, shell))
    yield "as an argument of a class", call(name("models", "Generator"), call(system, shell))
    yield "in a partial", call(call(name("functools", "partial"), name("os", "system")), shell)
    yield "call of a partial", call(call(name("functools", "partial"), name("models", "Generator")), shell)
    yield "call of an object", call(parts.new(name("models", "Generator")), shell)
    yield "call of a text", call(value("os.system"), shell)
    yield "call of a function of dill's", call(call(name("dill._dill", "_create_function"), value("code")), shell)
    yield "class of dill's", call(call(name("dill._dill", "_create_type"), name("builtins", "type"), value("X"),
                                       value(()), value({})), shell)  # fmt: skip
    yield "default of a dict", call(name("collections", "defaultdict"), system)
    yield "default is a call", call(name("collections", "defaultdict"), call(system, shell))
    yield "parameter state", call(name("torch._utils", "_rebuild_parameter_with_state"), call(system, shell), value(True),
                                  value({}), value({}))  # fmt: skip
    yield "from type", call(name("torch._tensor", "_rebuild_from_type_v2"), system, name("torch", "FloatTensor"),
                            tuple_of(shell), value({}))  # fmt: skip
    yield "array of another class", call(name("numpy.core.multiarray", "_reconstruct"), name("models", "Evil"), value((0,)),
                                         parts.value_bytes(b"b"))  # fmt: skip
    yield "extension", b"\x82\x01" + tuple_of(shell) + b"R"
    yield "persistent name", b"Pos\n"
    yield "persistent module", tuple_of(value("module"), system, value("a.py"), value("x")) + b"Q"
    yield "persistent storage of a class", tuple_of(value("storage"), system, value("0"), value("cpu"), value(4)) + b"Q"
    yield "next buffer", b"\x97"
    yield "encoding", call(name("_codecs", "encode"), value("a"), value("zlib"))
    yield "name with a blank", name("os ", "system")
    yield "name with a newline", stack_name("os\nsystem", "x")
    yield "name of a number", value(1) + value("system") + b"\x93"
    yield "dotted", stack_name("collections", "abc.sys.modules")
    yield "dotted class", stack_name("torch.nn.modules.module", "Module.__init__.__globals__")
    functions = name("torch._C", "_VariableFunctionsClass")
    yield "getattr of torch", call(name("builtins", "getattr"), functions, value("__class__"))
    yield "call of a function of torch", call(call(name("builtins", "getattr"), functions, value("tanh")), value(1))
    yield "getattr of a module", call(name("builtins", "getattr"), name("torch.nn.functional", "relu"), value("tanh"))
    yield "name that rings a bell", stack_name("os", "system\x07\x1b[2J")
    setter = call(name("builtins", "getattr"), name("dill", "_dill"), value("_setattr"), name("builtins", "setattr"))
    yield "setattr of dill's", call(setter, name("torch", "relu"), value("__call__"), value(1))
    yield (
        "setattr of an object",
        call(name("builtins", "setattr"), parts.new(name("models", "A")), value("a"), value(1)),
    )
    yield "another function of dill's", call(name("builtins", "getattr"), name("dill", "_dill"), value("_eval_repr"))
    yield (
        "import of dill's",
        call(name("dill._dill", "_import_module"), value("torch.hub.os"))[:-1]
        + b"R"
        + b"0"
        + call(name("dill._dill", "_import_module"), value("subprocess")),
    )
    yield "type of dill's", call(call(name("dill._dill", "_load_type"), value("eval")), shell)
    yield "code of dill's", call(call(name("dill._dill", "_load_type"), value("CodeType")), shell)
    yield "class of dill's, called", call(call(name("dill._dill", "_load_type"), value("type")), shell)
    yield "dunder", stack_name("builtins", "__dict__")


def files(canary: Path) -> Iterator[tuple[str, bytes]]:
    """All files, by what is in them."""
    for label, payload in calls_of(canary):
        yield f"calls {label}", whole(payload)
    for label, payload in ways(canary):
        yield f"plain pickle, {label}", whole(payload)
    system = call(name("os", "system"), value(f"touch {canary}"))
    text_pickle = f"cos\nsystem\n(S'touch {canary}'\ntR.".encode()
    yield "protocol 0", text_pickle
    yield "protocol 0, inst", f"(S'touch {canary}'\nios\nsystem\n.".encode()
    good = parts.dict_of(g=parts.tensor(parts.storage()))
    for label, payload in (("call", system), ("behind a tensor", parts.list_of(good, system))):
        yield f"torch zip, {label}", parts.torch_zip(whole(payload, 2))
        yield f"torch stream, {label}", parts.torch_stream(whole(payload, 2))
        yield f"nested storage, {label}", whole(parts.wrapped_tensor(whole(payload, 2)))
    yield "torch stream, in its system", parts.torch_stream(whole(parts.storage(), 2), system=whole(system, 2))
    yield "torch stream, in its keys", (parts.MAGIC + pickle.dumps(1001, 2) + parts.SYSTEM + whole(parts.storage(), 2)
                                        + whole(system, 2))  # fmt: skip
    inner = call(name("torch.storage", "_load_from_bytes"), parts.value_bytes(parts.torch_stream(whole(system, 2))))
    yield "nested twice", whole(parts.wrapped_tensor(whole(inner, 2)))
    yield "nested zip", whole(parts.tensor(call(name("torch.storage", "_load_from_bytes"),
                                                parts.value_bytes(parts.torch_zip(whole(system, 2))))))  # fmt: skip
    yield "nested plain pickle", whole(parts.tensor(call(name("torch.storage", "_load_from_bytes"),
                                                         parts.value_bytes(whole(system, 2)))))  # fmt: skip
    yield "torchscript constants", parts.torch_zip(whole(good, 2), extra=(("archive/constants.pkl", whole(system, 2)),))
    yield "torchscript data", parts.torch_zip(whole(system, 2), extra=(("archive/constants.pkl", whole(value(()), 2)),))
    yield "second data.pkl", parts.torch_zip(whole(good, 2), extra=(("other/data.pkl", whole(system, 2)),))
    yield "npz with a pickle", parts.zipped([("a.npy", npy_of_objects(whole(system)))])
    yield "npy with a pickle", npy_of_objects(whole(system))
    yield "pickle, then zip", whole(value({"a": 1})) + parts.torch_zip(whole(system, 2))
    yield "pickle, then pickle", whole(value({"a": 1})) + whole(system)
    yield "zip after a program", b"#!/bin/sh\ntouch " + str(canary).encode() + b"\n" + parts.torch_zip(whole(system, 2))


def npy_of_objects(pickled: bytes) -> bytes:
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + pickled
