package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ChangelingTest {

    @Test
    void showsVersionsOfProgramEngineAndJava() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("changeling "))
                .anyMatch(line -> line.matches("engine +libtorch \\d+\\.\\d+.*"))
                .anyMatch(line -> line.matches("java +" + Runtime.version().feature() + "\\b.*"));
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void eachVerbExplainsItselfWithAnExample(String verb) {
        CommandRun run = CommandRun.of(verb, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: changeling " + verb + " ")
                .containsPattern("Examples?:\n +changeling " + verb);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void eachVerbSuggestsTheOptionThatWasMeant(String verb) {
        CommandRun run = CommandRun.of(verb, "--hlp");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("--hlp", "--help", "Try 'changeling " + verb + " --help'.");
    }

    @Test
    void suggestsTheVerbThatWasMeant() {
        CommandRun run = CommandRun.of("docter");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("docter", "Did you mean: changeling doctor");
    }

    @Test
    void asksForAVerb() {
        CommandRun run = CommandRun.of();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("changeling: a verb is missing");
    }

    static Stream<String> verbs() {
        return new CommandLine(new Changeling()).getSubcommands().keySet().stream();
    }

    @Test
    void explainsNoVerbThatThereIsNot() {
        CommandRun run = CommandRun.of("docter", "--help");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("docter", "Did you mean: changeling doctor");
    }
}
