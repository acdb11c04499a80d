"""Stand-in servers for the outside world: Telegram and the payment gateways. They share no code with the product."""
