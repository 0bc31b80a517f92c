"""WordPiece encoding, vocabulary training and data preparation by Hugging Face's tokenizers (Rust) and datasets.

    rust_tokenizers.py encode  --vocab vocab.txt --text books.txt [--threads 1]
    rust_tokenizers.py train   --size 30522 --text books.txt --out vocab.txt
    rust_tokenizers.py prepare --vocab vocab.txt --text books.txt [--threads 2]

Each prints one JSON object."""

import argparse
import json
import os
import time
from pathlib import Path

LENGTH = 128
BATCH = 1000


def encode(arguments):
    tokenizer = load(arguments.vocab)
    lines = Path(arguments.text).read_text().splitlines()
    size = sum(len(line.encode()) for line in lines)
    tokenizer.encode_batch(lines[:BATCH], add_special_tokens=False)
    start = time.perf_counter()
    tokens = 0
    for first in range(0, len(lines), BATCH):
        batch = tokenizer.encode_batch_fast(lines[first : first + BATCH], add_special_tokens=False)
        tokens += sum(len(encoding) for encoding in batch)
    seconds = time.perf_counter() - start
    return dict(megabytes_per_second=size / seconds / 1e6, tokens=tokens, seconds=seconds)


def train(arguments):
    from tokenizers import BertWordPieceTokenizer

    tokenizer = BertWordPieceTokenizer(lowercase=True)
    start = time.perf_counter()
    tokenizer.train([arguments.text], vocab_size=arguments.size, min_frequency=2, limit_alphabet=1000, show_progress=False)
    seconds = time.perf_counter() - start
    by_id = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    Path(arguments.out).write_text("".join(token + "\n" for token, _ in by_id))
    return dict(seconds=seconds, tokens=len(by_id))


def prepare(arguments):
    """As transformers' run_mlm.py does it: tokenize, join, cut into rows of one length, write Arrow files."""
    import datasets
    from itertools import chain
    from tempfile import TemporaryDirectory

    datasets.disable_progress_bars()
    tokenizer = load(arguments.vocab)

    def ids(batch):
        encodings = tokenizer.encode_batch_fast(batch["text"])
        return {"input_ids": [encoding.ids for encoding in encodings]}

    def rows(batch):
        joined = list(chain.from_iterable(batch["input_ids"]))
        return {"input_ids": [joined[i : i + LENGTH] for i in range(0, len(joined) - LENGTH + 1, LENGTH)]}

    with TemporaryDirectory() as cache:
        start = time.perf_counter()
        text = datasets.load_dataset("text", data_files=arguments.text, cache_dir=cache, split="train")
        processes = arguments.threads if arguments.threads > 1 else None
        text = text.map(ids, batched=True, remove_columns=["text"], num_proc=processes)
        text = text.map(rows, batched=True, num_proc=processes)
        text.save_to_disk(os.path.join(cache, "rows"), num_proc=processes)
        return dict(seconds=time.perf_counter() - start, rows=len(text))


def load(vocabulary):
    from tokenizers import BertWordPieceTokenizer

    # The wrapper lacks encode_batch_fast, which leaves the offsets out.
    return BertWordPieceTokenizer(vocabulary, lowercase=True)._tokenizer


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["encode", "train", "prepare"])
    parser.add_argument("--text", required=True)
    parser.add_argument("--vocab")
    parser.add_argument("--out")
    parser.add_argument("--size", type=int, default=30522)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    # Read when the library is loaded, which therefore happens later.
    os.environ["RAYON_NUM_THREADS"] = str(chosen.threads)
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if chosen.threads > 1 and chosen.what != "prepare" else "false"
    print(json.dumps(globals()[chosen.what](chosen)))
