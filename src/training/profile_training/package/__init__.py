"""Model packages (docs/model-package.md): written, read back, and begun anew from one another."""
