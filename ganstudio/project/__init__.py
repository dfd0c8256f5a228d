"""What a person is working on, as one frozen value, and the named edits that lead from one to the next.

`state.py` holds `Project`; `edits.py` holds pure functions `Project -> Project` that check what they are given, so that
an undo step can never be half right; `file.py` writes a project as JSON and reads it back. Knows neither Qt nor torch.
To add an edit: write a function in `edits.py`; it raises `EditError` before anything changes.
"""
