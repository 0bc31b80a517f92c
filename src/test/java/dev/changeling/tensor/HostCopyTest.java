package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestConfigs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class HostCopyTest {
    private static final Engine ENGINE = TestConfigs.engine();

    @Test
    void copiesRowMajor() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor floats = HostCopy.toDevice(ENGINE, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
            assertThat(floats.shape()).containsExactly(2, 3);
            assertThat(HostCopy.toFloats(floats)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(HostCopy.toFloats(floats.t())).containsExactly(1, 4, 2, 5, 3, 6);
            Tensor ints = HostCopy.toDevice(ENGINE, new int[] {1, -2, 3, Integer.MAX_VALUE}, 2, 2);
            assertThat(ints.scalar_type().intern()).isEqualTo(torch.ScalarType.Long);
            assertThat(HostCopy.toInts(ints)).containsExactly(1, -2, 3, Integer.MAX_VALUE);
            assertThat(HostCopy.toInts(ints.t())).containsExactly(1, 3, -2, Integer.MAX_VALUE);
        }
    }

    @Test
    void copiesWindows() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor whole = HostCopy.toDevice(ENGINE, new float[] {1, 2, 3, 4, 5}, 5);
            assertThat(HostCopy.toFloats(whole.narrow(0, 2, 2))).containsExactly(3, 4);
            Tensor ints = HostCopy.toDevice(ENGINE, new int[] {1, 2, 3, 4, 5}, 5);
            assertThat(HostCopy.toInts(ints.narrow(0, 2, 2))).containsExactly(3, 4);
            HostCopy.fromFloats(new float[] {-1, -2}, whole.narrow(0, 1, 2));
            assertThat(HostCopy.toFloats(whole)).containsExactly(1, -1, -2, 4, 5);
        }
    }

    @Test
    void bytesAreLittleEndianAndGoThereAndBack() {
        try (Engine.Scope scope = ENGINE.scope()) {
            float[] values = {1, -0f, Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY};
            ByteBuffer bytes = HostCopy.bytesOf(HostCopy.toDevice(ENGINE, values, 5));
            assertThat(bytes.remaining()).isEqualTo(20);
            assertThat(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0))
                    .isEqualTo(0x3F800000);
            assertThat(bytes.get(3)).isEqualTo((byte) 0x3F);
            Tensor into = torch.zeros(5);
            HostCopy.fromBytes(bytes, into);
            assertThat(HostCopy.toFloats(into)).isEqualTo(values);
            Tensor tooSmall = torch.zeros(4);
            assertThatThrownBy(() -> HostCopy.fromBytes(bytes, tooSmall))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("5 numbers for a tensor of 4");
        }
    }

    @Test
    void bytesOfAWindowAreItsOwnMemoryInRowMajorOrder() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor whole = HostCopy.toDevice(ENGINE, new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
            ByteBuffer window = HostCopy.bytesOf(whole.narrow(0, 1, 2));
            assertThat(window.isReadOnly()).isTrue();
            assertThat(window.getFloat(0)).isEqualTo(3);
            HostCopy.fromFloats(new float[] {-1, -2, -3, -4, -5, -6}, whole);
            assertThat(window.getFloat(12)).isEqualTo(-6);
            // A transposed tensor is no row-major memory: its bytes are a copy in that order.
            ByteBuffer transposed = HostCopy.bytesOf(whole.t());
            assertThat(transposed.getFloat(0)).isEqualTo(-1);
            assertThat(transposed.getFloat(4)).isEqualTo(-3);
        }
    }

    @Test
    void copiesNothing() {
        try (Engine.Scope scope = ENGINE.scope()) {
            assertThat(HostCopy.toFloats(HostCopy.toDevice(ENGINE, new float[0], 0)))
                    .isEmpty();
            assertThat(HostCopy.toInts(HostCopy.toDevice(ENGINE, new int[0], 0, 3)))
                    .isEmpty();
        }
    }
}
