"""What both makers of fixtures share: where the files go, how weights start, how a file is written."""

import json
import pathlib
import zlib

import numpy
import torch
from safetensors.torch import save_file
from transformers import ElectraConfig

FOLDER = pathlib.Path(__file__).parents[2] / "src" / "test" / "resources" / "parity"
PADDING, UNKNOWN, CLASSIFY, SEPARATOR, MASK, FIRST_WORD = range(6)

# More threads would add up in another order, and the last bits would change from run to run.
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


def electra(**shape):
    """An ElectraConfig in float32 with no dropout and attention spelled out, not fused as ours is."""
    config = ElectraConfig(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, pad_token_id=PADDING, **shape)
    config._attn_implementation = "eager"
    return config


def start(model, seed, scale=1.0):
    """Sets every parameter to numbers that depend on its name and the seed alone. None is left at 0 or 1, so that one
    that is not read, or read for another, is noticed."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            random = numpy.random.default_rng([seed, zlib.crc32(name.encode())])
            noise = torch.from_numpy(random.standard_normal(parameter.shape, dtype=numpy.float32))
            if parameter.dim() == 1:
                parameter.copy_(0.1 * noise + (1.0 if name.endswith("LayerNorm.weight") else 0.0))
            else:
                parameter.copy_(noise * scale / parameter.shape[1] ** 0.5)
    return model.train()  # Dropout is 0; a head that drops anyway would be noticed.


def sentences(random, lengths, row_length, vocabulary_size):
    """Rows of random words in two segments: tokens, segments and the mask of what is not padding, each [B, S]."""
    shape = (len(lengths), row_length)
    tokens, segments = torch.full(shape, PADDING), torch.zeros(shape, dtype=torch.long)
    for row, length in enumerate(lengths):
        tokens[row, :length] = torch.from_numpy(random.integers(FIRST_WORD, vocabulary_size, length))
        tokens[row, 0], tokens[row, length - 1] = CLASSIFY, SEPARATOR
        segments[row, length // 2 : length] = 1
    real = torch.arange(row_length) < torch.tensor(lengths).unsqueeze(1)
    return tokens, segments, real.long()


def save(name, tensors, settings):
    """Writes a fixture. All settings are one entry of the metadata: entries are written in no particular order."""
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {key: value.detach().clone().contiguous() for key, value in tensors.items()}
    compact = {key: value.int() if value.dtype == torch.long else value for key, value in whole.items()}
    save_file(compact, path, metadata={"settings": json.dumps(settings, sort_keys=True)})
    print(f"{path.relative_to(FOLDER.parents[3])}: {path.stat().st_size} bytes")
