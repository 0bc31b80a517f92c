package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
    @ParameterizedTest
    @ValueSource(strings = {"runs/first/model", "/a_b/c-d.e", "größe/名前", "x@2:1%+=,"})
    void aPlainPathIsLeftAsItIs(String path) {
        assertThat(ShellWord.of(Path.of(path))).isEqualTo(Path.of(path).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b/model", "$HOME", "~me", "a;b", "a&b", "a(1)", "a*", "a#", "a\"b", "!a"})
    @DisabledOnOs(OS.WINDOWS)
    void whatAShellWouldReadOtherwiseIsQuoted(String path) {
        assertThat(ShellWord.of(Path.of(path))).isEqualTo("'" + path + "'");
    }

    @Test
    void aQuoteIsPutOutsideTheQuotes() {
        assertThat(ShellWord.of(Path.of("it's"))).isEqualTo("'it'\\''s'");
    }
}
