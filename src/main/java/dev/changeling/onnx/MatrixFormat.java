package dev.changeling.onnx;

import dev.changeling.safetensors.NamedArray;

/** How a graph holds its matrices and what it multiplies by them. */
sealed interface MatrixFormat permits FloatMatrices, Int8Matrices {

    /** Returns what makes the matrices of one graph. */
    static MatrixFormat of(Quantization quantization) {
        return switch (quantization) {
            case NONE -> new FloatMatrices();
            case INT8 -> new Int8Matrices();
        };
    }

    /**
     * Adds a product with the transposed weight of a layer.
     *
     * @param output the name of the product, [B, S, out]
     * @param input the name of what is multiplied, [B, S, in]
     * @param weight [out, in]
     * @return the name of the product
     */
    String multiply(GraphBuilder graph, String output, String input, NamedArray weight);

    /**
     * Adds a look-up of rows.
     *
     * @param output the name of the rows, [B, S, E]
     * @param ids the name of the rows' numbers, [B, S]
     * @param table [V, E]
     * @return the name of the rows
     */
    String lookUp(GraphBuilder graph, String output, String ids, NamedArray table);
}
