"""The loop around a peer's step: warms up, times each step, prints one JSON object."""

import argparse
import json
import resource
import statistics
import time

import torch
from shards import Rows, read_config


def main(make_step):
    """`make_step(config, rows)` returns a function that trains on one batch and returns both losses."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True, help="a preset of ours, configs/small.yaml")
    parser.add_argument("--data", required=True, help="a data set that `changeling prepare` has made")
    parser.add_argument("--batch-size", type=int, help="rows a step; default: the preset's")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    config = read_config(arguments.config)
    rows = Rows(arguments.data)
    step = make_step(config, rows)
    rates, losses = [], None
    batches = rows.batches(arguments.batch_size or config["training"]["batch_size"])
    for number in range(arguments.warmup + arguments.steps):
        start = time.perf_counter()
        tokens, belongs = next(batches)
        losses = step(tokens, belongs)
        if number >= arguments.warmup:
            rates.append(int((belongs > 0).sum()) / (time.perf_counter() - start))
    print(
        json.dumps(
            dict(
                tokens_per_second=statistics.median(rates),
                slowest=min(rates),
                fastest=max(rates),
                peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                mlm_loss=losses[0],
                rtd_loss=losses[1],
            )
        )
    )
