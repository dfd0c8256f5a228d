"""ONNX files read as data: `protobuf` the wire format, `graph` the messages that say what a model is.

Nothing here runs a model or needs a package; `networks/onnx_graph.py` runs what was checked here through onnxruntime.
"""
