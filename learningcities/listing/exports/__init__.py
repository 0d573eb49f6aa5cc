"""A list taken away: the rows and the order that the visitor sees, all pages of them, in each format."""
