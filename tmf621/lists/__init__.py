"""Lists of tickets: what is asked for, in which order, and one page of it."""
