package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.changeling.TestConfigs;
import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import java.time.Duration;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProductRateTest {

    @ParameterizedTest
    @EnumSource(Product.Direction.class)
    void multipliesInEachDirectionOnEveryThread(Product.Direction direction) {
        ProductRate rate = new ProductRate(TestConfigs.engine(2), 2, Duration.ofMillis(1));

        assertThat(rate.gigaflops(Product.matrices(1, 8, 4, 6), direction)).isPositive();
        assertThat(rate.gigaflops(Product.matrices(3, 8, 4, 6), direction)).isPositive();
        assertThat(torch.get_num_threads()).isEqualTo(2);
    }

    @Test
    void multipliesInTheEnginesPrecision() {
        for (Precision precision : Precision.values()) {
            try (PointerScope scope = new PointerScope()) {
                Product.Matrices matrices = Product.matrices(1, 3, 4, 2).random(Engine.start(Device.CPU, precision, 1));
                matrices.multiply(Product.Direction.FORWARD);
                assertThat(matrices.y().scalar_type().intern())
                        .isEqualTo(
                                precision == Precision.BFLOAT16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float);
            }
        }
    }

    @Test
    void countsAMultiplicationAndAnAdditionEach() {
        assertThat(Product.matrices(3, 8, 4, 6).flops()).isEqualTo(2 * 3 * 8 * 4 * 6);
    }

    @Test
    void multipliesWhatALayerMultiplies() {
        Product product = Product.matrices(1, 3, 4, 2);
        try (PointerScope scope = new PointerScope()) {
            Product.Matrices forward = product.random(TestConfigs.engine());
            Tensor expected = torch.linear(forward.x(), forward.w());
            forward.multiply(Product.Direction.FORWARD);
            assertThat(HostCopy.toFloats(forward.y())).containsExactly(HostCopy.toFloats(expected), within(1e-5f));

            Tensor gradient = forward.y().matmul(forward.w());
            forward.multiply(Product.Direction.INPUT_GRADIENT);
            assertThat(HostCopy.toFloats(forward.x())).containsExactly(HostCopy.toFloats(gradient), within(1e-4f));
            assertThat(forward.x().shape()).containsExactly(3, 4);

            Tensor ofWeight = forward.y().t().matmul(forward.x());
            forward.multiply(Product.Direction.WEIGHT_GRADIENT);
            assertThat(HostCopy.toFloats(forward.w())).containsExactly(HostCopy.toFloats(ofWeight), within(1e-3f));
        }
    }

    @Test
    void multipliesWhatALayerOfTheNetworksMultiplies() {
        Product product = Product.layer(96, 16, 32);
        try (PointerScope scope = new PointerScope()) {
            Product.Matrices layer = product.random(TestConfigs.engine());
            assumeTrue(PointwiseConvolution.isAvailable());
            assertThat(layer.kind()).isEqualTo(Product.Kind.LAYER);
            assertClose(layer.multiply(Product.Direction.FORWARD).squeeze(0), torch.linear(layer.x(), layer.w()));
            assertClose(
                    layer.multiply(Product.Direction.INPUT_GRADIENT)
                            .permute(0, 2, 3, 1)
                            .reshape(96, 16),
                    layer.y().matmul(layer.w()));
            assertClose(
                    layer.multiply(Product.Direction.WEIGHT_GRADIENT).view(32, 16),
                    layer.y().t().matmul(layer.x()));
        }
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(HostCopy.toFloats(actual)).containsExactly(HostCopy.toFloats(expected), within(1e-3f));
    }
}
