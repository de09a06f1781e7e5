"""What the networks are trained for: batches, and the loss of a batch."""
