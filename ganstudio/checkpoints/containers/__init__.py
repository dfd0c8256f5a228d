"""The wrappings that weights come in, parsed into trees of plain data (see `checkpoints/tree.py`); one a file.

A container knows bytes, not networks: it says where tensors lie and of which type and shape they are, after it has
checked each size, offset and name against what is really there. To add one: a file with `detect` and `parse`,
registered in `CONTAINERS`; import it in `catalogue.py`.
"""
