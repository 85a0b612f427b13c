"""The pages of the detail, one module a tab."""
