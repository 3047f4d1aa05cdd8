"""Tables as CSV and TSV."""
