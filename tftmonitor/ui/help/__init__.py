"""What explains the program: its words, its licences, and what to send with a question."""
