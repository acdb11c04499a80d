"""The Telegram and clock door: Celery workers that serve every tenant's bot."""
