"""Checks folders that `changeling export --format onnx` wrote, with the standard's own tools.

    python bench/reference/check_onnx.py EXPORTED [HUGGING_FACE_FOLDER]

Runs onnx.checker with full_check (which infers every shape) and, if the Hugging Face folder that was exported is given,
compares ONNX Runtime's numbers with those of transformers: several lengths, batches, padding, two segments. Exits with 1
if a number of a real token is more than 1e-4 away in 32-bit floats; what int8 loses is printed only.

Needs onnx, onnxruntime, torch and transformers.
"""

import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime
import torch
import transformers

TOLERANCE = 1e-4
SHAPES = [(1, 3), (1, 12), (4, 9), (3, 64), (2, 128)]


def check(folder):
    path = folder / "model.onnx"
    onnx.checker.check_model(str(path), full_check=True)
    model = onnx.shape_inference.infer_shapes(onnx.load(path), check_type=True, strict_mode=True, data_prop=True)
    known = sum(1 for value in model.graph.value_info if value.type.tensor_type.HasField("shape"))
    opsets = [(entry.domain or "ai.onnx", entry.version) for entry in model.opset_import]
    print(f"{path}: passes onnx.checker {onnx.__version__}, IR {model.ir_version}, opset {opsets}")
    print(f"  {len(model.graph.node)} nodes, shapes inferred for {known} values in between")
    for kind, values in (("input", model.graph.input), ("output", model.graph.output)):
        for value in values:
            tensor = value.type.tensor_type
            dims = [d.dim_param or d.dim_value for d in tensor.shape.dim]
            print(f"  {kind} {value.name}: {onnx.TensorProto.DataType.Name(tensor.elem_type)} {dims}")


def random_batch(rows, length, config, generator):
    """Rows of different lengths, the first full, each with two segments."""
    ids = numpy.full((rows, length), config.pad_token_id, dtype=numpy.int64)
    mask = numpy.zeros((rows, length), dtype=numpy.int64)
    segments = numpy.zeros((rows, length), dtype=numpy.int64)
    for row in range(rows):
        real = length if row == 0 else int(generator.integers(1, length + 1))
        ids[row, :real] = generator.integers(0, config.vocab_size, real)
        mask[row, :real] = 1
        segments[row, real // 2 : real] = config.type_vocab_size - 1
    return ids, mask, segments


def compare(folder, reference):
    config = transformers.AutoConfig.from_pretrained(folder)
    architecture = config.architectures[0]
    model = getattr(transformers, architecture).from_pretrained(reference).eval()
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    print(f"  against {architecture} of transformers {transformers.__version__}, ONNX Runtime {onnxruntime.__version__}:")
    generator = numpy.random.default_rng(1)
    worst = 0.0
    for rows, length in SHAPES:
        if length > config.max_position_embeddings:
            continue
        ids, mask, segments = random_batch(rows, length, config, generator)
        inputs = dict(input_ids=ids, attention_mask=mask, token_type_ids=segments)
        ours = session.run(None, inputs)[0]
        with torch.no_grad():
            theirs = model(**{name: torch.from_numpy(value) for name, value in inputs.items()})[0].numpy()
        assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
        apart = numpy.abs(ours - theirs)
        if ours.ndim > 1 and ours.shape[1] == length and architecture != "ElectraForSequenceClassification":
            apart = apart[mask == 1]
        worst = max(worst, float(apart.max()))
        print(f"    batch {rows} x {length:3d}: largest difference {apart.max():.2e}, largest number {numpy.abs(theirs).max():.2f}")
    return worst


def main():
    folder = pathlib.Path(sys.argv[1])
    check(folder)
    if len(sys.argv) > 2:
        worst = compare(folder, sys.argv[2])
        quantization = folder / "quantization.json"
        if quantization.exists():
            print(f"  quantized: {json.loads(quantization.read_text())}")
        elif worst > TOLERANCE:
            print(f"  {worst:.2e} is more than {TOLERANCE}")
            sys.exit(1)


if __name__ == "__main__":
    main()
