package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {

    @Test
    void saysWhatItFound() {
        CommandRun run = CommandRun.of("doctor");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("Java ", "CPU ", "Memory ", "Disk ", "Engine ", "Devices ", "GFLOP/s")
                .contains(Runtime.version().toString());
    }

    @Test
    void saysTheSameAsJson() {
        CommandRun run = CommandRun.of("doctor", "--json");

        JsonNode json = JsonMapper.shared().readTree(run.out());
        assertThat(json.at("/diagnosis/machine/processors").asInt())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(json.at("/diagnosis/machine/freeMemoryBytes").asLong()).isPositive();
        assertThat(json.at("/diagnosis/engine/version").asString()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(json.at("/diagnosis/engine/devices/0").asString()).isEqualTo("cpu");
        assertThat(json.at("/diagnosis/gigaflops").asDouble()).isPositive();
        assertThat(json.at("/advice").isArray()).isTrue();
    }
}
