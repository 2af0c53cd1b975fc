"""Load and remove what psew ships: the base configuration and the demo story."""
