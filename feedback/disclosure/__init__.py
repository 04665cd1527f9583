"""What may be shown (pure): a plan and a frame of people go in, protected numbers come out."""
