"""Gifts: what one person paid for and another one takes."""
