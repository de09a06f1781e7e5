"""Figures of a model: how high it would have ranked what came next."""
