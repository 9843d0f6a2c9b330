"""Products of small matrices inside a model."""

import numpy as np
import pytensor.tensor as pt

type Matrix = np.ndarray | pt.TensorVariable


def product(left: Matrix, right: Matrix) -> pt.TensorVariable:
    """Return the product of a matrix with a vector or another matrix, without BLAS.

    Compiling one call of BLAS takes up to 25 seconds of processor time, and its gradient makes two
    more of them. The matrices of these models are so small that multiplying and adding runs as
    fast.
    """
    first, second = pt.as_tensor_variable(left), pt.as_tensor_variable(right)
    if second.ndim == 1:
        return pt.sum(first * second, axis=1)
    return pt.sum(first[:, :, None] * second[None, :, :], axis=1)
