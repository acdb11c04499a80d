"""Channels and supergroups that bots look after."""
