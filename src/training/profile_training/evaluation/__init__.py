"""Figures of a model: what it would have recommended instead of what came next."""
