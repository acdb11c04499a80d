"""Lists as files: asked for, written in pages by a job, kept for a day."""
