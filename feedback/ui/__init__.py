"""What the team and custodians see: the only room with Streamlit and Altair."""
