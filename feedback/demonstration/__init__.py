"""The invented team of the demonstration: its people, their words and its decisions."""
