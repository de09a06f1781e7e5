"""Events and attributes → the integers and floats that a model takes (docs/model-package.md)."""
