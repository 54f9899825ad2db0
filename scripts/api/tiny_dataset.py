"""Writes a dataset of noise in IDX files: as many images as the default of a job takes, in a second."""

import os
import random
import struct
import sys

directory = sys.argv[1]
os.makedirs(directory)
noise = random.Random(1)
for split in ("train", "t10k"):
    count = 2100
    with open(f"{directory}/{split}-images-idx3-ubyte", "wb") as images:
        images.write(struct.pack(">IIII", 2051, count, 28, 28) + noise.randbytes(count * 784))
    with open(f"{directory}/{split}-labels-idx1-ubyte", "wb") as labels:
        labels.write(struct.pack(">II", 2049, count) + bytes(noise.randrange(10) for _ in range(count)))
