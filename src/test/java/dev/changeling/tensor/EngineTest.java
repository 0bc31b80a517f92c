package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class EngineTest {

    @Test
    void refusesCudaWhereThereIsNone() {
        Assumptions.assumeFalse(torch.cuda_is_available(), "this machine has a CUDA device");
        assertThatThrownBy(() -> Engine.start(Device.CUDA, Precision.FLOAT32, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("training.device")
                .hasMessageContaining("CUDA")
                .hasMessageNotContaining("\n");
        assertThat(Engine.start(Device.AUTO, Precision.FLOAT32, 1).device()).isEqualTo("cpu");
    }

    @Test
    void appliesTheNumberOfThreads() {
        assertThat(Engine.start(Device.CPU, Precision.FLOAT32, 2).threads()).isEqualTo(2);
        assertThat(torch.get_num_threads()).isEqualTo(2);
        assertThat(Engine.start(Device.CPU, Precision.FLOAT32, 1).threads()).isEqualTo(1);
        assertThat(torch.get_num_threads()).isEqualTo(1);
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(Engine.start(Device.CPU, Precision.FLOAT32, 0).threads()).isEqualTo(cores);
        assertThat(torch.get_num_threads()).isEqualTo(cores);
    }

    @Test
    void aScopeFreesWhatWasMadeInItAndNothingElse() {
        Engine engine = Engine.start(Device.CPU, Precision.FLOAT32, 1);
        try (Engine.Scope outer = engine.scope()) {
            Tensor kept = torch.ones(3);
            Tensor freed;
            try (Engine.Scope inner = engine.scope()) {
                freed = torch.ones(3);
                assertThat(freed.isNull()).isFalse();
            }
            assertThat(freed.isNull()).isTrue();
            assertThat(HostCopy.toFloats(kept)).containsExactly(1, 1, 1);
        }
    }

    @Test
    void theDropoutSeedDecidesWhatIsDropped() {
        Engine engine = Engine.start(Device.CPU, Precision.FLOAT32, 1);
        try (Engine.Scope scope = engine.scope()) {
            engine.seedDropout(5);
            float[] first = HostCopy.toFloats(torch.dropout(torch.ones(200), 0.5, true));
            float[] second = HostCopy.toFloats(torch.dropout(torch.ones(200), 0.5, true));
            engine.seedDropout(5);
            float[] again = HostCopy.toFloats(torch.dropout(torch.ones(200), 0.5, true));
            assertThat(again).isEqualTo(first).isNotEqualTo(second);
        }
    }

    @Test
    void multipliesInBfloat16InsideAScopeOnly() {
        Engine engine = Engine.start(Device.CPU, Precision.BFLOAT16, 1);
        try (Engine.Scope scope = engine.scope()) {
            Tensor product = torch.ones(4, 4).matmul(torch.ones(4, 4));
            assertThat(product.scalar_type().intern()).isEqualTo(torch.ScalarType.BFloat16);
            assertThat(HostCopy.toFloats(product)).containsOnly(4);
        }
        try (Engine.Scope scope = Engine.start(Device.CPU, Precision.FLOAT32, 1).scope()) {
            assertThat(torch.ones(4, 4).matmul(torch.ones(4, 4)).scalar_type().intern())
                    .isEqualTo(torch.ScalarType.Float);
        }
    }
}
