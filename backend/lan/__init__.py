"""The guests' Ethernet: a learning switch in user space, its ports, and what operators see of it."""
