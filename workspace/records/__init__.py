"""What record pages show, gathered in a fixed number of statements."""
