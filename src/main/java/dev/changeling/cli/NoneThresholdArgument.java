package dev.changeling.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option by which a verb is told when to say that there is no answer. */
final class NoneThresholdArgument {
    @Option(
            names = "--none-threshold",
            paramLabel = "LOGITS",
            converter = Threshold.class,
            description =
                    "Of a model that finds answers: say that there is none where that is likelier by more than this;"
                            + " finetune tells the best one. Default: 0.")
    private @Nullable Double threshold;

    @Nullable
    Double threshold() {
        return threshold;
    }

    /** Reads a number. */
    static final class Threshold implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) throws Exception {
            double number = new NumberConverter.Decimal().convert(value);
            if (Double.isNaN(number)) {
                throw new TypeConversionException("found '" + value + "', expected a number");
            }
            return number;
        }
    }
}
