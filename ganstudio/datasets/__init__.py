"""Where training pictures come from: readers of what people have, their preparation, the built-in avatars.

`base.py` says what a source of pictures is; each kind of file has a reader of its own, detected by what is in it;
`catalogue.open_source` opens anything. `pictures.py` decodes one picture, `fitting.py` makes pictures equal,
`preparation.py` prepares a set once into a cache (`cache.py` writes it, `prepared.py` opens it). `likeness.py` finds
copies and outliers. To add a reader: write a file with a class that has `detect` and `open`, register it in `DATASETS`,
import it in `catalogue.py`.
"""
