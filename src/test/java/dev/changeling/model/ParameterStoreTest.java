package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestConfigs;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ParameterStoreTest {
    private static final Engine ENGINE = TestConfigs.engine();

    private static float[] counting(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    @Test
    void laysWeightsThatDecayFirstAndKeepsTheOrderOfDeclaration() {
        try (ParameterStore store = new ParameterStore();
                Engine.Scope scope = ENGINE.scope()) {
            store.declare("a.bias", Parameter.Kind.BIAS, 2);
            store.declare("b.weight", Parameter.Kind.WEIGHT, 2, 3);
            store.declare("c.norm.weight", Parameter.Kind.NORM_WEIGHT, 3);
            store.declare("c.norm.bias", Parameter.Kind.NORM_BIAS, 3);
            store.declare("d.weight", Parameter.Kind.WEIGHT, 1, 4);
            store.allocate(ENGINE);
            assertThat(store.size()).isEqualTo(18);
            assertThat(store.groups(name -> 1))
                    .containsExactly(new ParameterGroup(0, 10, 1, true), new ParameterGroup(10, 8, 1, false));
            assertThat(store.groups(name -> name.startsWith("c") ? 0.5 : 1))
                    .containsExactly(
                            new ParameterGroup(0, 10, 1, true),
                            new ParameterGroup(10, 2, 1, false),
                            new ParameterGroup(12, 6, 0.5, false));
            assertThat(HostCopy.toFloats(store.values())).hasSize(18).containsOnly(0);

            HostCopy.fromFloats(counting(18), store.values());
            assertThat(store.parts().keySet())
                    .containsExactly("a.bias", "b.weight", "c.norm.weight", "c.norm.bias", "d.weight");
            assertThat(HostCopy.toFloats(store.part("b.weight").tensor())).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(HostCopy.toFloats(store.part("d.weight").tensor())).containsExactly(6, 7, 8, 9);
            assertThat(HostCopy.toFloats(store.part("a.bias").tensor())).containsExactly(10, 11);
            assertThat(HostCopy.toFloats(store.part("c.norm.weight").tensor())).containsExactly(12, 13, 14);
            assertThat(HostCopy.toFloats(store.part("c.norm.bias").tensor())).containsExactly(15, 16, 17);
            assertThat(store.part("b.weight").shape()).containsExactly(2L, 3L);
            assertThat(store.part("b.weight").tensor().shape()).containsExactly(2, 3);
        }
    }

    @Test
    void stackedPartsAreWindowsOnOneTensor() {
        try (ParameterStore store = new ParameterStore();
                Engine.Scope scope = ENGINE.scope()) {
            store.declare("first.weight", Parameter.Kind.WEIGHT, 1, 2);
            Parameter stacked = store.declareStacked(List.of("q", "k", "v"), Parameter.Kind.WEIGHT, 2, 2);
            store.allocate(ENGINE);
            HostCopy.fromFloats(counting(14), store.values());
            assertThat(stacked.tensor().shape()).containsExactly(6, 2);
            assertThat(stacked.parts()).extracting(Parameter.Part::name).containsExactly("q", "k", "v");
            assertThat(HostCopy.toFloats(store.part("q").tensor())).containsExactly(2, 3, 4, 5);
            assertThat(HostCopy.toFloats(store.part("k").tensor())).containsExactly(6, 7, 8, 9);
            assertThat(HostCopy.toFloats(store.part("v").tensor())).containsExactly(10, 11, 12, 13);

            // What is written through a part is what the networks read.
            store.part("k").tensor().fill_(new Scalar(-1));
            assertThat(HostCopy.toFloats(stacked.tensor())).containsExactly(2, 3, 4, 5, -1, -1, -1, -1, 10, 11, 12, 13);
            assertThatThrownBy(() -> store.part("w"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("w");
        }
    }

    @Test
    void gradientsAddUpInTheFlatBuffer() {
        try (ParameterStore store = new ParameterStore();
                Engine.Scope scope = ENGINE.scope()) {
            Parameter bias = store.declare("bias", Parameter.Kind.BIAS, 2);
            Parameter weight = store.declare("weight", Parameter.Kind.WEIGHT, 3);
            store.allocate(ENGINE);
            Tensor factor = HostCopy.toDevice(ENGINE, new float[] {1, 2, 3}, 3);
            weight.tensor().mul(factor).sum().backward();
            assertThat(HostCopy.toFloats(store.gradients())).containsExactly(1, 2, 3, 0, 0);
            weight.tensor().mul(factor).sum().add(bias.tensor().sum()).backward();
            assertThat(HostCopy.toFloats(store.gradients())).containsExactly(2, 4, 6, 1, 1);
            assertThat(HostCopy.toFloats(bias.tensor().grad())).containsExactly(1, 1);
            store.gradients().zero_();
            assertThat(HostCopy.toFloats(weight.tensor().grad())).containsExactly(0, 0, 0);
        }
    }

    @Test
    void refusesANameThatIsTaken() {
        try (ParameterStore store = new ParameterStore()) {
            store.declareStacked(List.of("q", "k"), Parameter.Kind.WEIGHT, 2, 2);
            assertThatThrownBy(() -> store.declare("k", Parameter.Kind.BIAS, 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("k");
        }
    }

    @Test
    void refusesUseBeforeAllocationAndDeclarationAfterIt() {
        try (ParameterStore store = new ParameterStore()) {
            Parameter weight = store.declare("weight", Parameter.Kind.WEIGHT, 2);
            assertThatThrownBy(weight::tensor)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("weight");
            assertThatThrownBy(store::values).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(store::gradients).isInstanceOf(IllegalStateException.class);
            store.allocate(ENGINE);
            assertThatThrownBy(() -> store.declare("late", Parameter.Kind.WEIGHT, 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("late");
        }
    }

    @Test
    void outlivesTheScopeInWhichItWasAllocated() {
        try (ParameterStore store = new ParameterStore()) {
            Parameter weight = store.declare("weight", Parameter.Kind.WEIGHT, 3);
            try (Engine.Scope scope = ENGINE.scope()) {
                store.allocate(ENGINE);
                store.values().fill_(new Scalar(2));
            }
            try (Engine.Scope scope = ENGINE.scope()) {
                assertThat(HostCopy.toFloats(weight.tensor())).containsExactly(2, 2, 2);
                assertThat(HostCopy.toFloats(store.gradients())).containsExactly(0, 0, 0);
            }
        }
    }

    @Test
    void closeReleasesNativeMemory() {
        long megabytes = 1L << 20;
        long before = Pointer.physicalBytes();
        for (int i = 0; i < 12; i++) {
            ParameterStore store = new ParameterStore();
            Parameter weight = store.declare("weight", Parameter.Kind.WEIGHT, 8 * megabytes);
            store.allocate(ENGINE);
            Tensor values = store.values();
            Tensor leaf = weight.tensor();
            values.fill_(new Scalar(1));
            store.gradients().fill_(new Scalar(1));
            store.close();
            assertThat(values.isNull()).isTrue();
            assertThat(leaf.isNull()).isTrue();
            assertThatThrownBy(store::values).isInstanceOf(IllegalStateException.class);
        }
        // Each store held 64 MB.
        assertThat(Pointer.physicalBytes() - before).isLessThan(200 * megabytes);
    }
}
