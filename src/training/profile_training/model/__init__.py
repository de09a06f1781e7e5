"""The networks. Weights keep their names and layout in the ONNX graph, so that they can be read back."""
