"""The pages: each parses, makes one call, presents."""
