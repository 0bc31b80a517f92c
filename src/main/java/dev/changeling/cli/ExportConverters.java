package dev.changeling.cli;

import dev.changeling.onnx.Quantization;
import dev.changeling.onnx.Task;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the words that {@code export} knows. */
final class ExportConverters {
    private ExportConverters() {}

    /** What an export is written as. */
    enum Format {
        /** Folders as Hugging Face has them. */
        HF,
        /** A graph for ONNX runtimes. */
        ONNX
    }

    /** Reads a format's name. */
    static final class Formats implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "hf" -> Format.HF;
                case "onnx" -> Format.ONNX;
                default -> throw new TypeConversionException("found '" + value + "', expected hf or onnx");
            };
        }
    }

    /** Reads a task's name. */
    static final class Tasks implements ITypeConverter<Task> {
        @Override
        public Task convert(String value) {
            return Task.labelled(value)
                    .orElseThrow(() -> new TypeConversionException("found '" + value + "', expected one of "
                            + Arrays.stream(Task.values()).map(Task::label).collect(Collectors.joining(", "))));
        }
    }

    /** Reads a number format's name. */
    static final class Quantizations implements ITypeConverter<Quantization> {
        @Override
        public Quantization convert(String value) {
            if (value.equals("int8")) {
                return Quantization.INT8;
            }
            throw new TypeConversionException("found '" + value + "', expected int8");
        }
    }
}
