"""What somebody does, one noun a file. Services take a session, never see HTTP and never commit."""
