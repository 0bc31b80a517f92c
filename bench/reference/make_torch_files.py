"""Writes the small files of PyTorch's that TorchFileTest and OnnxWeightsTest read. Run from the project's folder.

torch.save's old form names its storages by their addresses in memory, so that file differs from run to run.
"""

import collections
import pathlib

import torch
import transformers

FOLDER = pathlib.Path("src/test/resources/torch")


def tensors():
    table = torch.arange(12, dtype=torch.float32).reshape(4, 3) / 8
    return collections.OrderedDict(
        table=table,
        last_rows=table[2:],  # the same storage from an offset on
        parameter=torch.nn.Parameter(torch.tensor([1.5, -2.5])),
        half=torch.tensor([0.0, -0.0, 1.0, -2.0, 65504.0, 6.0e-8, float("inf")], dtype=torch.float16),
        bfloat=torch.tensor([1.0, -3.0, 1.0e30], dtype=torch.bfloat16),
        double=torch.tensor([1 / 3], dtype=torch.float64),
        ids=torch.arange(3),
        scalar=torch.tensor(7.0),
    )


class Trunk(torch.nn.Module):
    """What a graph of an encoder computes."""

    def __init__(self, encoder):
        super().__init__()
        self.bert = encoder

    def forward(self, input_ids):
        return self.bert(input_ids).last_hidden_state


def bert():
    """A BERT as a checkpoint and as a graph of the exporter that most published graphs are made with."""
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=7, hidden_size=4, num_hidden_layers=1, num_attention_heads=2, intermediate_size=6,
        max_position_embeddings=5, attn_implementation="eager")
    encoder = transformers.BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for name, parameter in encoder.named_parameters():
            if "output.dense.bias" not in name:  # these stay equal, and the exporter writes equal tensors once
                parameter.add_(torch.randn_like(parameter) / 10)
    torch.save(encoder.state_dict(), FOLDER / "bert.bin")
    torch.onnx.export(
        Trunk(encoder), (torch.tensor([[2, 3, 4]]),), FOLDER / "bert.onnx", input_names=["input_ids"], opset_version=14,
        dynamo=False)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, zipped in (("zip.bin", True), ("legacy.bin", False)):
        torch.save(tensors(), FOLDER / name, _use_new_zipfile_serialization=zipped)
    torch.save({"weights": tensors(), "step": 3}, FOLDER / "training.bin")
    torch.save(collections.OrderedDict(t=torch.zeros(2, 3).t()), FOLDER / "transposed.bin")
    model = torch.nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 2.0]]))
        model.bias.fill_(3.0)
    torch.save(model.state_dict(), FOLDER / "state_dict.bin")  # carries its modules' versions
    bert()


if __name__ == "__main__":
    main()
