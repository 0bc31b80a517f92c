package dev.changeling.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.changeling.safetensors.NamedArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Constants of a graph. Both formats keep numbers row-major and little-endian, so an array that goes over as it is
 * isn't copied.
 */
final class Constants {
    private Constants() {}

    static TensorProto of(String name, TensorProto.DataType type, List<Long> shape, ByteBuffer bytes) {
        return of(name, type, shape, UnsafeByteOperations.unsafeWrap(bytes));
    }

    /** Returns an array as it is. */
    static TensorProto of(NamedArray array) {
        return of(array.name(), TensorProto.DataType.FLOAT, array.shape(), array.data());
    }

    /** Returns a matrix [rows, columns] as [columns, rows]: what a MatMul takes of a layer's weight. */
    static TensorProto transposed(NamedArray matrix) {
        int rows = Math.toIntExact(matrix.shape().get(0));
        int columns = Math.toIntExact(matrix.shape().get(1));
        FloatBuffer from = floats(matrix);
        ByteBuffer bytes = ByteBuffer.allocate(matrix.data().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer to = bytes.asFloatBuffer();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to.put(column * rows + row, from.get(row * columns + column));
            }
        }
        return of(matrix.name(), TensorProto.DataType.FLOAT, List.of((long) columns, (long) rows), bytes);
    }

    static TensorProto scalar(String name, float value) {
        return of(name, TensorProto.DataType.FLOAT, List.of(), floatBytes(value));
    }

    static TensorProto floats(String name, float... values) {
        return of(name, TensorProto.DataType.FLOAT, List.of((long) values.length), floatBytes(values));
    }

    static TensorProto integer(String name, long value) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return of(name, TensorProto.DataType.INT64, List.of(), bytes.putLong(0, value));
    }

    static TensorProto integers(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return of(name, TensorProto.DataType.INT64, List.of((long) values.length), bytes);
    }

    static FloatBuffer floats(NamedArray array) {
        return array.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    private static ByteBuffer floatBytes(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static TensorProto of(String name, TensorProto.DataType type, List<Long> shape, ByteString bytes) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addAllDims(shape)
                .setRawData(bytes)
                .build();
    }
}
