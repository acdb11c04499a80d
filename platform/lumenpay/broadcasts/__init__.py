"""Messages to many subscribers: what they say, who gets them, and sending each once."""
