"""Names that the rival worker and whoever feeds it share; importing the worker itself would need its environment."""

QUEUE = "bench-naive"
TASK = "bench.answer_update"
