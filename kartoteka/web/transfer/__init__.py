"""What comes in: paste, upload, preview, accept."""
