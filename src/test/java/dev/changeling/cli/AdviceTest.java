package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.tensor.EngineReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static final long GIGABYTE = 1L << 30;
    private static final Map<String, String> LAUNCHED =
            Map.of("OMP_WAIT_POLICY", "PASSIVE", "OPENBLAS_NUM_THREADS", "1", "GLIBC_TUNABLES", "x=1");
    private static final EngineReport ENGINE = new EngineReport("2.10.0", "AVX2", "open", true, 2, List.of("cpu"));

    @Test
    void hasNothingToSayWhenAllIsWell() {
        assertThat(advice(machine(8 * GIGABYTE, 2 * GIGABYTE, 50 * GIGABYTE, false), ENGINE, LAUNCHED))
                .isEmpty();
    }

    @Test
    void sendsThoseWhoStartJavaThemselvesToTheLauncher() {
        assertThat(advice(machine(8 * GIGABYTE, 2 * GIGABYTE, 50 * GIGABYTE, false), ENGINE, Map.of()))
                .hasSize(3)
                .allMatch(sentence -> sentence.contains("./changeling"));
    }

    @Test
    void noticesWhatIsScarce() {
        assertThat(advice(machine(GIGABYTE, GIGABYTE / 4, GIGABYTE, false), ENGINE, LAUNCHED))
                .satisfiesExactly(
                        memory -> assertThat(memory).contains("memory", "training.device_batch_size"),
                        heap -> assertThat(heap).contains("-Xmx"),
                        disk -> assertThat(disk).contains("/data"));
    }

    @Test
    void noticesAnEngineThatDoesNotFitTheMachine() {
        EngineReport odd = new EngineReport("2.10.0", "DEFAULT", "open", true, 9, List.of("cpu"));

        assertThat(advice(machine(8 * GIGABYTE, 2 * GIGABYTE, 50 * GIGABYTE, true), odd, LAUNCHED))
                .satisfiesExactly(
                        threads -> assertThat(threads).contains("9 threads on 2 processors"),
                        vectors -> assertThat(vectors).contains("AVX"),
                        device -> assertThat(device).contains("NVIDIA"));
    }

    @Test
    void saysWhyTheEngineIsMissing() {
        Machine machine = machine(8 * GIGABYTE, 2 * GIGABYTE, 50 * GIGABYTE, false);

        assertThat(Advice.of(new Diagnosis("1", machine, null, "no jnitorch", false, 0, LAUNCHED)))
                .singleElement()
                .asString()
                .contains("no jnitorch", "glibc");
        assertThat(Advice.of(new Diagnosis("1", machine, null, "no jnitorch", true, 0, LAUNCHED)))
                .singleElement()
                .asString()
                .contains("no jnitorch", "CUDA 13", "LD_LIBRARY_PATH");
    }

    private static List<String> advice(Machine machine, EngineReport engine, Map<String, String> environment) {
        return Advice.of(new Diagnosis("1", machine, engine, null, false, 100, environment));
    }

    private static Machine machine(long freeMemory, long heap, long disk, boolean nvidia) {
        return new Machine(
                "17",
                "/jdk",
                heap,
                "Linux 6 amd64",
                "a processor",
                2,
                16 * GIGABYTE,
                freeMemory,
                "/data",
                disk,
                nvidia);
    }
}
