"""The sums over the blocks of a store: told, and verified."""
