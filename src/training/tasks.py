"""Runs profile_training/commands/tasks.py without installation."""

from profile_training.launch import tasks

tasks()
