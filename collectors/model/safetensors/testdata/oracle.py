"""Writes reference.safetensors with the reference writer into the folder given."""
import sys

import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "a": np.ones((3, 4), dtype=np.float16),
        "b": np.ones((2, 3), dtype=np.float32),
        "scalar": np.array(1, dtype=np.float32),
        "flags": np.ones((5,), dtype=np.bool_),
    },
    sys.argv[1] + "/reference.safetensors",
    metadata={"format": "np", "modelspec.title": "Reference"},
)
