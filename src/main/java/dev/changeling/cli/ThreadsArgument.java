package dev.changeling.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option by which a verb is told how many threads to use. */
final class ThreadsArgument {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "How many threads work; the result is the same. Default: one for each processor.")
    private int threads;

    int count() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

    /** Reads a number of threads that a machine may have work for. */
    static final class CountConverter implements ITypeConverter<Integer> {
        private static final int MOST = 1024;

        @Override
        public Integer convert(String value) {
            int number = new PositiveConverter().convert(value);
            if (number > MOST) {
                throw new TypeConversionException("found '" + value + "', expected a whole number from 1 to " + MOST);
            }
            return number;
        }
    }
}
