"""Runs profile_training/commands/sentiment_of_texts.py without installation."""

from profile_training.launch import sentiment_of_texts

sentiment_of_texts()
