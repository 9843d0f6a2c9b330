"""The checks: models on known truth, published tables rebuilt, calibration by simulation."""
