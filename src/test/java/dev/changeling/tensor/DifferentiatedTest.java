package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestConfigs;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class DifferentiatedTest {
    private static final Engine ENGINE = TestConfigs.engine();

    /** {@code x³}, by hand. */
    private static Tensor cube(Tensor x) {
        Tensor detached = x.detach();
        Tensor output;
        try (NoGradGuard noGrad = new NoGradGuard()) {
            output = detached.pow(new Scalar(3));
        }
        return new Differentiated(
                        output, gradient -> gradient.mul(detached.square()).mul(new Scalar(3)))
                .attachTo(x);
    }

    private static Tensor leaf(float... numbers) {
        Tensor leaf = HostCopy.toDevice(ENGINE, numbers, numbers.length);
        leaf.set_requires_grad(true);
        return leaf;
    }

    @Test
    void gradientsFlowThroughOneAfterAnother() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor x = leaf(1, 2, -1);
            Tensor y = cube(cube(x)).mul(new Scalar(2)); // 2 x⁹
            assertThat(HostCopy.toFloats(y.detach())).containsExactly(2, 1024, -2);
            y.sum().backward();
            assertThat(HostCopy.toFloats(x.grad())).containsExactly(18, 18 * 256, 18);
        }
    }

    @Test
    void seesTheWholeGradientOfAnOutputThatIsReadTwice() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor x = leaf(2);
            Tensor y = cube(x);
            y.mul(new Scalar(5)).add(y.mul(y)).add(x).sum().backward(); // 5x³ + x⁶ + x
            assertThat(HostCopy.toFloats(x.grad())).containsExactly(5 * 3 * 4 + 6 * 32 + 1);
        }
    }

    @Test
    void staysInPlaceWhenItsTensorsAreWrittenTo() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor x = leaf(1, 2).mul(new Scalar(1));
            Tensor y = cube(x);
            y.mul_(new Scalar(2));
            Tensor z = cube(y); // 8 x⁹
            y.detach().add_(new Scalar(0));
            z.sum().backward();
            assertThat(HostCopy.toFloats(z.detach())).containsExactly(8, 8 * 512);
        }
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor leaf = leaf(1, 2);
            Tensor y = cube(leaf);
            y.mul_(new Scalar(2)).sum().backward();
            assertThat(HostCopy.toFloats(leaf.grad())).containsExactly(6, 24);
        }
    }

    @Test
    void whatThePullbackThrowsComesOutOfBackward() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor x = leaf(2);
            Tensor y = new Differentiated(torch.ones(1), gradient -> {
                        throw new IllegalStateException("no derivative here");
                    })
                    .attachTo(x);
            assertThatThrownBy(() -> y.sum().backward()).hasMessageContaining("no derivative here");
        }
    }

    @Test
    void onlyTheResultOfTemporariesOutlivesThem() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor[] between = new Tensor[1];
            Tensor result = Temporaries.freed(() -> {
                between[0] = torch.ones(3);
                return between[0].add_(between[0]); // a handle that its own scope does not own
            });
            assertThat(between[0].isNull()).isTrue();
            assertThat(HostCopy.toFloats(result)).containsExactly(2, 2, 2);
        }
    }

    @Test
    void temporariesNeedAScope() {
        assertThatThrownBy(() -> Temporaries.freed(() -> torch.ones(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no native scope is open");
    }
}
