"""Makes the small models of src/test/resources/dev/changeling/onnx with Hugging Face's transformers, and what they answer.

    python bench/reference/make_onnx_fixtures.py src/test/resources/dev/changeling/onnx

The weights are random and large, so that a layer left out or put in the wrong place shows.
"""

import json
import pathlib
import sys

import torch
import transformers

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["the", "old", "cat", "sat", "on", "a", "mat", ".", "un", "##like", "##ly", "don", "'", "t"]
TOKENS = SPECIAL + WORDS + [chr(ord("b") + i) for i in range(11)]

# Two segments, one, and one much shorter: rows of 9 tokens with padding.
IDS = [[2, 5, 6, 7, 3, 8, 9, 10, 3], [2, 13, 14, 15, 11, 12, 3, 0, 0], [2, 7, 3, 0, 0, 0, 0, 0, 0]]
SEGMENTS = [[0, 0, 0, 0, 0, 1, 1, 1, 1], [0] * 9, [0] * 9]

MODELS = {
    "encoder": ("ElectraModel", dict(embedding_size=16, hidden_size=16, num_attention_heads=4)),
    "detector": ("ElectraForPreTraining", dict(embedding_size=16, hidden_size=16, num_attention_heads=4)),
    "text-classifier": ("ElectraForSequenceClassification", dict(num_labels=3)),
    "token-classifier": ("ElectraForTokenClassification", dict(num_labels=4)),
}


def main():
    target = pathlib.Path(sys.argv[1])
    for seed, (name, (architecture, settings)) in enumerate(MODELS.items()):
        torch.manual_seed(seed)
        config = transformers.ElectraConfig(
            **{
                **dict(
                    vocab_size=len(TOKENS),
                    embedding_size=8,
                    hidden_size=16,
                    num_hidden_layers=2,
                    num_attention_heads=2,
                    intermediate_size=24,
                    max_position_embeddings=12,
                    layer_norm_eps=1e-3,
                    initializer_range=0.5,
                ),
                **settings,
            }
        )
        model = getattr(transformers, architecture)(config).eval()
        with torch.no_grad():
            # What transformers starts at 0 or 1 would hide that it is not read.
            for parameter in model.parameters():
                if parameter.dim() == 1:
                    parameter.add_(torch.randn_like(parameter) * 0.3)
            ids = torch.tensor(IDS)
            mask = (ids != 0).long()
            output = model(input_ids=ids, attention_mask=mask, token_type_ids=torch.tensor(SEGMENTS))
        answer = output[0]
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)
        model.save_pretrained(folder)
        (folder / "vocab.txt").write_text("".join(token + "\n" for token in TOKENS))
        (folder / "expected.json").write_text(
            json.dumps(
                dict(
                    transformers=transformers.__version__,
                    input_ids=IDS,
                    attention_mask=mask.tolist(),
                    token_type_ids=SEGMENTS,
                    shape=list(answer.shape),
                    values=[round(value, 6) for value in answer.flatten().tolist()],
                )
            )
            + "\n"
        )


if __name__ == "__main__":
    main()
