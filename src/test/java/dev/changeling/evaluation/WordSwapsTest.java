package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.evaluation.WordSwaps.Swapped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordSwapsTest {
    private static final Set<String> KNOWN = Set.of("cat", "dog", "the", "Mat", "sat");

    private static String text(int number) {
        return "The cat, " + number + " the dog sat; Mat sat \uD83D\uDE00 the cat.";
    }

    private static List<Swapped> swapped(int oneIn, long seed, int texts) {
        WordSwaps swaps = new WordSwaps(oneIn, seed);
        List<Swapped> all = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            all.add(swaps.swap(text(i)));
        }
        assertThat(swaps.words()).isEqualTo(9 * texts);
        assertThat(swaps.swaps())
                .isEqualTo(all.stream().mapToInt(one -> one.swapped().size()).sum());
        return all;
    }

    @Test
    void whatIsSwappedStandsWhereItIsToldAndAllElseIsAsItWas() {
        List<Swapped> all = swapped(5, 3, 600);
        for (int i = 0; i < all.size(); i++) {
            Swapped one = all.get(i);
            List<String> before = words(text(i));
            List<String> after = words(one.text());
            assertThat(after).hasSameSizeAs(before);
            long changed = IntStream.range(0, before.size())
                    .filter(word -> !before.get(word).equals(after.get(word)))
                    .count();
            assertThat(changed).isEqualTo(one.swapped().size());
            for (Swapped.Place place : one.swapped()) {
                String word = one.text().substring(place.start(), place.end());
                assertThat(KNOWN).anyMatch(word::equalsIgnoreCase);
                assertThat(one.text().substring(0, place.start())).matches("|.*[^A-Za-z]");
            }
            assertThat(after.get(0)).matches("[A-Z].*");
        }
        assertThat(all.subList(0, 111))
                .allSatisfy(one -> assertThat(one.swapped()).isEmpty());
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.split("[^A-Za-z0-9]+"));
    }

    @Test
    void aboutOneInSoManyIsSwapped() {
        int swaps = swapped(4, 1, 2_000).stream()
                .mapToInt(one -> one.swapped().size())
                .sum();
        // Of 17,000 words a quarter is asked for; about one draw in six is of the word itself and changes nothing.
        assertThat(swaps).isBetween(3_000, 4_250);
    }

    @Test
    void theSeedDecides() {
        assertThat(swapped(5, 7, 300)).isEqualTo(swapped(5, 7, 300)).isNotEqualTo(swapped(5, 8, 300));
    }

    @Test
    void whatComesInIsAsFrequentAsItStandsThere() {
        WordSwaps swaps = new WordSwaps(3, 1);
        List<String> in = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Swapped one = swaps.swap("rare common common common common");
            in.addAll(one.swapped().stream()
                    .map(place -> one.text().substring(place.start(), place.end()))
                    .collect(Collectors.toList()));
        }
        // A common place is swapped by "rare" with ⅓ · ⅕, a rare one by "common" with ⅓ · ⅘: as many of each.
        double share = in.stream().filter("rare"::equals).count() / (double) in.size();
        assertThat(share).isBetween(.44, .56);
    }

    @Test
    void stretchesMeetIfTheyShareACharacter() {
        Swapped.Place place = new Swapped.Place(3, 6);
        assertThat(place.meets(0, 3)).isFalse();
        assertThat(place.meets(0, 4)).isTrue();
        assertThat(place.meets(5, 9)).isTrue();
        assertThat(place.meets(6, 9)).isFalse();
    }
}
