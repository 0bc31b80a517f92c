package dev.changeling.cli;

import dev.changeling.model.Pooling;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the words that {@code embed} knows. */
final class EmbedConverters {
    private EmbedConverters() {}

    /** How vectors are written. */
    enum Format {
        /** A JSON object a line. */
        JSONL,
        /** Comma-separated values. */
        CSV,
        /** NumPy's array. */
        NPY;

        /** Returns the format that a file's name tells, or JSON lines if it tells none. */
        static Format ofName(@Nullable Path file) {
            String name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
            if (name.endsWith(".npy")) {
                return NPY;
            }
            return name.endsWith(".csv") ? CSV : JSONL;
        }
    }

    /** Reads a format's name. */
    static final class Formats implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "jsonl" -> Format.JSONL;
                case "csv" -> Format.CSV;
                case "npy" -> Format.NPY;
                default -> throw new TypeConversionException("found '" + value + "', expected jsonl, csv or npy");
            };
        }
    }

    /** Reads a pooling's name. */
    static final class Poolings implements ITypeConverter<Pooling> {
        @Override
        public Pooling convert(String value) {
            return switch (value) {
                case "mean" -> Pooling.MEAN;
                case "cls" -> Pooling.CLS;
                default -> throw new TypeConversionException("found '" + value + "', expected mean or cls");
            };
        }
    }
}
