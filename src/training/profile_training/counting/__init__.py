"""What counting says of a log, without a network: factors of items and categories, popularity, and how facts about users are scaled."""
