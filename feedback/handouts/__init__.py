"""What leaves the house on paper: packet, summary and posters, as PDF and as a page."""
