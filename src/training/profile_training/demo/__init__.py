"""Generated shops: the demo shop, and random ones that the starter model is trained on."""
