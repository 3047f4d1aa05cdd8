"""GIFT: quizzes as plain text."""
