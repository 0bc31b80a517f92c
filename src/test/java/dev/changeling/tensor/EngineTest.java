package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import java.util.List;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
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
        int cores = Engine.defaultThreads(System.getenv("OMP_NUM_THREADS"));
        assertThat(Engine.start(Device.CPU, Precision.FLOAT32, 0).threads()).isEqualTo(cores);
        assertThat(torch.get_num_threads()).isEqualTo(cores);
    }

    @Test
    void takesAllProcessorsUnlessTheEnvironmentNamesANumber() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(Engine.defaultThreads(null)).isEqualTo(processors);
        assertThat(Engine.defaultThreads("3")).isEqualTo(3);
        for (String nonsense : List.of("", "0", "-1", "4,2", "many", "99999999999")) {
            assertThat(Engine.defaultThreads(nonsense)).as(nonsense).isEqualTo(processors);
        }
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
    void addsProductsInItsPrecision() {
        for (Precision precision : Precision.values()) {
            Engine engine = Engine.start(Device.CPU, precision, 1);
            try (Engine.Scope scope = engine.scope();
                    NoGradGuard noGrad = new NoGradGuard()) {
                // 1 + 2^-10 needs more bits than bfloat16 has.
                Tensor left = torch.full(new long[] {2, 3}, new Scalar(1 + 0x1p-10f));
                Tensor right = torch.ones(3, 4);
                Tensor sum = torch.full(new long[] {2, 4}, new Scalar(10f));
                engine.addProduct(sum, left, right);
                float expected = precision == Precision.BFLOAT16 ? 13 : 13 + 3 * 0x1p-10f;
                assertThat(HostCopy.toFloats(sum)).hasSize(8).containsOnly(expected);
            }
        }
    }

    @Test
    void aShareDividesTheThreadsAndGivesThemBack() throws InterruptedException {
        Engine engine = Engine.start(Device.CPU, Precision.FLOAT32, 4);
        int outside = openblas_nolapack.blas_get_num_threads();
        openblas_nolapack.blas_set_num_threads(4);
        try {
            try (Engine.Share share = engine.share(2)) {
                assertThat(threadsOfANewThread(share::enter)).isEqualTo(2);
                assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(2);
                assertThat(torch.get_num_threads()).isEqualTo(4);
            }
            assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(4);
            assertThat(threadsOfANewThread(() -> {})).isEqualTo(4);
        } finally {
            openblas_nolapack.blas_set_num_threads(outside);
        }
    }

    private static int threadsOfANewThread(Runnable first) throws InterruptedException {
        int[] threads = {0};
        Thread thread = new Thread(() -> {
            first.run();
            threads[0] = torch.get_num_threads();
        });
        thread.start();
        thread.join();
        return threads[0];
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
