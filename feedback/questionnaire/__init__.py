"""What is asked: the questionnaire as data, and answers to it."""
