"""Where pixels are worked on: in this process, or in worker processes with models of their own."""
