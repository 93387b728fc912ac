"""What operators and their programs see of this process: probes and metrics."""
