"""What a person is working on, as one frozen value, the named edits that lead from one to the next, and its files.

`state.py` holds `Project`; `edits.py`, `direction_edits.py`, `latent_edits.py`, `timeline_edits.py` and `history.py`
hold pure functions `Project -> Project` that check what they are given, so that an undo step can never be half right.
`file.py` is the project as a file (`migrations/` what older ones were), `session.py` what is kept while a window is
open, `recipe.py` what a picture says of its making, `clipboard_texts.py` what is copied and pasted. Knows neither Qt
nor torch. To add an edit: write such a function; it raises `EditError` before anything changes.
"""
