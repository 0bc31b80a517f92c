package dev.changeling.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.disk.Sha256;
import dev.changeling.error.InputException;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
    @TempDir
    Path folder;

    @Test
    void whatIsSavedIsFoundAgain() throws IOException {
        CheckpointStore store = new CheckpointStore(folder);
        Progress progress = new Progress(100, 12_345, 0.1 + 0.2, 3.25, "abc");
        store.save(progress, tensors(100));

        CheckpointStore.Found found = new CheckpointStore(folder).latest();

        assertThat(found.passedOver()).isEmpty();
        Checkpoint checkpoint = found.checkpoint().orElseThrow();
        assertThat(checkpoint.progress()).isEqualTo(progress);
        assertThat(checkpoint.folder()).isEqualTo(folder.resolve("step-00000100"));
        assertThat(Files.readString(checkpoint.folder().resolve("state.json")))
                .contains("\"elapsed_seconds\" : 0.30000000000000004", "\"config_fingerprint\" : \"abc\"");
        try (SafetensorsFile file = checkpoint.openTensors()) {
            assertThat(file.names()).containsExactly("a.weight", "b.bias");
            assertThat(file.array("a.weight").data().getFloat(4)).isEqualTo(100f);
        }
    }

    @Test
    void nothingIsFoundWhereNothingIs() {
        assertThat(new CheckpointStore(folder.resolve("absent")).latest().checkpoint())
                .isEmpty();
    }

    @Test
    void theNewestIsFoundByItsNumber() {
        save(9, null);
        save(100_000_000, null);
        save(99_999_999, null);
        assertThat(steps()).containsExactly(9L, 99_999_999L, 100_000_000L);
        assertThat(latestStep()).isEqualTo(100_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tensors.safetensors", "state.json", "manifest.json", "DONE"})
    void aDamagedFileMakesTheStoreFallBack(String name) throws IOException {
        save(1, null);
        save(2, null);
        Path file = folder.resolve("step-00000002").resolve(name);
        byte[] good = Files.readAllBytes(file);

        List<byte[]> damages = new ArrayList<>();
        for (int length = 0; length < good.length; length += 5) {
            byte[] truncated = Arrays.copyOf(good, length);
            byte[] flipped = good.clone();
            flipped[length] ^= 1;
            damages.add(truncated);
            damages.add(flipped);
        }
        for (byte[] damage : damages) {
            Files.write(file, damage);
            assertFallsBack(name.equals("manifest.json") ? "DONE" : name);
        }
        Files.delete(file);
        assertFallsBack(name);
        Files.write(file, good);
        assertThat(latestStep()).isEqualTo(2);
    }

    private void assertFallsBack(String named) {
        CheckpointStore.Found found = new CheckpointStore(folder).latest();
        assertThat(found.checkpoint().orElseThrow().progress().step()).isEqualTo(1);
        assertThat(found.passedOver()).hasSize(1);
        assertThat(found.passedOver().get(0).folder()).hasFileName("step-00000002");
        assertThat(found.passedOver().get(0).reason()).contains(named);
    }

    @Test
    void anotherFormatVersionIsPassedOver() throws IOException {
        save(1, null);
        Path manifest = folder.resolve("step-00000001/manifest.json");
        String changed = Files.readString(manifest).replace("\"version\" : 1", "\"version\" : 2");
        Files.writeString(manifest, changed);
        Files.writeString(manifest.resolveSibling("DONE"), Sha256.of(manifest) + "\n");

        CheckpointStore.Found found = new CheckpointStore(folder).latest();
        assertThat(found.checkpoint()).isEmpty();
        assertThat(found.passedOver().get(0).reason()).isEqualTo("format version 2, expected 1");
    }

    @Test
    void aKillBetweenAnyTwoOperationsOfASaveLosesNothing() {
        int operations = count(store -> store.save(progress(3, 1.0), tensors(3)));
        assertThat(operations).isGreaterThan(10);
        for (int killedBefore = 0; killedBefore < operations; killedBefore++) {
            Path run = folder.resolve("save-" + killedBefore);
            new CheckpointStore(run).save(progress(1, 1.0), tensors(1));
            new CheckpointStore(run).save(progress(2, 1.0), tensors(2));

            kill(run, killedBefore, store -> store.save(progress(3, 1.0), tensors(3)));

            CheckpointStore.Found found = new CheckpointStore(run).latest();
            assertThat(found.passedOver()).as("killed before %d", killedBefore).isEmpty();
            assertThat(found.checkpoint().orElseThrow().progress().step()).isIn(2L, 3L);
            new CheckpointStore(run).save(progress(3, 1.0), tensors(3));
            new CheckpointStore(run).save(progress(4, 1.0), tensors(4));
            assertThat(names(run))
                    .as("killed before %d", killedBefore)
                    .containsExactly("step-00000001", "step-00000002", "step-00000003", "step-00000004");
        }
    }

    @Test
    void aKillBetweenAnyTwoOperationsOfAPruneLosesNothing() {
        Consumer<CheckpointStore> prune = store -> store.prune(1, true);
        for (int killedBefore = 0; killedBefore < 30; killedBefore++) {
            Path run = folder.resolve("prune-" + killedBefore);
            for (int step = 1; step <= 4; step++) {
                new CheckpointStore(run).save(progress(step, step == 2 ? 0.5 : 1.0), tensors(step));
            }
            boolean killed = kill(run, killedBefore, prune);

            assertThat(new CheckpointStore(run).latest().passedOver()).isEmpty();
            new CheckpointStore(run).prune(1, true);
            assertThat(names(run))
                    .as("killed before %d", killedBefore)
                    .containsExactly("step-00000002", "step-00000004");
            if (!killed) {
                assertThat(killedBefore).isGreaterThan(4);
                return;
            }
        }
        throw new AssertionError("a prune has fewer operations than that");
    }

    @Test
    void aKillWhileADamagedCheckpointIsReplacedLosesNothing() throws IOException {
        for (int killedBefore = 0; killedBefore < 40; killedBefore++) {
            Path run = folder.resolve("replace-" + killedBefore);
            new CheckpointStore(run).save(progress(1, null), tensors(1));
            new CheckpointStore(run).save(progress(2, null), tensors(2));
            Files.delete(run.resolve("step-00000002/DONE"));

            boolean killed = kill(run, killedBefore, store -> store.save(progress(2, null), tensors(2)));

            assertThat(new CheckpointStore(run).latest().checkpoint()).isPresent();
            new CheckpointStore(run).save(progress(2, null), tensors(2));
            assertThat(names(run)).containsExactly("step-00000001", "step-00000002");
            assertThat(new CheckpointStore(run).latest().passedOver()).isEmpty();
            if (!killed) {
                return;
            }
        }
        throw new AssertionError("a save has fewer operations than that");
    }

    @Test
    void anIoErrorAtAnyOperationIsOneClearLineAndLeavesNothingHalfWritten() {
        int operations = count(store -> store.save(progress(2, null), tensors(2)));
        for (int failing = 0; failing < operations; failing++) {
            Path run = folder.resolve("io-" + failing);
            new CheckpointStore(run).save(progress(1, null), tensors(1));
            CheckpointStore store = new CheckpointStore(run, failingAt(failing));

            assertThatThrownBy(() -> store.save(progress(2, null), tensors(2)))
                    .as("operation %d", failing)
                    .isInstanceOf(InputException.class)
                    .hasMessage(
                            run.resolve("step-00000002")
                                    + ": can't save the checkpoint: no space left on device; earlier checkpoints are untouched");
            assertThat(new CheckpointStore(run).latest().passedOver()).isEmpty();
            assertThat(names(run)).first().isEqualTo("step-00000001");
            assertThat(names(run)).noneMatch(name -> name.startsWith(".saving"));
        }
    }

    @Test
    void theNewestAndTheBestAreKept() {
        save(1, 3.0);
        save(2, 1.0);
        save(3, 1.0);
        save(4, Double.NaN);
        save(5, null);
        save(6, 2.0);

        new CheckpointStore(folder).prune(2, true);
        assertThat(steps()).containsExactly(3L, 5L, 6L);
        assertThat(new CheckpointStore(folder).best().orElseThrow().progress().step())
                .isEqualTo(3);
        new CheckpointStore(folder).prune(1, false);
        assertThat(steps()).containsExactly(6L);
    }

    @Test
    void pruningNeverDeletesTheOnlyWholeOne() throws IOException {
        save(1, null);
        save(2, null);
        Files.write(folder.resolve("step-00000002/state.json"), new byte[] {1});

        new CheckpointStore(folder).prune(1, false);

        assertThat(latestStep()).isEqualTo(1);
    }

    @Test
    void aWholeCheckpointOfTheSameStepStays() {
        save(1, 2.0);
        Checkpoint again = new CheckpointStore(folder).save(progress(1, 5.0), tensors(7));
        assertThat(again.progress().score()).isEqualTo(2.0);
        assertThat(names(folder)).containsExactly("step-00000001");
    }

    private void save(long step, @Nullable Double score) {
        new CheckpointStore(folder).save(progress(step, score), tensors(step));
    }

    private long latestStep() {
        return new CheckpointStore(folder)
                .latest()
                .checkpoint()
                .orElseThrow()
                .progress()
                .step();
    }

    private List<Long> steps() {
        return names(folder).stream()
                .map(name -> Long.valueOf(name.substring("step-".length())))
                .sorted()
                .toList();
    }

    private static List<String> names(Path run) {
        try (var entries = Files.list(run)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Progress progress(long step, @Nullable Double score) {
        return new Progress(step, step * 10, step * 0.5, score, "abc");
    }

    private static List<NamedArray> tensors(long step) {
        ByteBuffer weight = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        weight.putFloat(4, (float) step);
        return List.of(
                new NamedArray("b.bias", NamedArray.Type.F32, List.of(2L), ByteBuffer.allocate(8)),
                new NamedArray("a.weight", NamedArray.Type.F32, List.of(2L, 3L), weight));
    }

    /** Ends the process, as it were: nothing catches it, and nothing is cleaned up. */
    private static final class Kill extends Error {
        private static final long serialVersionUID = 1L;
    }

    private int count(Consumer<CheckpointStore> action) {
        List<String> operations = Collections.synchronizedList(new ArrayList<>());
        action.accept(new CheckpointStore(folder.resolve("count"), operations::add));
        return operations.size();
    }

    private static boolean kill(Path run, int before, Consumer<CheckpointStore> action) {
        int[] seen = {0};
        CheckpointStore store = new CheckpointStore(run, operation -> {
            if (seen[0]++ == before) {
                throw new Kill();
            }
        });
        try {
            action.accept(store);
            return false;
        } catch (Kill e) {
            return true;
        }
    }

    private static Consumer<String> failingAt(int operation) {
        int[] seen = {0};
        return name -> {
            if (seen[0]++ == operation) {
                CheckpointStoreTest.<RuntimeException>sneak(new IOException("No space left on device"));
            }
        };
    }

    /** The observer is declared to throw nothing, but the operation around it may throw an IOException. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> void sneak(Exception exception) throws E {
        throw (E) exception;
    }
}
