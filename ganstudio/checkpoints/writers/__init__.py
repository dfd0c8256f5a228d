"""Kinds of file that a generator can be written as; free of torch until one writes.

`conversion.convert` reads any checkpoint, writes it as another kind, opens the result again and compares the pictures
of fixed latents. To add a kind: a file with a class that keeps to `base.Writer`, registered in `WRITERS`; import it in
`catalogue.py`.
"""
