"""Reads the rows that `changeling prepare` writes (docs/formats.md) and the shapes that `configs/*.yaml` name."""

import json
from pathlib import Path

import numpy
import yaml

HEADER_BYTES = 72


def read_config(path):
    return yaml.safe_load(Path(path).read_text())


class Rows:
    """The training rows of a data set, in their order."""

    def __init__(self, folder):
        folder = Path(folder)
        manifest = json.loads((folder / "dataset.json").read_text())
        self.length = manifest["options"]["row_length"]
        self.vocabulary = manifest["tokenizer"]["vocabulary_size"]
        self.special = manifest["tokenizer"]["special"]
        self.shards = [self._read(folder / shard["file"]) for shard in manifest["train"]["shards"]]
        self.ends = numpy.cumsum([len(tokens) for tokens, _, _ in self.shards])

    def _read(self, file):
        header = numpy.fromfile(file, "<u4", count=6, offset=0)
        token_bytes = int(header[4])
        rows, sequences = (int(n) for n in numpy.fromfile(file, "<u8", count=2, offset=24))
        offset = HEADER_BYTES
        tokens = numpy.memmap(file, f"<u{token_bytes}", "r", offset, (rows, self.length))
        offset += rows * self.length * token_bytes
        starts = numpy.fromfile(file, "<u4", count=rows + 1, offset=offset)
        offset += 4 * (rows + 1)
        lengths = numpy.fromfile(file, "<u2", count=2 * sequences, offset=offset)[::2]
        return tokens, starts, lengths

    def row(self, number):
        """Returns a row's tokens and the lengths of its sequences; the files stay mapped, as ours do."""
        shard = int(numpy.searchsorted(self.ends, number, "right"))
        tokens, starts, lengths = self.shards[shard]
        local = number - (self.ends[shard] - len(tokens))
        return tokens[local], lengths[starts[local] : starts[local + 1]]

    def batches(self, rows, seed=1):
        """Yields (tokens [B, S], which sequence each token belongs to [B, S], 0 for padding), without end."""
        random = numpy.random.default_rng(seed)
        while True:
            order = random.permutation(int(self.ends[-1]))
            for first in range(0, len(order) - rows + 1, rows):
                chosen = order[first : first + rows]
                tokens, belongs = (numpy.zeros((rows, self.length), numpy.int64) for _ in range(2))
                for b, number in enumerate(chosen):
                    tokens[b], lengths = self.row(number)
                    ends = numpy.repeat(numpy.arange(len(lengths)) + 1, lengths)
                    belongs[b, : len(ends)] = ends
                yield tokens, belongs
