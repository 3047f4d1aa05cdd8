"""Card Sorting: two piles, know and still learning."""
