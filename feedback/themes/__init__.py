"""What the words mean: people code them into themes, code only suggests, orders and masks."""
