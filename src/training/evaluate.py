"""Runs profile_training/commands/evaluate.py without installation."""

from profile_training.launch import evaluate

evaluate()
