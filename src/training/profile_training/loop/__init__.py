"""The training loop, and the folder that shows and keeps where it stands."""
