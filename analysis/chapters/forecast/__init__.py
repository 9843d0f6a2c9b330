"""The forecast of savings in years not seen yet, to be scored when their data are out."""
