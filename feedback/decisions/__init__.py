"""What the team does with what it heard: structure, protocol, decisions, measure and board."""
