"""Discovery on a Kubernetes cluster: list, watch, and what the answers mean."""
