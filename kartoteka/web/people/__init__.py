"""Pages about oneself: signing in and up, the account, the settings."""
