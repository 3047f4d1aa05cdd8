"""What all formats stand on, tried."""
