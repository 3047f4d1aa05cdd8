"""QTI: quizzes as learning platforms exchange them."""
