"""A copied Knowt set page."""
