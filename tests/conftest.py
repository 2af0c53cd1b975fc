"""What every test may ask for; the cast is described in tests/people.py."""
