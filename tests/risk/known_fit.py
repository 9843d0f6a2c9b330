"""A stand-in for a fit, for tests of what is done around the sampler."""

import numpy as np
import xarray as xr


class KnownFit:
    """A stand-in for a fit: its posterior is concentrated at the moments of the data given."""

    diagnostics = None

    def __init__(self, data):
        n_body = data.n_positive - data.n_tail
        mean = data.sum_log_body / n_body
        scale = np.sqrt(data.sum_log_squared_body / n_body - mean**2)
        use, exceed = data.n_positive / data.n, data.n_tail / data.n_positive
        values = {
            "use": np.log(use / (1 - use)),
            "exceed": np.log(exceed / (1 - exceed)),
            "location": mean,
            "log_scale": np.log(scale),
            "log_tail_scale": np.zeros(len(mean)),
        }
        arrays = {name: (("chain", "draw", "cell"), v[None, None]) for name, v in values.items()}
        arrays["tail_shape"] = (("chain", "draw"), [[0.3]])
        self.posterior = xr.Dataset(arrays)

    def thinned(self, draws):
        return self.posterior
