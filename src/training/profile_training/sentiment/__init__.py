"""The model that scores texts (docs/sentiment.md): texts, tokens, network, training and package."""
