"""Requests that are carried out once, however often they come."""
