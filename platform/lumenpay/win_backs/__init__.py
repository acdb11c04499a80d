"""The win-back series: growing offers to people whose subscription ended, each step once for each end."""
