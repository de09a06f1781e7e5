"""Runs profile_training/commands/reference_packages.py without installation."""

from profile_training.launch import reference_packages

reference_packages()
