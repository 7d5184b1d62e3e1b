"""Loads the libraries and the model of the program, once, in the process that the tests' commands are forked from.

Nothing may be computed here on several threads: those of OpenMP do not live on in a fork, which then waits for them.
"""

import torch

from index.embedding import shared_encoder

torch.set_num_threads(1)
shared_encoder()
