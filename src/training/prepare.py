"""Runs profile_training/commands/prepare.py without installation."""

from profile_training.launch import prepare

prepare()
