"""Files of events, user attributes and item content, read by the service's rules into one history per user."""
