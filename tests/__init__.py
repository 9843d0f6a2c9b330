"""The checks, in the same rooms as the code; `tests/project` checks the project itself."""
