"""Where things lie: sealed rows, the team's documents, files and the audit log."""
