"""Our own pickle machine: it reads every opcode and calls nothing that a file names.

`machine.py` runs the opcodes over a `reader.py`; a global becomes an inert `Symbol` once `names.py` lets its name pass;
`constructors.py`, `numpy_objects.py` and `torch_objects.py` say which data the few allowed calls stand for; everything
is counted in a `budget.py`. To allow one more constructor: a function there, registered under its exact name.
"""
