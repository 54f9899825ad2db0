"""Seconds of one core that PyTorch and JAX take for the report's jobs: the same networks, steps and batches as pairnet's.

Run by bench/run, which makes the virtual environment; by hand:
    taskset -c 0 python bench/frameworks.py --framework torch --layout channels_last --runs 3
Data are random numbers: a step costs the same whatever the digits are. Prints one JSON line a job.
"""

import argparse
import json
import os
import statistics
import time

SETTINGS = [
    ("BaseNet", False, 0.0),
    ("BaseNet", True, 0.5),
    ("BaseNetAux", True, 0.0),
    ("BaseNetWeightShare", True, 0.0),
    ("BaseNetWeightShareAux", False, 0.0),
    ("BaseNetWeightShareAux", True, 0.2),
]
PAIRS, BATCH, LEARNING_RATE = 1000, 25, 0.1


def torch_job(model, batch_norm, dropout, epochs, layout):
    import torch
    from torch import nn
    from torch.nn import functional as F

    torch.set_num_threads(1)
    torch.manual_seed(1)

    def norm(channels, two_dimensional=False):
        if not batch_norm:
            return nn.Identity()
        return nn.BatchNorm2d(channels) if two_dimensional else nn.BatchNorm1d(channels)

    class Tower(nn.Module):
        """conv, pool, [BN], ReLU twice; linear, [BN], ReLU, dropout; linear. `norms` may differ from call to call."""

        def __init__(self, channels, outputs):
            super().__init__()
            self.conv1, self.conv2 = nn.Conv2d(channels, 32, 3), nn.Conv2d(32, 64, 3)
            self.fc1, self.fc2 = nn.Linear(256, 200), nn.Linear(200, outputs)

        def forward(self, x, norms):
            x = F.relu(norms[0](F.max_pool2d(self.conv1(x), 2)))
            x = F.relu(norms[1](F.max_pool2d(self.conv2(x), 2)))
            x = F.relu(norms[2](self.fc1(x.flatten(1))))
            return self.fc2(F.dropout(x, dropout, self.training))

    def norms():
        return nn.ModuleList([norm(32, True), norm(64, True), norm(200)])

    class BaseNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.tower, self.norms = Tower(2, 2), norms()

        def forward(self, x):
            return self.tower(x, self.norms), None

    class TwoTowers(nn.Module):
        def __init__(self, share):
            super().__init__()
            self.tower1 = Tower(1, 10)
            self.tower2 = self.tower1 if share else Tower(1, 10)
            self.norms1, self.norms2 = norms(), norms()
            self.bn4a, self.bn4b, self.bn5 = norm(10), norm(10), norm(200)
            self.fc3, self.fc4 = nn.Linear(20, 200), nn.Linear(200, 2)

        def forward(self, x):
            a, b = self.tower1(x[:, :1], self.norms1), self.tower2(x[:, 1:], self.norms2)
            h = torch.cat([F.relu(self.bn4a(a)), F.relu(self.bn4b(b))], 1)
            h = F.relu(self.bn5(self.fc3(F.dropout(h, dropout, self.training))))
            return self.fc4(F.dropout(h, dropout, self.training)), (a, b)

    network = BaseNet() if model == "BaseNet" else TwoTowers("WeightShare" in model)
    images = torch.randn(PAIRS, 2, 14, 14)
    digits = torch.randint(0, 10, (PAIRS, 2))
    targets = (digits[:, 0] <= digits[:, 1]).long()
    if layout == "channels_last":
        network = network.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE)
    start = time.process_time()
    for _ in range(epochs):
        order = torch.randperm(PAIRS)
        for first in range(0, PAIRS, BATCH):
            batch = order[first : first + BATCH]
            logits, aux = network(images[batch])
            loss = F.cross_entropy(logits, targets[batch])
            if model.endswith("Aux"):
                loss = loss + F.cross_entropy(aux[0], digits[batch, 0]) + F.cross_entropy(aux[1], digits[batch, 1])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return time.process_time() - start


