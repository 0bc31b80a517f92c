package dev.changeling.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a path. Nothing at all, as an unset variable gives, is none: to Java it is the current folder. */
final class PathConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String value) {
        try {
            if (!value.isBlank()) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            throw new TypeConversionException(
                    "found '" + value + "', expected a path that this locale can spell; try" + " with LC_ALL=C.UTF-8");
        }
        throw new TypeConversionException("found '" + value + "', expected a path");
    }
}
