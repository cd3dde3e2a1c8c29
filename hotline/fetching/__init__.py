"""What the hotline fetches by itself, for systems that can only drop files or be asked: watched folders and pulling."""
