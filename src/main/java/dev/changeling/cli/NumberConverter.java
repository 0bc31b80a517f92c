package dev.changeling.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers, and says of others what was expected. */
final class NumberConverter {
    private NumberConverter() {}

    /** Reads a whole number of 64 bits. */
    static final class Whole implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            try {
                return Long.valueOf(value);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("found '" + value + "', expected a whole number");
            }
        }
    }

    /** Reads a number that may have decimals. */
    static final class Decimal implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            try {
                return Double.valueOf(value);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("found '" + value + "', expected a number");
            }
        }
    }
}
