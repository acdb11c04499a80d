"""What is known of a subscriber: all of it told at their word, and all of it forgotten but the books."""
