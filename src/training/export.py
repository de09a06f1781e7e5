"""Runs profile_training/commands/export.py without installation."""

from profile_training.launch import export

export()
