"""The control API: what people and channel owners do, faults, the clock and the record of calls."""
