"""What an owner still has to do before people can buy."""
