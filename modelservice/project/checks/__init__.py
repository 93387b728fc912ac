"""What is wrong with an assistant, in its author's words. Pure: no ORM, no network."""
