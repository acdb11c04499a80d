"""YooKassa, API v3, over a transport of our own with credentials per call."""
