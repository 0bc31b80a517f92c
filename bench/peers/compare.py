"""Runs Changeling and its peers in turn on the same shards, shapes and batch, and prints one table.

    compare.py step --config configs/small.yaml --data shards/ --batch-size 32
    compare.py text --text books.txt --vocab vocab.txt

`step`: joint training steps, against (a) transformers as people write it, (b) the best PyTorch that we can write, and
(c) the way of lucidrains/electra-pytorch. `text`: encoding, vocabulary training and data preparation against Hugging
Face's tokenizers and datasets. Every ratio is taken within a round; the table has their median and range."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from shards import read_config

HERE = Path(__file__).parent
CHANGELING = HERE.parent.parent / "changeling"
PEERS = {
    "(a) transformers, plain": "hf_plain.py",
    "(b) best PyTorch": "best_pytorch.py",
    "(c) Gumbel wrapper": "gumbel_wrapper.py",
}


# What our launcher gives us, for all: freed memory stays with the process.
ALLOCATOR = "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=4294967296:glibc.malloc.hugetlb=1"


def run(command, threads):
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "GLIBC_TUNABLES": ALLOCATOR}
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr[-2000:]}")
    return done.stdout


def ours_step(arguments):
    # The preset's, unless some threads would have nothing to do.
    device_batch_size = min(
        read_config(arguments.config)["training"]["device_batch_size"], max(1, arguments.batch_size // arguments.threads)
    )
    report = json.loads(
        run(
            [CHANGELING, "bench", "step", "--json", "--config", arguments.config, "--data", arguments.data]
            + ["--steps", arguments.steps, "--warmup", arguments.warmup]
            + ["--set", f"training.batch_size={arguments.batch_size}"]
            + ["--set", f"training.device_batch_size={device_batch_size}"]
            + ["--set", "training.device=cpu"],
            arguments.threads,
        )
    )
    return report["tokens_per_second"]["median"], report["peak_resident_bytes"]


def peer_step(script, arguments):
    report = json.loads(
        run(
            [sys.executable, HERE / script, "--config", arguments.config, "--data", arguments.data]
            + ["--steps", arguments.steps, "--warmup", arguments.warmup]
            + ["--batch-size", arguments.batch_size, "--threads", arguments.threads],
            arguments.threads,
        ).splitlines()[-1]
    )
    return report["tokens_per_second"], report["peak_bytes"]


def step(arguments):
    rounds = {name: [] for name in ["Changeling", *PEERS]}
    for _ in range(arguments.rounds):
        rounds["Changeling"].append(ours_step(arguments))
        for name, script in PEERS.items():
            rounds[name].append(peer_step(script, arguments))
        print(".", end="", file=sys.stderr, flush=True)
    print(f"\n{arguments.config}, {arguments.batch_size} rows a step, {arguments.rounds} rounds of {arguments.steps} steps\n")
    print("| | real tokens/s | Changeling is faster by | peak memory, MB | Changeling needs |")
    print("|---|---|---|---|---|")
    ours = rounds["Changeling"]
    for name, results in rounds.items():
        faster = [mine[0] / theirs[0] for mine, theirs in zip(ours, results)]
        needs = [mine[1] / theirs[1] for mine, theirs in zip(ours, results)]
        rate = statistics.median(r[0] for r in results)
        memory = statistics.median(r[1] for r in results) / 1e6
        ratios = ("", "") if results is ours else (spread(faster, "×"), spread(needs, "×"))
        print(f"| {name} | {rate:,.0f} | {ratios[0]} | {memory:,.0f} | {ratios[1]} |")


def text(arguments):
    rust = [sys.executable, HERE / "rust_tokenizers.py"]
    given = ["--text", arguments.text]
    many = arguments.threads
    ratios = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.rounds):
            ours = [CHANGELING, "bench", "tokenizer", "--json", "--vocab", arguments.vocab, "--corpus", arguments.text]
            mine = json.loads(run(ours, many))
            for threads, ours in ((1, "one_thread"), (many, "all_threads")):
                command = rust + ["encode", "--vocab", arguments.vocab, "--threads", threads] + given
                theirs = json.loads(run(command, threads))
                rate = mine[ours]["megabytes_per_second"]
                add(ratios, f"encoding, {threads} thread(s), MB/s", rate, theirs["megabytes_per_second"])
            vocabularies = Path(folder) / f"ours-{number}.txt", Path(folder) / f"theirs-{number}.txt"
            start = time.perf_counter()
            run([CHANGELING, "vocab", "--corpus", arguments.text, "--size", arguments.size, "--out", vocabularies[0]], many)
            seconds = time.perf_counter() - start
            command = rust + ["train", "--size", arguments.size, "--threads", many, "--out", vocabularies[1]] + given
            theirs = json.loads(run(command, many))
            add(ratios, "vocabulary, 1/s", 1 / seconds, 1 / theirs["seconds"])
            same = [set(file.read_text().splitlines()) for file in vocabularies]
            start = time.perf_counter()
            run(
                [CHANGELING, "prepare", "--corpus", arguments.text, "--vocab", arguments.vocab]
                + ["--out", Path(folder) / f"shards-{number}"],
                many,
            )
            seconds = time.perf_counter() - start
            command = rust + ["prepare", "--vocab", arguments.vocab, "--threads", many] + given
            theirs = json.loads(run(command, many))
            add(ratios, "preparing, 1/s", 1 / seconds, 1 / theirs["seconds"])
            print(".", end="", file=sys.stderr, flush=True)
    print(f"\n{arguments.text}, {arguments.rounds} rounds; tokens in only one of both vocabularies: {len(same[0] ^ same[1])}\n")
    print("| | Changeling | Hugging Face | Changeling is faster by |")
    print("|---|---|---|---|")
    for name, pairs in ratios.items():
        mine, theirs = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
        print(f"| {name} | {mine:.3g} | {theirs:.3g} | {spread([m / t for m, t in pairs], '×')} |")


def add(ratios, name, mine, theirs):
    ratios.setdefault(name, []).append((mine, theirs))


def spread(ratios, unit):
    return f"**{statistics.median(ratios):.2f} {unit}** ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_subparsers(required=True)
    steps = what.add_parser("step")
    steps.set_defaults(run=step)
    steps.add_argument("--config", required=True)
    steps.add_argument("--data", required=True)
    steps.add_argument("--batch-size", type=int, required=True, help="rows a step, a multiple of the threads")
    steps.add_argument("--steps", type=int, default=10)
    steps.add_argument("--warmup", type=int, default=6)
    texts = what.add_parser("text")
    texts.set_defaults(run=text)
    texts.add_argument("--text", required=True, help="a plain text file")
    texts.add_argument("--vocab", required=True, help="a lower-casing WordPiece vocabulary")
    texts.add_argument("--size", type=int, default=30522)
    for each in (steps, texts):
        each.add_argument("--rounds", type=int, default=3)
        each.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    chosen = parser.parse_args()
    chosen.run(chosen)
