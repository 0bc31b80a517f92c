package dev.changeling.config;

/**
 * How long and on what.
 *
 * @param steps optimizer steps
 * @param seed of every random number in the run
 * @param batchSize rows a step
 * @param deviceBatchSize rows that go through the networks at once, on each CPU thread or on the GPU; divides
 *     {@code batchSize}, the rest is accumulated
 * @param device where to compute
 * @param precision of the multiplications
 * @param threads CPU threads; 0 for as many as OMP_NUM_THREADS says, or else all processors
 */
public record TrainingConfig(
        @Range(min = 1) int steps,
        long seed,
        @Range(min = 1) int batchSize,
        @Range(min = 1) int deviceBatchSize,
        Device device,
        Precision precision,
        @Range(min = 0, max = 1024) int threads) {

    /** Where to compute. */
    public enum Device {
        /** CUDA if there is one, else the CPU. */
        AUTO,
        CPU,
        CUDA
    }

    /** The number format of the multiplications; weights and sums stay in float32. */
    public enum Precision {
        FLOAT32,
        /** bfloat16 autocast; an error where the device has no fast bfloat16. */
        BFLOAT16
    }
}
