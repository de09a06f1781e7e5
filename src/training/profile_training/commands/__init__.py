"""One module a command; `launch` starts them. None is imported by another."""