def jax_job(model, batch_norm, dropout, epochs, layout):
    import jax
    import jax.numpy as jnp
    from jax import lax

    keys = iter(jax.random.split(jax.random.PRNGKey(1), 64))

    def linear(inputs, outputs):
        bound = inputs**-0.5
        return {
            "w": jax.random.uniform(next(keys), (inputs, outputs), minval=-bound, maxval=bound),
            "b": jax.random.uniform(next(keys), (outputs,), minval=-bound, maxval=bound),
        }

    def conv(inputs, outputs):
        p = linear(9 * inputs, outputs)
        return {"w": p["w"].reshape(3, 3, inputs, outputs), "b": p["b"]}

    def norm(channels):
        return {"g": jnp.ones(channels), "b": jnp.zeros(channels)} if batch_norm else {}

    def tower(channels, outputs):
        return {"conv1": conv(channels, 32), "conv2": conv(32, 64), "fc1": linear(256, 200), "fc2": linear(200, outputs)}

    def norms():
        return [norm(32), norm(64), norm(200), norm(10)]

    if model == "BaseNet":
        params = {"t1": tower(2, 2), "n1": norms()}
    else:
        params = {"t1": tower(1, 10), "n1": norms(), "n2": norms(), "n5": norm(200), "fc3": linear(20, 200), "fc4": linear(200, 2)}
        if "WeightShare" not in model:
            params["t2"] = tower(1, 10)

    def apply_norm(x, p):
        if not batch_norm:
            return x
        axes = tuple(range(x.ndim - 1))
        mean = x.mean(axes)
        variance = ((x - mean) ** 2).mean(axes)
        return p["g"] * (x - mean) * lax.rsqrt(variance + 1e-5) + p["b"]

    def pool_conv(x, p, n):
        if layout == "jit_matmul":  # XLA's own convolution gradients are slow on a CPU; its matrix products are not
            side = x.shape[1] - 2
            y = sum(x[:, i : i + side, j : j + side] @ p["w"][i, j] for i in range(3) for j in range(3)) + p["b"]
            y = y.reshape(y.shape[0], side // 2, 2, side // 2, 2, -1).max((2, 4))
        else:
            y = lax.conv_general_dilated(x, p["w"], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")) + p["b"]
            y = lax.reduce_window(y, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        return jax.nn.relu(apply_norm(y, n))

    def drop(x, key):
        return x * jax.random.bernoulli(key, 1 - dropout, x.shape) / (1 - dropout) if dropout > 0 else x

    def dense(x, p):
        return x @ p["w"] + p["b"]

    def run_tower(x, t, n, key):
        x = pool_conv(pool_conv(x, t["conv1"], n[0]), t["conv2"], n[1]).reshape(x.shape[0], -1)
        return dense(drop(jax.nn.relu(apply_norm(dense(x, t["fc1"]), n[2])), key), t["fc2"])

    def cross_entropy(z, labels):
        return -jnp.take_along_axis(jax.nn.log_softmax(z), labels[:, None], 1).mean()

    def loss(p, x, digits, targets, key):
        k = jax.random.split(key, 4)
        if model == "BaseNet":
            return cross_entropy(run_tower(x, p["t1"], p["n1"], k[0]), targets)
        a = run_tower(x[..., :1], p["t1"], p["n1"], k[0])
        b = run_tower(x[..., 1:], p.get("t2", p["t1"]), p["n2"], k[1])
        h = jnp.concatenate([jax.nn.relu(apply_norm(a, p["n1"][3])), jax.nn.relu(apply_norm(b, p["n2"][3]))], 1)
        h = drop(jax.nn.relu(apply_norm(dense(drop(h, k[2]), p["fc3"]), p["n5"])), k[3])
        value = cross_entropy(dense(h, p["fc4"]), targets)
        if model.endswith("Aux"):
            value = value + cross_entropy(a, digits[:, 0]) + cross_entropy(b, digits[:, 1])
        return value

    @jax.jit
    def epoch(p, images, digits, targets, key):
        order_key, drop_key = jax.random.split(key)
        order = jax.random.permutation(order_key, PAIRS).reshape(-1, BATCH)

        def step(p, item):
            batch, k = item
            g = jax.grad(loss)(p, images[batch], digits[batch], targets[batch], k)
            return jax.tree.map(lambda w, d: w - LEARNING_RATE * d, p, g), 0.0

        return lax.scan(step, p, (order, jax.random.split(drop_key, PAIRS // BATCH)))[0]

    images = jax.random.normal(next(keys), (PAIRS, 14, 14, 2))
    digits = jax.random.randint(next(keys), (PAIRS, 2), 0, 10)
    targets = (digits[:, 0] <= digits[:, 1]).astype(jnp.int32)
    epoch_keys = jax.random.split(next(keys), epochs + 1)
    jax.block_until_ready(epoch(params, images, digits, targets, epoch_keys[-1]))  # compiled, and not counted
    start = time.process_time()
    for i in range(epochs):
        params = epoch(params, images, digits, targets, epoch_keys[i])
    jax.block_until_ready(params)
    return time.process_time() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--framework", choices=["torch", "jax"], required=True)
    parser.add_argument("--layout", choices=["eager", "channels_last", "jit", "jit_matmul"], default="eager")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    job = torch_job if arguments.framework == "torch" else jax_job
    for model, batch_norm, dropout in SETTINGS:
        if arguments.framework == "torch":  # JAX's jobs compile and warm up by themselves
            job(model, batch_norm, dropout, 1, arguments.layout)
        runs = [job(model, batch_norm, dropout, arguments.epochs, arguments.layout) for _ in range(arguments.runs)]
        print(
            json.dumps(
                {
                    "framework": arguments.framework, "layout": arguments.layout, "model": model,
                    "batch_norm": batch_norm, "dropout": dropout,
                    "seconds": statistics.median(runs) * 30 / arguments.epochs,
                }
            ),
            flush=True,
        )


main()
