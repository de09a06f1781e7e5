"""Runs profile_training/commands/make_package.py without installation."""

from profile_training.launch import make_package

make_package()
