"""What a training run leaves on disk: its folder, its record, the state it resumes from; runs of other programs.

`run_folder.py` knows the paths, `run_history.py` what was told, `state.py` how everything that changes is saved and
restored; `readers` opens the folders of other programs.
"""
