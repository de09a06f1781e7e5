"""Runs profile_training/commands/neighbours.py without installation."""

from profile_training.launch import neighbours

neighbours()
