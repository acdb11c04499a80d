"""What the bot shows: text and buttons made of plain data."""
