"""What arrived, losslessly: one SQLite file of its own, beside the journal of alarms.

``docs/history-format.md`` says what is in the file; ``reader.HistoryReader`` reads it.
"""
