"""Invented texts for what labelled ones do not teach: negation, the words of shops, emoji, long texts, and texts without an opinion."""
