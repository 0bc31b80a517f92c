package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Held to libtorch's dense layer. */
@EnabledIf("dev.changeling.tensor.PointwiseConvolution#isAvailable")
class PointwiseConvolutionTest {
    private static final Engine ENGINE = TestConfigs.engine();

    private static Tensor leaf(long... shape) {
        Tensor leaf = torch.randn(shape);
        leaf.set_requires_grad(true);
        return leaf;
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double largest = expected.abs().max().item_double();
        assertThat(actual.sub(expected).abs().max().item_double() / largest).isCloseTo(0, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"4, 24, 16, 16", "8, 128, 64, 192", "1, 64, 32, 80", "16, 5, 48, 16"})
    void isTheDenseLayerAndItsGradients(long rows, long length, long in, long out) {
        torch.manual_seed(rows * length + out);
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor x = leaf(rows, length, in);
            Tensor weight = leaf(out, in);
            Tensor bias = leaf(out);
            Tensor gradient = torch.randn(rows, length, out);
            assertThat(PointwiseConvolution.suits(x, weight)).isTrue();

            Tensor expected = torch.linear(x, weight, new TensorOptional(bias));
            expected.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
            assertClose(PointwiseConvolution.apply(x, weight, bias), expected);

            PointwiseConvolution.Gradients gradients =
                    PointwiseConvolution.gradients(gradient, x.detach(), weight.detach());
            assertClose(gradients.ofInput(), x.grad());
            assertClose(gradients.ofWeight(), weight.grad());
            assertClose(gradients.ofBias(), bias.grad());
        }
    }

    @Test
    void autogradDifferentiatesItToo() {
        torch.manual_seed(2);
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor x = leaf(4, 24, 32);
            Tensor weight = leaf(48, 32);
            Tensor bias = leaf(48);
            Tensor gradient = torch.randn(4, 24, 48);
            PointwiseConvolution.apply(x, weight, bias)
                    .backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
            assertClose(x.grad(), gradient.matmul(weight.detach()));
            assertClose(
                    weight.grad(),
                    torch.mm(gradient.view(96, 48).t(), x.detach().view(96, 32)));
        }
    }

    @Test
    void leavesToTheBlasWhatItCanNotDo() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor weight = torch.randn(32, 32);
            assertThat(PointwiseConvolution.suits(torch.randn(4, 32, 32), weight))
                    .isTrue();
            assertThat(PointwiseConvolution.suits(torch.randn(128, 32), weight))
                    .as("a choice of tokens, of which there may be any number")
                    .isFalse();
            assertThat(PointwiseConvolution.suits(torch.randn(1, 127, 32), weight))
                    .as("a prime number of tokens")
                    .isFalse();
            assertThat(PointwiseConvolution.suits(torch.randn(4, 32, 32).transpose(0, 1), weight))
                    .as("not contiguous")
                    .isFalse();
            assertThat(PointwiseConvolution.suits(torch.randn(4, 32, 32), torch.randn(1, 32)))
                    .as("one output")
                    .isFalse();
            assertThat(PointwiseConvolution.suits(torch.randn(0, 8, 32), weight))
                    .isFalse();
            assertThat(PointwiseConvolution.suits(torch.randn(4, 32, 32).to(torch.ScalarType.BFloat16), weight))
                    .isFalse();
        }
    }

    @Test
    void dealsTokensOutEvenly() {
        assertThat(PointwiseConvolution.images(4096)).isEqualTo(16);
        assertThat(PointwiseConvolution.images(17 * 8)).isEqualTo(17);
        assertThat(PointwiseConvolution.images(608)).isEqualTo(16);
        assertThat(PointwiseConvolution.images(48)).isZero();
        assertThat(PointwiseConvolution.images(1009)).isZero();
    }
}
