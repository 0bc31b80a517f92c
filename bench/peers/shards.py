"""Reads the rows that `changeling prepare` writes (docs/formats.md) and the shapes that `configs/*.yaml` name."""

import json
from pathlib import Path

import numpy
import yaml

HEADER_BYTES = 72


def read_config(path):
    return yaml.safe_load(Path(path).read_text())


class Rows:
    """The training rows of a data set, in their order: tokens [R, S], and the lengths of the sequences in each row."""

    def __init__(self, folder):
        folder = Path(folder)
        manifest = json.loads((folder / "dataset.json").read_text())
        self.length = manifest["options"]["row_length"]
        self.vocabulary = manifest["tokenizer"]["vocabulary_size"]
        self.special = manifest["tokenizer"]["special"]
        self.tokens, self.sequences = [], []
        for shard in manifest["train"]["shards"]:
            self._read(folder / shard["file"])
        self.tokens = numpy.concatenate(self.tokens)

    def _read(self, file):
        header = numpy.fromfile(file, "<u4", count=6, offset=0)
        token_bytes = int(header[4])
        rows, sequences = (int(n) for n in numpy.fromfile(file, "<u8", count=2, offset=24))
        offset = HEADER_BYTES
        self.tokens.append(
            numpy.memmap(file, f"<u{token_bytes}", "r", offset, (rows, self.length))
        )
        offset += rows * self.length * token_bytes
        starts = numpy.fromfile(file, "<u4", count=rows + 1, offset=offset)
        offset += 4 * (rows + 1)
        lengths = numpy.fromfile(file, "<u2", count=2 * sequences, offset=offset)[::2]
        self.sequences.extend(lengths[starts[r] : starts[r + 1]] for r in range(rows))

    def batches(self, rows, seed=1):
        """Yields (tokens [B, S], which sequence each token belongs to [B, S], 0 for padding), without end."""
        random = numpy.random.default_rng(seed)
        while True:
            order = random.permutation(len(self.tokens))
            for first in range(0, len(order) - rows + 1, rows):
                chosen = order[first : first + rows]
                belongs = numpy.zeros((rows, self.length), numpy.int64)
                for b, row in enumerate(chosen):
                    ends = numpy.repeat(numpy.arange(len(self.sequences[row])) + 1, self.sequences[row])
                    belongs[b, : len(ends)] = ends
                yield self.tokens[chosen].astype(numpy.int64), belongs
