package dev.changeling.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestBatches;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.MaskedPositions;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsefulFlopsTest {
    private static ModelConfig model(int embedding, NetworkConfig discriminator, NetworkConfig generator) {
        return new ModelConfig(
                embedding,
                8,
                1,
                0,
                0,
                1e-12,
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, 0.02, 0, 0),
                discriminator,
                generator);
    }

    /** One sequence of 3 tokens, 1 masked; every product written out as rows × inner × columns. */
    @Test
    void countsTheProductsOfOneSequence() {
        ModelConfig model = model(4, new NetworkConfig(1, 4, 2, 8), new NetworkConfig(1, 2, 1, 4));

        UsefulFlops flops = UsefulFlops.of(model, 10, new BatchWork(3, 9, 1));

        double projection = 3 * 4 * 2;
        double queryKeyValue = 3 * 2 * 6;
        double scores = 3 * 2 * 3;
        double values = 3 * 3 * 2;
        double output = 3 * 2 * 2;
        double feedForward = 3 * 2 * 4 + 3 * 4 * 2;
        assertThat(flops.generatorTrunk())
                .isEqualTo(2 * (projection + queryKeyValue + scores + values + output + feedForward));
        assertThat(flops.generatorHead()).isEqualTo(2 * (1 * 2 * 4 + 1 * 4 * 10));

        // As wide as the embeddings, so without a projection; two heads of 2 do the work of one of 4.
        double attention = 3 * 4 * 12 + 2 * (3 * 2 * 3) + 2 * (3 * 3 * 2) + 3 * 4 * 4;
        assertThat(flops.discriminatorTrunk()).isEqualTo(2 * (attention + 3 * 4 * 8 + 3 * 8 * 4));
        assertThat(flops.discriminatorHead()).isEqualTo(2 * (3 * 4 * 4 + 3 * 4 * 1));
        assertThat(flops.step()).isEqualTo(3 * flops.forward());
    }

    @Test
    void countsEveryHeadOfTheGenerator() {
        ModelConfig one = model(4, new NetworkConfig(1, 4, 2, 8), new NetworkConfig(3, 4, 2, 8));
        ModelConfig three = new ModelConfig(
                one.embeddingSize(),
                one.sharing(),
                one.maxPositions(),
                one.segmentTypes(),
                one.dropout(),
                one.attentionDropout(),
                one.layerNormEpsilon(),
                one.initialization(),
                one.discriminator(),
                one.generator(),
                3);
        BatchWork work = new BatchWork(7, 25, 2);

        assertThat(UsefulFlops.of(three, 10, work).generatorHead())
                .isEqualTo(3 * UsefulFlops.of(one, 10, work).generatorHead());
        assertThat(UsefulFlops.of(three, 10, work).generatorTrunk())
                .isEqualTo(UsefulFlops.of(one, 10, work).generatorTrunk());
    }

    @Test
    void countsEveryLayer() {
        ModelConfig one = model(4, new NetworkConfig(1, 4, 2, 8), new NetworkConfig(1, 4, 2, 8));
        ModelConfig three = model(4, new NetworkConfig(3, 4, 2, 8), new NetworkConfig(1, 4, 2, 8));
        BatchWork work = new BatchWork(7, 25, 2);

        assertThat(UsefulFlops.of(three, 10, work).discriminatorTrunk())
                .isEqualTo(3 * UsefulFlops.of(one, 10, work).discriminatorTrunk());
    }

    @Test
    void seesPairsWithinSequencesOnlyAndNoPadding() {
        Batch two = TestBatches.row(10, new int[] {2, 9, 3}, new int[] {2, 8, 8, 3});
        Batch full = TestBatches.row(5, new int[] {2, 9, 9, 9, 3});
        MaskedPositions masked = new MaskedPositions(new int[] {1, 4}, new int[] {9, 8}, new int[] {4, 4});

        BatchWork work = BatchWork.of(List.of(
                new MaskedBatch(two, masked, new float[2], new int[2], null, MaskedBatch.Place.END),
                new MaskedBatch(full, masked, new float[2], new int[2], null, MaskedBatch.Place.END)));

        assertThat(work).isEqualTo(new BatchWork(3 + 4 + 5, 9 + 16 + 25, 4));
    }

    @Test
    void endsASequenceWithItsRow() {
        Batch rows =
                new Batch(2, 3, new int[] {2, 9, 3, 2, 9, 3}, new int[] {1, 1, 1, 1, 1, 1}, new int[6], new int[6], 6);
        MaskedPositions masked = new MaskedPositions(new int[0], new int[0], new int[0]);

        assertThat(BatchWork.of(List.of(
                                new MaskedBatch(rows, masked, new float[0], new int[0], null, MaskedBatch.Place.END)))
                        .pairs())
                .isEqualTo(9 + 9);
    }
}
