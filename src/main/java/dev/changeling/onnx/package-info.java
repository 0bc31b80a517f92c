/** ELECTRA models as ONNX: the graph, its numbers in float32 or int8, and the folder that other runtimes open. */
@NullMarked
package dev.changeling.onnx;

import org.jspecify.annotations.NullMarked;
