"""What the canvas shows in the middle of the window: one picture, a grid of many, the network's layers.

A page knows the document and the services, puts widgets together, and is shown by the canvas panel in its turn.
"""
