"""What a profile is good for besides the next item: a linear probe on the frozen vector, for many questions about a user."""
