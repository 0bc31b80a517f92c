package dev.changeling.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.corpus.Document;
import dev.changeling.tokenizer.Encoding;
import dev.changeling.tokenizer.SpecialTokensInText;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Vocabulary;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TokenizerBenchTest {
    private static final Duration MOMENT = Duration.ofMillis(1);

    /** Gives each text as many tokens as it has characters, or fails. */
    private static final class Characters implements Tokenizer {
        private final Set<String> seen = ConcurrentHashMap.newKeySet();

        @Override
        public int[] ids(String text) {
            seen.add(text);
            if (text.startsWith("bad")) {
                throw new IllegalStateException(text);
            }
            return new int[text.length()];
        }

        @Override
        public Encoding encode(String text, SpecialTokensInText special) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Vocabulary vocabulary() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String fingerprint() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static Text text(String... texts) {
        return new Text(
                Stream.of(texts).map(text -> new Document("test", 1, text)).toList(), 1);
    }

    @Test
    void everyThreadEncodesItsPart() {
        Characters characters = new Characters();
        TokenizerBench.Rate rate = TokenizerBench.encode(characters, text("one", "two", "three"), 2, MOMENT, MOMENT);
        assertThat(characters.seen).containsExactlyInAnyOrder("one", "two", "three");
        assertThat(rate.threads()).isEqualTo(2);
        // Each of these characters is a byte.
        assertThat(rate.tokensPerSecond()).isPositive().isEqualTo(rate.bytesPerSecond());
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aThreadThatFailsEndsThemAll() {
        assertThatThrownBy(() -> TokenizerBench.encode(new Characters(), text("good", "bad"), 2, MOMENT, MOMENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("bad");
    }
}
