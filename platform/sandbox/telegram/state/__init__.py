"""What exists in the sandbox's Telegram: users, bots, chats, members, links, invoices."""
