package dev.changeling.cli;

import dev.changeling.error.UsageException;
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

        /**
         * Returns the format that a file's name tells; JSON lines if its name has no end, or there is no file.
         *
         * @throws UsageException if it tells another
         */
        static Format ofName(@Nullable Path file) {
            String name = file == null ? "" : String.valueOf(file.getFileName());
            return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
                case "npy" -> NPY;
                case "csv" -> CSV;
                case "jsonl", "ndjson", "json" -> JSONL;
                default -> {
                    if (name.matches(".*[^.]\\.[^.]+")) {
                        throw new UsageException("--out " + file
                                + ": its name ends in none of .jsonl, .csv, .npy; expected one of them, or --format");
                    }
                    yield JSONL;
                }
            };
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
