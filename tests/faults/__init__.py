"""Tests of what goes wrong around the program: kills, full disks, wrong clocks, no network."""
