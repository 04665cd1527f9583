"""Keep what people send sealed: the only room that holds keys and imports cryptography."""
