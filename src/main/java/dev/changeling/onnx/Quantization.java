package dev.changeling.onnx;

/** The number format of a graph's matrices. */
public enum Quantization {
    /** 32-bit floats: the numbers of the network as it was trained. */
    NONE,
    /** 8-bit integers, the activations rounded as they come (dynamic quantisation): a quarter of the size. */
    INT8
}
