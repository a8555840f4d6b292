"""What `make bench` runs: every figure measured in the same run on the same machine."""
