"""Logits and gradients of transformers' four ELECTRA classes, for several shapes, as fixtures of ModelParityTest.

Each class gets the same trunk, its loss is the one that it computes itself from labels, and only what a reader of
padded text relies on is kept: logits at real tokens are compared, and padding takes part in no loss."""

import numpy
import torch
from fixtures import MASK, UNKNOWN, electra, save, sentences, start
from transformers import (
    ElectraForMaskedLM,
    ElectraForPreTraining,
    ElectraForSequenceClassification,
    ElectraForTokenClassification,
)

LABELS = 3
IGNORED = -100
# name: E, H, heads, feed-forward width, layers, row length, lengths of the sequences
SHAPES = {
    "tied": (16, 16, 2, 32, 2, 9, [9, 5, 7]),  # E = H: no embeddings_project
    "narrow-embeddings": (8, 18, 3, 40, 2, 8, [8, 8]),  # E < H, no padding
    "wide-embeddings": (24, 16, 2, 32, 1, 10, [10, 2, 6]),  # E > H, and a sequence without a word
    "one-head": (8, 16, 1, 64, 2, 7, [7, 3]),
    "odd": (20, 15, 3, 21, 2, 13, [13, 4, 11, 7, 5]),  # widths, length and batch are odd, heads 5 wide
    "one-long-row": (16, 16, 4, 32, 3, 37, [37]),
}


def reference(seed, shape, vocabulary_size=25):
    embedding, hidden, heads, intermediate, layers, row_length, lengths = shape
    config = electra(
        vocab_size=vocabulary_size,
        embedding_size=embedding,
        hidden_size=hidden,
        num_attention_heads=heads,
        intermediate_size=intermediate,
        num_hidden_layers=layers,
        max_position_embeddings=row_length + 3,
        num_labels=LABELS,
    )
    random = numpy.random.default_rng(seed)
    tokens, segments, real = sentences(random, lengths, row_length, vocabulary_size)
    tokens[0, 1], tokens[0, 2] = MASK, UNKNOWN
    padding = real == 0

    def some(below, shape):
        return torch.from_numpy(random.integers(0, below, shape))

    predicted = some(3, tokens.shape) == 0
    predicted[0, 1] = True
    labels = {
        ElectraForPreTraining: some(2, tokens.shape).masked_fill(padding, 0),
        ElectraForMaskedLM: some(vocabulary_size, tokens.shape).masked_fill(~predicted | padding, IGNORED),
        ElectraForSequenceClassification: some(LABELS, (len(lengths),)),
        ElectraForTokenClassification: some(LABELS, tokens.shape).masked_fill(padding, IGNORED),
    }
    tensors = {
        "input/tokens": tokens,
        "input/segments": segments,
        "input/lengths": torch.tensor(lengths),
    }
    for network, label in labels.items():
        model = start(network(config), seed)
        output = model(input_ids=tokens, token_type_ids=segments, attention_mask=real, labels=label)
        output.loss.backward()
        tensors[f"{network.__name__}/labels"] = label
        tensors[f"{network.__name__}/logits"] = output.logits
        tensors[f"{network.__name__}/loss"] = output.loss
        for name, parameter in model.named_parameters():
            tensors[f"weights/{name}"] = parameter
            tensors[f"{network.__name__}/gradient/{name}"] = parameter.grad
    return tensors, config


if __name__ == "__main__":
    for seed, (name, shape) in enumerate(SHAPES.items()):
        tensors, config = reference(seed, shape)
        kept = (
            "vocab_size embedding_size hidden_size num_attention_heads intermediate_size num_hidden_layers "
            "max_position_embeddings type_vocab_size layer_norm_eps num_labels"
        ).split()
        save(f"model/{name}.safetensors", tensors, {key: getattr(config, key) for key in kept})
