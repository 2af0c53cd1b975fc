"""How outbound events and the queue behind them are doing, for Prometheus."""
