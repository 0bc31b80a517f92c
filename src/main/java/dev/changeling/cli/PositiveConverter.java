package dev.changeling.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number from 1. */
final class PositiveConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below, with the same words as a number that is too small.
        }
        throw new TypeConversionException("found '" + value + "', expected a whole number from 1");
    }
}
