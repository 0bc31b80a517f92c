"""Writes the small files of torch.save that TorchFileTest reads, in both forms. Run from the project's folder.

The old form names its storages by their addresses in memory, so that file differs from run to run.
"""

import collections
import pathlib

import torch

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


if __name__ == "__main__":
    main()
