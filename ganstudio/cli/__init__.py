"""The command line: one verb a file, no Qt; it proves that the core stands without a window.

A verb has a summary, a description with examples, its arguments and `run(options) -> exit code`. To add one: write the
file, register the verb in `VERBS` under its name, import the file in `catalogue.py`.
"""
