"""The commands of `throughline`, by who uses them."""
